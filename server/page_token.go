package server

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/office/wire"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// pageToken reads and writes the tokens of one listing. A token says behind what
// the next page begins, and for which listing that is: one that comes back with
// another filter, order or caller would silently skip and repeat. It grants
// nothing: what a page shows is decided by who asks, each time.
type pageToken struct {
	listing [listingSize]byte
}

const (
	listingSize = 8
	tokenSize   = listingSize + 8
)

// listingOf identifies a listing: everything that must stay the same from page to
// page, which is all but the size and the token.
func listingOf(party resource.Organisation, in *liaisonv1.ListRequestsRequest) [listingSize]byte {
	return listing(party, &liaisonv1.ListRequestsRequest{Filter: in.GetFilter(), Order: in.GetOrder()})
}

// listing identifies a listing by what stays the same in it.
func listing(party resource.Organisation, same proto.Message) [listingSize]byte {
	// A message of the contract that came off the wire can always be encoded.
	body, _ := proto.MarshalOptions{Deterministic: true}.Marshal(same)
	hash := sha256.Sum256(append([]byte(party.String()+"\x00"), body...))
	return [listingSize]byte(hash[:])
}

// format returns the token for what comes behind a sequence number.
func (t pageToken) format(after resource.Seq) string {
	raw := binary.BigEndian.AppendUint64(t.listing[:], uint64(after))
	return base64.RawURLEncoding.EncodeToString(raw)
}

// parse returns the sequence number that the page begins behind; zero for no token.
func (t pageToken) parse(token string) (resource.Seq, error) {
	if token == "" {
		return 0, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != tokenSize || [listingSize]byte(raw[:listingSize]) != t.listing {
		return 0, wire.ErrPageToken
	}
	after := binary.BigEndian.Uint64(raw[listingSize:])
	if after == 0 || after > math.MaxInt64 {
		return 0, wire.ErrPageToken
	}
	return resource.Seq(after), nil
}
