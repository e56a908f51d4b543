package witness

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
)

const (
	// maxRequest bounds the body of a submission: the longest proof, and a checkpoint
	// with as many signatures as a note may have.
	maxRequest = 64 << 10

	// maxProof is the number of hashes that the longest consistency proof has, between
	// trees whose sizes are 63-bit numbers.
	maxProof = 63
)

// request is what a submission says.
type request struct {
	old    int64 // the size that the witness is thought to remember
	proof  tlog.TreeProof
	signed []byte // the checkpoint, a signed note: not yet looked at
}

// body writes the request as it is sent.
func (r request) body() []byte {
	body := fmt.Appendf(nil, "old %d\n", r.old)
	for _, hash := range r.proof {
		body = fmt.Appendf(body, "%s\n", hash)
	}
	body = append(body, '\n')
	return append(body, r.signed...)
}

// parseRequest reads a body. Every request has one body and every body one request:
// what body would write otherwise is refused.
func parseRequest(body []byte) (request, error) {
	header, signed, found := strings.Cut(string(body), "\n\n")
	if !found {
		return request{}, errors.New("no empty line stands before the checkpoint")
	}
	lines := strings.Split(header, "\n")
	size, found := strings.CutPrefix(lines[0], "old ")
	if !found {
		return request{}, errors.New("the first line does not give the old size")
	}
	old, err := parseSize(size)
	if err != nil {
		return request{}, fmt.Errorf("old size: %w", err)
	}
	lines = lines[1:]
	if len(lines) > maxProof {
		return request{}, fmt.Errorf("the proof has more than %d lines", maxProof)
	}
	r := request{old: old, signed: []byte(signed)}
	for i, line := range lines {
		hash, err := base64.StdEncoding.Strict().DecodeString(line)
		// The decoder passes over line ends, so a line may be right and yet not be
		// what the encoder writes.
		if err != nil || len(hash) != tlog.HashSize || len(line) != base64.StdEncoding.EncodedLen(tlog.HashSize) {
			return request{}, fmt.Errorf("line %d of the proof is not the base64 form of a hash", i+1)
		}
		r.proof = append(r.proof, tlog.Hash(hash))
	}
	return r, nil
}

// parseSize reads a tree's size: a decimal number of up to 63 bits, without a sign or
// leading zeros.
func parseSize(text string) (int64, error) {
	size, err := strconv.ParseUint(text, 10, 63)
	if err != nil || strconv.FormatUint(size, 10) != text {
		return 0, errors.New("not a tree's size")
	}
	return int64(size), nil
}

// openNote takes a note apart without checking any signature.
func openNote(signed []byte) (*note.Note, error) {
	_, err := note.Open(signed, note.VerifierList())
	var unverified *note.UnverifiedNoteError
	if !errors.As(err, &unverified) {
		return nil, errors.New("not a signed note")
	}
	return unverified.Note, nil
}

// parseCheckpoint reads a checkpoint's text. Further lines that a ledger may have
// added are let pass, but none that is empty: it would make two readers disagree on
// where the text ends.
func parseCheckpoint(text string) (ledger.Checkpoint, error) {
	var parsed log.Checkpoint
	rest, err := parsed.Unmarshal([]byte(text))
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("not a checkpoint: %w", err)
	}
	if len(parsed.Hash) != tlog.HashSize || parsed.Size > math.MaxInt64 {
		return ledger.Checkpoint{}, errors.New("not a checkpoint: its size or root is none")
	}
	if string(parsed.Marshal())+string(rest) != text || strings.Contains("\n"+string(rest), "\n\n") {
		return ledger.Checkpoint{}, errors.New("not a checkpoint: it is written in another form")
	}
	return ledger.Checkpoint{Origin: parsed.Origin, Size: int64(parsed.Size), Root: tlog.Hash(parsed.Hash)}, nil
}
