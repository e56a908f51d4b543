package scope_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestOneThingHasOneForm: each row is ways to write one thing, the first as the contract
// asks for it; no two rows are one thing.
func TestOneThingHasOneForm(t *testing.T) {
	t.Parallel()
	phone := func(n string) string { return `phone: {number: "` + n + `"}` }
	ip := func(a, rest string) string {
		return `ip_session: {address: "` + a + `", time: "2026-09-02T10:00:00Z", accuracy: 60s` + rest + `}`
	}
	file := func(h string) string { return `file: {sha256: "` + h + `"}` }
	const hash, upper = "9f2c3f6d2d0c7a5f3fd3b6c0a9a1d3f4f51e3cbe34d3a1a76df8bb8f9c0f3c11", "9F2C3F6D2D0C7A5F3FD3B6C0A9A1D3F4F51E3CBE34D3A1A76DF8BB8F9C0F3C11"
	rows := [][]string{
		{phone("+447700900123"), phone("0044 7700 900123"), phone("+44 (0)7700-900.123"), phone("00447700900123"), phone("+٤٤٧٧٠٠٩٠٠١٢٣"), phone("۰۰۴۴ ۷۷۰۰ ۹۰۰۱۲۳")},
		{phone("+447700900124")},
		{phone("07700 900123")}, // of which nobody knows the country
		{`email: {address: "Amal@moc.example"}`, `email: {address: "Amal@MOC.Example"}`},
		{`email: {address: "amal@moc.example"}`},
		{`username: {username: records_demo}`, `username: {username: "@records_demo"}`},
		{`account: {id: "700100200"}`},
		{`account: {id: "a700100200"}`},
		{`account: {id: "A700100200"}`}, // a platform's own ids may differ in this
		{file(hash), file(upper)},
		{ip("2001:db8:4::17", ""), ip("2001:0DB8:0004:0000::0017", "")},
		{ip("2001:db8:4::17", ", port: 40110")},
		{ip("198.51.100.7", ""), ip("::ffff:198.51.100.7", "")},
		{`ip_session: {address: "198.51.100.7", time: "2026-09-02T10:00:01Z", accuracy: 60s}`},
		{`imei: {imei: "490154203237518"}`, `imei: {imei: "49-015420-323751-8"}`},
		{`device: {id: d}`},
		{`platform_report: {id: d}`},
		{`payment: {scheme: btc, reference: d}`},
		{`payment: {scheme: iban, reference: GB33BUKB20201555555555}`},
		{`canary: {hmac_sha256: ` + hash + `, key_id: k, bot: {username: lookup}}`, `canary: {hmac_sha256: ` + upper + `, key_id: k, bot: {username: "@lookup"}}`},
		{`canary: {hmac_sha256: ` + hash + `, key_id: l, bot: {username: lookup}}`},
		{`channel: {username: records_dump_77}`, `channel: {username: "@records_dump_77"}`},
		{`group: {username: records_dump_77}`},
		{`bot: {username: lookup}`, `bot: {username: "@lookup"}`},
		{`messages: {group: {id: g}, range: {first_id: 4181, last_id: 4183}}`},
		{`messages: {channel: {id: g}, range: {first_id: 4181, last_id: 4183}}`},
		{`messages: {group: {id: g}, ids: [4181, 4183]}`},
		{`platform_defined: {type: t, value: d}`},
		{`url: {uri: "https://files.filehost.example/d/Zk3"}`},
		{`url: {uri: "https://files.filehost.example/d/zk3"}`},
		{`invite_link: {uri: "https://files.filehost.example/d/Zk3"}`},
	}
	seen := make(map[string]int)
	for i, row := range rows {
		var normal *liaisonv1.Selector
		for j, text := range row {
			s := read(t, "{id: a, necessity: n, "+text+"}", &liaisonv1.Selector{})
			if wasNormal := scope.Normal([]*liaisonv1.Selector{s}); wasNormal != (j == 0) {
				t.Errorf("%s is normal: %v", text, wasNormal)
			}
			forms := scope.Denotes(s)
			scope.Normalise([]*liaisonv1.Selector{s})
			if j == 0 {
				normal = s
			} else if !proto.Equal(s, normal) {
				t.Errorf("%s is normalised to %v", text, s)
			}
			if again := scope.Denotes(s); !slices.Equal(again, forms) || len(forms) != 1 {
				t.Errorf("%s has the forms %q, and %q once it is normalised", text, forms, again)
			}
			for _, form := range forms {
				if other, ok := seen[form]; ok && other != i {
					t.Errorf("%s and %s are one", text, rows[other][0])
				}
				seen[form] = i
			}
		}
		if len(scope.Denotes(normal)) != 1 || seen[scope.Denotes(normal)[0]] != i {
			t.Errorf("%s: its ways of writing are not one", row[0])
		}
	}
}

