package ledger_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
)

func change() ledger.DirectoryLeaf {
	restricted := ledger.Digest(make([]byte, ledger.SaltSize), []byte("restricted"))
	return ledger.DirectoryLeaf{
		Sequence: 7, Time: time.Date(2026, 11, 23, 9, 0, 7, 1000, time.UTC), Name: "authorities/moc", Type: "registered",
		Actor: "spiffe://hub.example/operator/ops", Second: "spiffe://dpa.example/operator/second", Index: 3,
		Public: ledger.Digest(make([]byte, ledger.SaltSize), []byte("public")), Restricted: &restricted,
	}
}

func TestALeafOfTheDirectoryHasOneText(t *testing.T) {
	whole := change()
	alone := change()
	alone.Second, alone.Restricted = "", nil
	for _, l := range []ledger.DirectoryLeaf{whole, alone} {
		if parsed, err := ledger.ParseDirectoryLeaf(l.String()); err != nil || !reflect.DeepEqual(parsed, l) {
			t.Fatalf("it reads as %+v, %v", parsed, err)
		}
	}
	for _, name := range []string{"hub", "authorities/moc", "platforms/messenger", "oversight/court", "countries/iq", "law/eu-epo"} {
		l := change()
		l.Name = name
		if _, err := ledger.ParseDirectoryLeaf(l.String()); err != nil {
			t.Errorf("%s has no leaf: %v", name, err)
		}
	}
	text := whole.String()
	for name, other := range map[string]string{
		"nothing":                           "",
		"an event's form":                   strings.Replace(text, "directory", "event", 1),
		"no last line end":                  strings.TrimSuffix(text, "\n"),
		"another line":                      text + "\n",
		"no number":                         strings.Replace(text, "\n7\n", "\n0\n", 1),
		"no place in the feed":              strings.Replace(text, "\n3\n", "\n0\n", 1),
		"a place with a zero before it":     strings.Replace(text, "\n3\n", "\n03\n", 1),
		"nobody's entry":                    strings.Replace(text, "authorities/moc", "requests/moc", 1),
		"no entry at all":                   strings.Replace(text, "authorities/moc", "-", 1),
		"a type of other letters":           strings.Replace(text, "registered", "Registered", 1),
		"no actor":                          strings.Replace(text, "spiffe://hub.example/operator/ops", "-", 1),
		"a second who is nobody":            strings.Replace(text, "spiffe://dpa.example", "https://dpa.example", 1),
		"a second left out":                 strings.Replace(text, "spiffe://dpa.example/operator/second", "", 1),
		"the actor as the second":           strings.Replace(text, "spiffe://dpa.example/operator/second", "spiffe://hub.example/operator/ops", 1),
		"no public part":                    strings.Replace(alone.String(), text[len(text)-130:len(text)-66], "-", 1),
		"a restricted part of another size": text[:len(text)-3] + "\n",
		"an upper-case digest":              text[:len(text)-65] + strings.ToUpper(text[len(text)-65:]),
	} {
		t.Run(name, func(t *testing.T) {
			if other == text || other == alone.String() {
				t.Fatal("nothing was changed")
			}
			if _, err := ledger.ParseDirectoryLeaf(other); !errors.Is(err, ledger.ErrLeaf) {
				t.Errorf("it is taken: %v", err)
			}
		})
	}
}

func FuzzParseDirectoryLeaf(f *testing.F) {
	f.Add(change().String())
	f.Add("liaison directory v1\n\n\n\n\n\n\n\n\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		if l, err := ledger.ParseDirectoryLeaf(text); err == nil && l.String() != text {
			t.Errorf("it reads as a leaf whose text is another: %q", l.String())
		}
	})
}
