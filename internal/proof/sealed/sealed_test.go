package sealed_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/liaison-protocol/liaison/internal/proof/sealed"
)

// keys makes a key of either kind.
func keys(t testing.TB, hybrid bool) (keys sealed.Keys, recipient, secret string) {
	t.Helper()
	if hybrid {
		var err error
		if secret, recipient, err = sealed.NewKey(); err != nil {
			t.Fatal(err)
		}
	} else {
		identity, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		secret, recipient = identity.String(), identity.Recipient().String()
	}
	keys, err := sealed.ParseKeys(secret)
	if err != nil {
		t.Fatal(err)
	}
	return keys, recipient, secret
}

func TestWhatIsSealedOpensForEachRecipientAndNobodyElse(t *testing.T) {
	content := []byte("who it was: +447700900200")
	for name, hybrid := range map[string]bool{"hybrid": true, "X25519": false} {
		t.Run(name, func(t *testing.T) {
			first, one, _ := keys(t, hybrid)
			second, two, _ := keys(t, hybrid)
			stranger, _, _ := keys(t, hybrid)
			box, err := sealed.Seal(content, []string{one, two})
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(box, content[:10]) {
				t.Error("the content shows")
			}
			for _, k := range []sealed.Keys{first, second} {
				opened, err := sealed.Open(box, k, len(content))
				if err != nil || !bytes.Equal(opened, content) {
					t.Errorf("a recipient reads %q: %v", opened, err)
				}
			}
			if _, err := sealed.Open(box, stranger, 1000); !errors.Is(err, sealed.ErrNotForUs) {
				t.Errorf("a stranger: %v", err)
			}
			if _, err := sealed.Open(box, first, len(content)-1); !errors.Is(err, sealed.ErrTooLarge) {
				t.Errorf("more than was asked for: %v", err)
			}
			if _, err := sealed.Open(box, sealed.Keys{}, 1000); !errors.Is(err, sealed.ErrKeys) {
				t.Errorf("without keys: %v", err)
			}
		})
	}
}

// TestNothingThatWasChangedOpens changes each byte, and cuts at each place.
func TestNothingThatWasChangedOpens(t *testing.T) {
	own, recipient, _ := keys(t, false)
	content := []byte("+447700900200")
	box, err := sealed.Seal(content, []string{recipient})
	if err != nil {
		t.Fatal(err)
	}
	for i := range box {
		changed := bytes.Clone(box)
		changed[i] ^= 1
		if opened, err := sealed.Open(changed, own, 1000); err == nil {
			t.Fatalf("with byte %d changed it opens as %q", i, opened)
		} else if strings.Contains(err.Error(), "7700") {
			t.Fatalf("the error quotes what was sealed: %v", err)
		}
		if _, err := sealed.Open(box[:i], own, 1000); err == nil {
			t.Fatalf("the first %d bytes open", i)
		}
	}
	if _, err := sealed.Open(append(bytes.Clone(box), 0), own, 1000); !errors.Is(err, sealed.ErrDamaged) {
		t.Errorf("with something behind it: %v", err)
	}
}

func TestRecipients(t *testing.T) {
	_, hybrid, _ := keys(t, true)
	_, x25519, secret := keys(t, false)
	flipped := func(s string) string {
		last := "q"
		if strings.HasSuffix(s, "q") {
			last = "p"
		}
		return s[:len(s)-1] + last
	}
	for _, test := range []struct {
		name       string
		recipients []string
		good       bool
	}{
		{"hybrid", []string{hybrid}, true},
		{"X25519", []string{x25519}, true},
		{"none", nil, false},
		{"of two kinds", []string{hybrid, x25519}, false},
		{"of two kinds, the other way round", []string{x25519, hybrid}, false},
		{"with a wrong checksum", []string{flipped(x25519)}, false},
		{"hybrid with a wrong checksum", []string{flipped(hybrid)}, false},
		{"a secret key", []string{secret}, false},
		{"an SSH key", []string{"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA=="}, false},
		{"an empty one", []string{""}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := sealed.CheckRecipients(test.recipients)
			if (err == nil) != test.good || err != nil && !errors.Is(err, sealed.ErrRecipients) {
				t.Errorf("got %v, wanted it taken: %t", err, test.good)
			}
			if _, sealing := sealed.Seal([]byte("x"), test.recipients); (sealing == nil) != test.good {
				t.Errorf("sealing ends with %v", sealing)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("the error quotes a secret key")
			}
		})
	}
}

func TestKeys(t *testing.T) {
	_, hybrid, one := keys(t, true)
	_, x25519, two := keys(t, false)
	parsed, err := sealed.ParseKeys("# created: 2026-11-23\n# public key: x\n" + one + "\n\n  " + two + "\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := parsed.Recipients(); len(got) != 2 || got[0] != hybrid || got[1] != x25519 {
		t.Errorf("the recipients are others")
	}
	for name, text := range map[string]string{
		"nothing": "", "comments alone": "# public key: x\n", "a recipient": hybrid, "half a key": one[:len(one)-2], "a key and more": one + " x",
	} {
		if _, err := sealed.ParseKeys(text); !errors.Is(err, sealed.ErrKeys) || strings.Contains(err.Error(), "AGE-SECRET") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	own, recipient, _ := keys(f, false)
	box, err := sealed.Seal([]byte("x"), []string{recipient})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(box)
	f.Add([]byte("age-encryption.org/v1\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		opened, err := sealed.Open(text, own, 1000)
		if err == nil && !bytes.Equal(text, box) {
			t.Errorf("what nobody sealed opens as %q", opened)
		}
	})
}

func FuzzParseKeys(f *testing.F) {
	_, _, secret := keys(f, true)
	f.Add(secret)
	f.Add("# x\nAGE-SECRET-KEY-1QQ")
	f.Fuzz(func(t *testing.T, text string) {
		if parsed, err := sealed.ParseKeys(text); err == nil && parsed.IsZero() {
			t.Error("a file without keys is taken")
		}
	})
}