// TestWhatIsComparedBeyondTheForm: what the contract takes as it is, and is one all the same.
func TestWhatIsComparedBeyondTheForm(t *testing.T) {
	t.Parallel()
	denotes := func(text string) []string {
		return scope.Denotes(read(t, "{id: a, necessity: n, "+text+"}", &liaisonv1.Selector{}))
	}
	for _, pair := range [][2]string{
		{`username: {username: Records_Demo}`, `username: {username: records_demo}`},
		{`url: {uri: "HTTPS://Files.Filehost.example:443/d/Zk3#page"}`, `url: {uri: "https://files.filehost.example/d/Zk3"}`},
		{`url: {uri: "http://filehost.example"}`, `url: {uri: "http://filehost.example:80/"}`},
		{`payment: {scheme: iban, reference: "gb33 BUKB 2020 1555 5555 55"}`, `payment: {scheme: iban, reference: GB33BUKB20201555555555}`},
		{`messages: {group: {id: g}, ids: [5, 3, 4]}`, `messages: {group: {id: g}, range: {first_id: 3, last_id: 5}}`},
		{`ip_session: {address: "198.51.100.7", time: "2026-09-02T10:00:00.5Z", accuracy: 1s, protocol: TRANSPORT_PROTOCOL_TCP}`, `ip_session: {address: "198.51.100.7", time: "2026-09-02T10:00:00Z", accuracy: 60s}`},
	} {
		if a, b := denotes(pair[0]), denotes(pair[1]); !slices.Equal(a, b) {
			t.Errorf("%s and %s are not one: %q, %q", pair[0], pair[1], a, b)
		}
	}
	// A chat is known by its number and by its name, and whoever has one of them finds it.
	both := denotes(`channel: {id: "-1001777000123", username: records_dump_77}`)
	for _, one := range []string{`channel: {id: "-1001777000123"}`, `channel: {username: Records_dump_77, member_count: 41000}`} {
		if forms := denotes(one); len(both) != 2 || len(forms) != 1 || !slices.Contains(both, forms[0]) {
			t.Errorf("%s is not found by %q", one, both)
		}
	}
	if forms := scope.Denotes(&liaisonv1.Selector{}); forms != nil {
		t.Errorf("what denotes nothing has the forms %q", forms)
	}
	scope.Normalise([]*liaisonv1.Selector{nil, {}})
}

// FuzzForms: whatever is written, its form is its own form, and normalising never makes two
// things one or one thing two.
func FuzzForms(f *testing.F) {
	for _, seed := range []string{
		"+447700900123", "0044 7700 900123", "(0)(0)0(0)0", "@@a", "a@B@C", "2001:DB8::1%eth0", "::ffff:198.51.100.7",
		"HTTPS://A.example:443:443/%7e?q#f", "http://a:80", "HTTP://[::1]:80", "//x", "49-015", "٠٠٤٤", "\xff", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, make := range []func() *liaisonv1.Selector{
			func() *liaisonv1.Selector {
				return &liaisonv1.Selector{Target: &liaisonv1.Selector_Phone{Phone: &liaisonv1.PhoneSelector{Number: text}}}
			},
			func() *liaisonv1.Selector {
				return &liaisonv1.Selector{Target: &liaisonv1.Selector_Email{Email: &liaisonv1.EmailSelector{Address: text}}}
			},
			func() *liaisonv1.Selector {
				return &liaisonv1.Selector{Target: &liaisonv1.Selector_Username{Username: &liaisonv1.UsernameSelector{Username: text}}}
			},
			func() *liaisonv1.Selector {
				return &liaisonv1.Selector{Target: &liaisonv1.Selector_IpSession{IpSession: &liaisonv1.IpSessionSelector{Address: text}}}
			},
			func() *liaisonv1.Selector {
				return &liaisonv1.Selector{Target: &liaisonv1.Selector_Url{Url: &liaisonv1.LinkSelector{Uri: text}}}
			},
			func() *liaisonv1.Selector {
				return &liaisonv1.Selector{Target: &liaisonv1.Selector_Imei{Imei: &liaisonv1.ImeiSelector{Imei: text}}}
			},
		} {
			s := make()
			before := scope.Denotes(s)
			scope.Normalise([]*liaisonv1.Selector{s})
			if !scope.Normal([]*liaisonv1.Selector{s}) {
				t.Errorf("what was normalised is not normal: %v", s)
			}
			if after := scope.Denotes(s); !slices.Equal(before, after) {
				t.Errorf("normalising made %q of %q", after, before)
			}
		}
	})
}
