package server

import (
	"errors"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/wire"
)

// FuzzPageToken holds the parser to this: a token is refused, or it is exactly the
// one that would be given out for what it says.
func FuzzPageToken(f *testing.F) {
	token := pageToken{listing: [listingSize]byte{1, 2, 3}}
	f.Add("")
	f.Add(token.format(1))
	f.Add(token.format(1 << 62))
	f.Add("AAAA")
	f.Add(pageToken{}.format(7))
	f.Fuzz(func(t *testing.T, text string) {
		after, err := token.parse(text)
		switch {
		case err != nil:
			if !errors.Is(err, wire.ErrPageToken) || after != resource.Seq(0) {
				t.Errorf("refused with %v and %d", err, after)
			}
		case text != "" && token.format(after) != text:
			t.Errorf("%q was taken for %d, whose token is %q", text, after, token.format(after))
		}
	})
}
