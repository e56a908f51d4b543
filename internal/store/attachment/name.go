// Package attachment keeps the sealed files that come with requests in a bucket: a
// directory, or an object store. What is in it is useless to whoever reads it.
//
// A file is kept as it arrived, in segments, and a small object says which segments make
// it up, in order, and how far its SHA-256 has come. So an upload goes on at any hub
// behind the last byte that any hub has stored, no bucket has to be able to append, and
// two uploads of the same file never mix: each names segments that nobody else writes.
package attachment

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/liaison-protocol/liaison/internal/law/resource"
)

// ErrName says that a name is not an attachment's.
var ErrName = errors.New("must be requests/{request}/attachments/{SHA-256}")

// Name names an attachment. Its digest is that of the sealed bytes.
type Name struct {
	Request resource.RequestID
	Digest  [sha256.Size]byte
}

// ParseName reads "requests/{request}/attachments/{SHA-256}".
func ParseName(text string) (Name, error) {
	request, digest, ok := strings.Cut(text, "/attachments/")
	id, err := resource.ParseRequest(request)
	if !ok || err != nil {
		return Name{}, ErrName
	}
	n := Name{Request: id}
	if len(digest) != hex.EncodedLen(len(n.Digest)) || strings.ToLower(digest) != digest {
		return Name{}, ErrName
	}
	if _, err := hex.Decode(n.Digest[:], []byte(digest)); err != nil {
		return Name{}, ErrName
	}
	return n, nil
}

// String returns what ParseName reads.
func (n Name) String() string { return n.Request.String() + "/attachments/" + n.digest() }

func (n Name) digest() string { return hex.EncodeToString(n.Digest[:]) }
