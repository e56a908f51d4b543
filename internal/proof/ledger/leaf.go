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

// The first line of a leaf: that of an event in a reviewer's feed has one line more.
const (
	leafVersion         = "liaison event v1"
	reviewedLeafVersion = "liaison event v2"
)

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
	version := leafVersion
	if l.ReviewerIndex != 0 {
		version = reviewedLeafVersion
	}
	text := make([]byte, 0, 384) // longer than most
	text = append(append(text, version...), '\n')
	text = append(strconv.AppendUint(text, l.Sequence, 10), '\n')
	text = append(l.Time.UTC().AppendFormat(text, timeFormat), '\n')
	for _, line := range [...]string{l.Request, l.Type, l.Actor} {
		text = append(append(text, line...), '\n')
	}
	text = append(strconv.AppendUint(text, l.AuthorityIndex, 10), '\n')
	text = append(strconv.AppendUint(text, l.PlatformIndex, 10), '\n')
	if l.ReviewerIndex != 0 {
		text = append(strconv.AppendUint(text, l.ReviewerIndex, 10), '\n')
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

// ParseLeaf reads a leaf's text. Every leaf has one text and every text one leaf: what
// would be written otherwise is refused.
func ParseLeaf(text string) (Leaf, error) {
	lines := strings.Split(text, "\n")
	reviewed := lines[0] == reviewedLeafVersion
	switch {
	case lines[0] == leafVersion && len(lines) == 10 && lines[9] == "":
	case reviewed && len(lines) == 11 && lines[10] == "":
	default:
		return Leaf{}, fmt.Errorf("%w: it is not nine lines of which the first is %q, or ten of %q", ErrLeaf, leafVersion, reviewedLeafVersion)
	}
	l := Leaf{Request: lines[3], Type: lines[4], Actor: lines[5]}
	var err error
	var faults []error
	number := func(into *uint64, line string) {
		var err error
		*into, err = strconv.ParseUint(line, 10, 63)
		faults = append(faults, err)
	}
	number(&l.Sequence, lines[1])
	number(&l.AuthorityIndex, lines[6])
	number(&l.PlatformIndex, lines[7])
	digestLine := lines[8]
	if reviewed {
		number(&l.ReviewerIndex, lines[8])
		digestLine = lines[9]
	}
	l.Time, err = time.Parse(timeFormat, lines[2])
	faults = append(faults, err)
	digest, err := hex.DecodeString(digestLine)
	if err == nil && len(digest) != len(l.Digest) {
		err = errors.New("the digest has another length")
	}
	copy(l.Digest[:], digest)
	if err := errors.Join(append(faults, err)...); err != nil {
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
