package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// directoryVersion is the first line of a leaf of the directory.
const directoryVersion = "liaison directory v1"

// none stands in a leaf for what there is not.
const none = "-"

// DirectoryLeaf is what the ledger keeps for ever of a change of the directory: who changed
// whose entry when, and digests of what the entry then says. It takes a number of the same
// order as all events, and is in no party's feed but in the one of the directory.
type DirectoryLeaf struct {
	Sequence uint64
	Time     time.Time // to the microsecond
	Name     string    // whose entry: "authorities/x", "law/eu-epo", "hub"
	Type     string    // what happened, in lower case: "genesis"
	Actor    string    // a SPIFFE ID
	Second   string    // who accepted what the actor proposed: a SPIFFE ID; empty if nobody had to
	Index    uint64    // its place in the feed of the directory, from 1 on and without gaps

	Public     [sha256.Size]byte  // of salt and public part, which everybody may read
	Restricted *[sha256.Size]byte // of salt and restricted part; nil if there is none
}

// String returns the leaf's text, which is what the tree hashes.
func (l DirectoryLeaf) String() string {
	text := make([]byte, 0, 512)
	text = append(append(text, directoryVersion...), '\n')
	text = append(strconv.AppendUint(text, l.Sequence, 10), '\n')
	text = append(l.Time.UTC().AppendFormat(text, timeFormat), '\n')
	for _, line := range [...]string{l.Name, l.Type, l.Actor, orNone(l.Second)} {
		text = append(append(text, line...), '\n')
	}
	text = append(strconv.AppendUint(text, l.Index, 10), '\n')
	text = append(hex.AppendEncode(text, l.Public[:]), '\n')
	if l.Restricted == nil {
		return string(append(text, none+"\n"...))
	}
	return string(append(hex.AppendEncode(text, l.Restricted[:]), '\n'))
}

func orNone(text string) string {
	if text == "" {
		return none
	}
	return text
}

// Hash returns the leaf's hash in the tree.
func (l DirectoryLeaf) Hash() tlog.Hash { return HashOf(l.String()) }

var entryNames = regexp.MustCompile(`^(hub|(authorities|platforms|oversight|countries|law)/[a-z][a-z0-9-]{0,62})$`)

// ParseDirectoryLeaf reads the text of a leaf of the directory, of which there is one for
// every leaf.
func ParseDirectoryLeaf(text string) (DirectoryLeaf, error) {
	r, err := linesOf(text, directoryVersion)
	if err != nil {
		return DirectoryLeaf{}, err
	}
	l := DirectoryLeaf{
		Sequence: r.number(1), Time: r.time(2), Name: r.lines[3], Type: r.lines[4], Actor: r.lines[5],
		Index: r.number(7), Public: r.digest(8),
	}
	if r.lines[6] != none {
		l.Second = r.lines[6]
	}
	if r.lines[9] != none {
		restricted := r.digest(9)
		l.Restricted = &restricted
	}
	if err := errors.Join(r.faults...); err != nil {
		return DirectoryLeaf{}, fmt.Errorf("%w: %w", ErrLeaf, err)
	}
	switch {
	case l.Sequence == 0 || l.Index == 0:
		return DirectoryLeaf{}, fmt.Errorf("%w: it has no sequence number, or no place in the feed", ErrLeaf)
	case !entryNames.MatchString(l.Name) || !typeNames.MatchString(l.Type) || !actorNames.MatchString(l.Actor):
		return DirectoryLeaf{}, fmt.Errorf("%w: its name, type or actor is none", ErrLeaf)
	case l.Second != "" && (!actorNames.MatchString(l.Second) || l.Second == l.Actor):
		return DirectoryLeaf{}, fmt.Errorf("%w: its second actor is none, or the first", ErrLeaf)
	case l.String() != text:
		return DirectoryLeaf{}, fmt.Errorf("%w: it is written in another form", ErrLeaf)
	}
	return l, nil
}
