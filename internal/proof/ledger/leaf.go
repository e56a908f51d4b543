// Package ledger is the hub's tamper-evident memory: a Merkle tree after RFC 6962 with
// one leaf for each event, and signed checkpoints that say how far it has grown.
// docs/ledger.md has the formats for everybody who wants to check a hub without this
// code.
//
// The package is pure: it hashes, proves and checks. What the hub has stored it
// reads through a [tlog.HashReader]; what it makes the hub stores. The tree is
// golang.org/x/mod/sumdb/tlog's, checkpoints are C2SP signed notes.
package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// SaltSize is the number of random bytes that are hashed before a body.
const SaltSize = 32

// leafVersion is the first line of a leaf.
const leafVersion = "liaison event v1"

// timeFormat writes times to the microsecond, in UTC, always as long.
const timeFormat = "2006-01-02T15:04:05.000000Z"

// ErrLeaf is wrapped by whatever is wrong with a leaf's text.
var ErrLeaf = errors.New("not a leaf")

// Leaf is what the ledger keeps of an event for ever: who did what when, where the
// event stands in either party's feed, and a digest of what it says. It shows nothing
// of the content, and once the salt is deleted nobody can test a guess at it.
type Leaf struct {
	Sequence uint64
	Time     time.Time // to the microsecond
	Request  string    // "requests/{uuid}"
	Type     string    // the event's detail in lower case, "filed"
	Actor    string    // a SPIFFE ID

	// AuthorityIndex and PlatformIndex number the events of either party's feed, from
	// 1 and without gaps; zero if the event is not in that feed.
	AuthorityIndex uint64
	PlatformIndex  uint64

	// ReviewerIndex is the same for the feed of the reviewer that the request names.
	ReviewerIndex uint64

	Digest [sha256.Size]byte // of salt and body
}

// Digest returns the digest of a body: SHA-256 of the salt followed by the body. Salts
// are all of one length, so that nothing can be shifted between the two.
func Digest(salt, body []byte) [sha256.Size]byte {
	hash := sha256.New()
	hash.Write(salt)
	hash.Write(body)
	return [sha256.Size]byte(hash.Sum(nil))
}

// String returns the leaf's text, which is what the tree hashes.
func (l Leaf) String() string {
	text := make([]byte, 0, 384) // longer than most
	text = append(append(text, leafVersion...), '\n')
	text = append(strconv.AppendUint(text, l.Sequence, 10), '\n')
	text = append(l.Time.UTC().AppendFormat(text, timeFormat), '\n')
	for _, line := range [...]string{l.Request, l.Type, l.Actor} {
		text = append(append(text, line...), '\n')
	}
	for _, index := range [...]uint64{l.AuthorityIndex, l.PlatformIndex, l.ReviewerIndex} {
		text = append(strconv.AppendUint(text, index, 10), '\n')
	}
	return string(append(hex.AppendEncode(text, l.Digest[:]), '\n'))
}

// Hash returns the leaf's hash in the tree.
func (l Leaf) Hash() tlog.Hash { return HashOf(l.String()) }

// HashOf returns the hash in the tree of a leaf with this text.
func HashOf(leaf string) tlog.Hash { return tlog.RecordHash([]byte(leaf)) }

var (
	requestNames = regexp.MustCompile(`^requests/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	typeNames    = regexp.MustCompile(`^[a-z_]{1,64}$`)
	actorNames   = regexp.MustCompile(`^spiffe://[!-~]+$`)
)

// ParseLeaf reads the text of an event's leaf. Every leaf has one text and every text one
// leaf: what would be written otherwise is refused.
func ParseLeaf(text string) (Leaf, error) {
	r, err := linesOf(text, leafVersion)
	if err != nil {
		return Leaf{}, err
	}
	l := Leaf{
		Sequence: r.number(1), Time: r.time(2), Request: r.lines[3], Type: r.lines[4], Actor: r.lines[5],
		AuthorityIndex: r.number(6), PlatformIndex: r.number(7), ReviewerIndex: r.number(8), Digest: r.digest(9),
	}
	if err := errors.Join(r.faults...); err != nil {
		return Leaf{}, fmt.Errorf("%w: %w", ErrLeaf, err)
	}
	switch {
	case l.Sequence == 0:
		return Leaf{}, fmt.Errorf("%w: it has no sequence number", ErrLeaf)
	case !requestNames.MatchString(l.Request) || !typeNames.MatchString(l.Type) || !actorNames.MatchString(l.Actor):
		return Leaf{}, fmt.Errorf("%w: its request, type or actor is none", ErrLeaf)
	case l.String() != text:
		return Leaf{}, fmt.Errorf("%w: it is written in another form", ErrLeaf)
	}
	return l, nil
}

// leafLines is how many lines a leaf has, of whatever form.
const leafLines = 10

// lineReader reads a leaf's lines, and collects what is wrong with them.
type lineReader struct {
	lines  []string
	faults []error
}

// linesOf returns the lines of a leaf of a form.
func linesOf(text, version string) (*lineReader, error) {
	lines := strings.Split(text, "\n")
	if lines[0] != version || len(lines) != leafLines+1 || lines[leafLines] != "" {
		return nil, fmt.Errorf("%w: it is not %d lines of which the first is %q", ErrLeaf, leafLines, version)
	}
	return &lineReader{lines: lines}, nil
}

func (r *lineReader) number(line int) uint64 {
	n, err := strconv.ParseUint(r.lines[line], 10, 63)
	r.faults = append(r.faults, err)
	return n
}

func (r *lineReader) time(line int) time.Time {
	at, err := time.Parse(timeFormat, r.lines[line])
	r.faults = append(r.faults, err)
	return at
}

func (r *lineReader) digest(line int) (digest [sha256.Size]byte) {
	read, err := hex.DecodeString(r.lines[line])
	if err == nil && len(read) != len(digest) {
		err = errors.New("the digest has another length")
	}
	r.faults = append(r.faults, err)
	copy(digest[:], read)
	return digest
}
