package identity_test

import (
	"regexp"
	"testing"

	"github.com/liaison-protocol/liaison/internal/proof/identity"
)

var strict = regexp.MustCompile(`^spiffe://[a-z0-9._-]+/(officer|approver|agent|reviewer|auditor|operator|hub)/[a-z0-9][a-z0-9._-]{0,62}$`)

var ids = []struct {
	text string
	good bool
}{
	{"spiffe://moc.example/officer/amal.hassan", true},
	{"spiffe://hub.example/hub/a-1_b", true},
	{"", false},
	{"moc.example/officer/x", false},
	{"https://moc.example/officer/x", false},
	{"spiffe://moc.example", false},
	{"spiffe://moc.example/officer", false},
	{"spiffe://moc.example/officer/", false},
	{"spiffe://moc.example/officer/x/y", false},
	{"spiffe://moc.example//officer/x", false},
	{"spiffe://moc.example/officer/../operator/x", false},
	{"spiffe://moc.example/officer/./x", false},
	{"spiffe://moc.example/Officer/x", false},
	{"spiffe://moc.example/boss/x", false},
	{"spiffe://MOC.example/officer/x", false},
	{"spiffe://moc.example:443/officer/x", false},
	{"spiffe://user@moc.example/officer/x", false},
	{"spiffe://moc.example/officer/x?y", false},
	{"spiffe://moc.example/officer/x#y", false},
	{"spiffe://moc.example/officer/%78", false},
	{"spiffe://moc.example/officer/X", false},
	{"spiffe://moc.example/officer/-x", false},
	{"spiffe://moc.example/officer/x\x00", false},
}

func TestAnIDIsTakenExactlyOrNotAtAll(t *testing.T) {
	for _, test := range ids {
		t.Run(test.text, func(t *testing.T) {
			caller, err := identity.ParseID(test.text)
			if (err == nil) != test.good {
				t.Fatalf("taken: %v", err)
			}
			if test.good && caller.String() != test.text {
				t.Errorf("it became %s", caller)
			}
		})
	}
}

func TestAPersonIsOneInEveryRole(t *testing.T) {
	officer := must(identity.ParseID("spiffe://moc.example/officer/amal"))
	approver := must(identity.ParseID("spiffe://moc.example/approver/amal"))
	namesake := must(identity.ParseID("spiffe://dpo.example/approver/amal"))
	if officer.Person() != approver.Person() {
		t.Error("two certificates made two people of one")
	}
	if officer.Person() == namesake.Person() {
		t.Error("two people of two organisations became one")
	}
}

func FuzzParseID(f *testing.F) {
	for _, test := range ids {
		f.Add(test.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		caller, err := identity.ParseID(text)
		if err == nil && (caller.String() != text || !strict.MatchString(text)) {
			t.Errorf("%q was taken for %s", text, caller)
		}
	})
}
