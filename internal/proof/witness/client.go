package witness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	// maxAnswer bounds what is read of a witness's answer: some cosignatures.
	maxAnswer = 16 << 10

	// answerTime is how long a witness has to answer a client that brings no HTTP
	// client of its own.
	answerTime = 10 * time.Second
)

// patient is what a Client without an HTTP client uses. It follows no redirects: a
// witness is where its URL says, and who is sent elsewhere should be told.
var patient = &http.Client{
	Timeout:       answerTime,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// Client submits a ledger's checkpoints to one witness. It remembers nothing: which
// size the witness last cosigned is the caller's to keep. It is safe for concurrent
// use.
type Client struct {
	// URL is the witness's submission prefix: what stands before /add-checkpoint.
	URL string

	// Verifier is the witness's key, as ledger.ParseWitness reads it.
	Verifier note.Verifier

	// HTTP makes the calls; nil for one that waits ten seconds and follows no
	// redirects.
	HTTP *http.Client
}

// Submit asks the witness to cosign a checkpoint, and returns the signed checkpoint
// with the witness's cosignature as its last line, after checking that it is one. An
// older cosignature of this witness is replaced, all other signatures stay.
//
// The old size is that of the checkpoint which the witness cosigned last, zero if none,
// and the proof is that the tree of that size is the beginning of the checkpoint's; it
// is empty if the old size is zero or the checkpoint's own. A caller that does not know
// the old size gives zero and learns it from the error.
//
// The error wraps a [*ConflictError] if the witness remembers another size than the old
// one: with a proof from that size, another try may succeed. It is [ErrInconsistent] if
// the witness holds the checkpoint against what it remembers: no other try of the same
// will succeed. Whatever else goes wrong, on the way or with the answer, may pass: the
// same submission can be made again at any time.
func (c *Client) Submit(ctx context.Context, oldSize int64, proof tlog.TreeProof, signed []byte) (cosigned []byte, err error) {
	opened, err := openNote(signed)
	if err != nil {
		return nil, fmt.Errorf("submit a checkpoint: %w", err)
	}
	checkpoint, err := parseCheckpoint(opened.Text)
	if err != nil {
		return nil, fmt.Errorf("submit a checkpoint: %w", err)
	}
	needsProof := oldSize > 0 && oldSize < checkpoint.Size
	if oldSize < 0 || oldSize > checkpoint.Size || len(proof) > maxProof || needsProof != (len(proof) > 0) {
		return nil, fmt.Errorf("submit a checkpoint: size %d does not follow size %d with %d hashes of proof",
			checkpoint.Size, oldSize, len(proof))
	}
	status, kind, answer, err := c.post(ctx, request{old: oldSize, proof: proof, signed: signed}.body())
	if err != nil {
		return nil, fmt.Errorf("submit a checkpoint to %s: %w", c.URL, err)
	}
	switch status {
	case http.StatusOK:
		cosignature, err := c.check(opened.Text, answer)
		if err != nil {
			return nil, fmt.Errorf("submit a checkpoint to %s: %w", c.URL, err)
		}
		return assemble(opened.Text, append(without(opened.UnverifiedSigs, c.Verifier), cosignature))
	case http.StatusConflict:
		return nil, fmt.Errorf("submit a checkpoint to %s: %w", c.URL, conflict(oldSize, checkpoint.Size, kind, answer))
	case http.StatusUnprocessableEntity:
		return nil, fmt.Errorf("submit a checkpoint to %s: %w", c.URL, ErrInconsistent)
	default:
		return nil, fmt.Errorf("submit a checkpoint to %s: it answers with status %d", c.URL, status)
	}
}

// post sends a submission and returns the answer's status, media type and body.
func (c *Client) post(ctx context.Context, body []byte) (status int, kind string, answer []byte, err error) {
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(c.URL, "/")+addPath, bytes.NewReader(body))
	if err != nil {
		return 0, "", nil, err
	}
	post.Header.Set("Content-Type", "text/plain; charset=utf-8")
	caller := c.HTTP
	if caller == nil {
		caller = patient
	}
	response, err := caller.Do(post)
	if err != nil {
		return 0, "", nil, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return 0, "", nil, fmt.Errorf("read the answer: %w", err)
	}
	if len(answer) > maxAnswer {
		return 0, "", nil, fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	}
	kind, _, _ = mime.ParseMediaType(response.Header.Get("Content-Type")) // what cannot be read is no kind
	return response.StatusCode, kind, answer, nil
}

// check returns the witness's cosignature of a checkpoint's text. Other signatures in
// the answer are passed over.
func (c *Client) check(text string, answer []byte) (note.Signature, error) {
	opened, err := note.Open([]byte(text+"\n"+string(answer)), note.VerifierList(c.Verifier))
	if err != nil {
		return note.Signature{}, fmt.Errorf("the answer is not a good cosignature: %w", err)
	}
	// An empty line in the answer would move the end of what was signed.
	if opened.Text != text {
		return note.Signature{}, errors.New("the answer is not only signatures")
	}
	return opened.Sigs[0], nil
}

// conflict says what an answer with status 409 means. The protocol has two: the witness
// remembers another size, or another root at this very size; the body need give the
// remembered size only in the first.
func conflict(oldSize, newSize int64, kind string, answer []byte) error {
	text, ended := strings.CutSuffix(string(answer), "\n")
	size, err := parseSize(text)
	switch {
	case kind == sizeType && ended && err == nil && size != oldSize:
		return &ConflictError{Size: size}
	case oldSize == newSize:
		return ErrInconsistent
	default:
		return errors.New("it answers with a conflict and does not say with what")
	}
}

// Merge returns one note with the signatures of all, those of the first note first. It
// checks none of them; of two by one key the first stays. It is an error if a note
// cannot be read, if the texts differ, or if there are more than a hundred signatures,
// which is as many as a note may have.
func Merge(signed []byte, cosigned ...[]byte) ([]byte, error) {
	merged, err := openNote(signed)
	if err != nil {
		return nil, fmt.Errorf("merge checkpoints: %w", err)
	}
	signatures := merged.UnverifiedSigs
	for _, other := range cosigned {
		opened, err := openNote(other)
		if err != nil {
			return nil, fmt.Errorf("merge checkpoints: %w", err)
		}
		if opened.Text != merged.Text {
			return nil, errors.New("merge checkpoints: they differ in more than their signatures")
		}
		signatures = append(signatures, opened.UnverifiedSigs...)
	}
	return assemble(merged.Text, signatures)
}

// without returns the signatures but those by one key.
func without(signatures []note.Signature, key note.Verifier) []note.Signature {
	var others []note.Signature
	for _, signature := range signatures {
		if signature.Name != key.Name() || signature.Hash != key.KeyHash() {
			others = append(others, signature)
		}
	}
	return others
}

// assemble writes a note with the first signature by each key.
func assemble(text string, signatures []note.Signature) ([]byte, error) {
	type key struct {
		name string
		hash uint32
	}
	seen := make(map[key]bool)
	var kept []note.Signature
	for _, signature := range signatures {
		if k := (key{signature.Name, signature.Hash}); !seen[k] {
			seen[k] = true
			kept = append(kept, signature)
		}
	}
	signed, err := note.Sign(&note.Note{Text: text, Sigs: kept})
	if err != nil {
		return nil, fmt.Errorf("write a checkpoint: %w", err)
	}
	if _, err := openNote(signed); err != nil {
		return nil, errors.New("write a checkpoint: it has too many signatures")
	}
	return signed, nil
}
