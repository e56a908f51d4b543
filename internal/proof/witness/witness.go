// Package witness keeps a ledger from telling different people different histories.
//
// A hub signs its own checkpoints, so on its own it could sign two that contradict each
// other and show each to somebody else. A [Witness] is run by another organisation. It
// remembers the last checkpoint of each ledger it follows, and cosigns a new one only
// with a proof that the new tree continues the remembered one. Who trusts the witness
// and finds its cosignature on a checkpoint knows that everybody else who asks for it
// sees the same history. A witness needs no access to the ledger and learns nothing of
// what its leaves say.
//
// The protocol is C2SP tlog-witness, the cosignatures are those of C2SP
// tlog-cosignature for Ed25519 keys, so witnesses and ledgers of other makes work with
// these. To run one, make a key with [NewKey], give a [Config] to [New], and serve the
// result under a URL of your choice: it answers POST to that URL followed by
// /add-checkpoint. The server around it has to bound how long a request may take. To
// use one from a hub, see [Client] and [Merge].
//
// A witness's word is worth what its memory is. A witness whose folder is lost or put
// back to an earlier state could cosign a second history: give it a new key instead. No
// two processes may use a folder at once.
package witness

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"

	formats "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
)

const (
	// addPath is what a submission is posted to, after the URL of the witness.
	addPath = "/add-checkpoint"

	// sizeType is the media type of an answer that is a tree's size.
	sizeType = "text/x.tlog.size"
)

// ErrInconsistent says that a checkpoint does not continue what the witness remembers:
// it has another root at the same size, or its consistency proof does not hold. If the
// proof was made from the right tree, the ledger has forked.
var ErrInconsistent = errors.New("the checkpoint does not continue what the witness cosigned")

// ConflictError says that a submission was made from another size than that of the last
// checkpoint that the witness cosigned, so that its proof says nothing to the witness.
type ConflictError struct {
	// Size is that of the checkpoint that the witness remembers, zero if it has none.
	// A size beyond the ledger's own means that the ledger has lost what it once signed.
	Size int64
}

// Error implements error.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("the last checkpoint that the witness cosigned has size %d", e.Size)
}

// What makes a witness refuse a submission, besides ErrInconsistent and ConflictError.
var (
	errMalformed = errors.New("the request is malformed")
	errUnknown   = errors.New("the ledger is not one that the witness follows")
	errUnsigned  = errors.New("the ledger has not signed the checkpoint")
)

// Config is what a witness works with.
type Config struct {
	// Key is the secret key: one line PRIVATE+KEY+NAME+HASH+KEY, as NewKey makes it.
	// No other witness may have it.
	Key string

	// Ledgers are the keys of the ledgers to follow. A verifier's name is the origin of
	// the checkpoints it is for. Several of one name are keys of one ledger, any of
	// which may sign: so a ledger changes its key.
	Ledgers []note.Verifier

	// Dir is the folder in which the witness remembers, for each ledger, the last
	// checkpoint it cosigned. It must exist: a folder that has gone missing is not
	// taken for a new one.
	Dir string

	// Log is told what is cosigned and what is refused; nil for silence. A checkpoint
	// that a ledger has signed and that does not continue what is remembered is logged
	// whole, since it may prove that the ledger has forked.
	Log *slog.Logger
}

// Witness cosigns checkpoints of the ledgers it follows. It is an [http.Handler], safe
// for concurrent use.
type Witness struct {
	signer  note.Signer
	public  string
	ledgers map[string][]note.Verifier // by origin
	log     *slog.Logger

	// mu is held from the comparison with what is remembered until that is replaced,
	// or else the slower of two submissions could bring an older tree back.
	mu     sync.Mutex
	memory memory                       // guarded by mu
	last   map[string]ledger.Checkpoint // what memory holds, by origin; guarded by mu
}

// New returns a witness that remembers what its folder says. A ledger of which the
// folder has no file is one that was never cosigned. It is an error if the key cannot
// be read, if there are no ledgers or one key twice, if the folder does not exist, or if
// a file in it is not a checkpoint that this witness cosigned: what cannot be read must
// not be taken for a fresh start.
func New(config Config) (*Witness, error) {
	key := strings.TrimSpace(config.Key)
	_, public, err := ledger.ParseSigner(key)
	if err == nil {
		public, err = formats.VKeyToCosignatureV1(public)
	}
	signer, signerErr := formats.NewSignerForCosignatureV1(key)
	if err != nil || signerErr != nil { // neither is passed on, lest it quote the key
		return nil, errors.New("the witness's key cannot be read: it must be one line PRIVATE+KEY+NAME+… of an Ed25519 key")
	}
	w := &Witness{
		signer:  signer,
		public:  public,
		ledgers: make(map[string][]note.Verifier),
		log:     config.Log,
		memory:  memory{dir: config.Dir, own: signer.Verifier()},
		last:    make(map[string]ledger.Checkpoint),
	}
	if w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	if len(config.Ledgers) == 0 {
		return nil, errors.New("the witness has no ledger to follow")
	}
	if info, err := os.Stat(config.Dir); err != nil {
		return nil, fmt.Errorf("the witness's folder: %w", err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("the witness's folder: %s is not a folder", config.Dir)
	}
	for _, verifier := range config.Ledgers {
		origin := verifier.Name()
		for _, other := range w.ledgers[origin] {
			if other.KeyHash() == verifier.KeyHash() {
				return nil, fmt.Errorf("the ledger %q is given twice with one key", origin)
			}
		}
		w.ledgers[origin] = append(w.ledgers[origin], verifier)
		if w.last[origin], err = w.memory.load(origin); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// NewKey makes a witness's key: the secret one for Config.Key, and the public one, of
// the cosignature/v1 type, that others check its cosignatures with. The name should be
// a URL without its scheme, such as witness.example/w1. It is an error if the name is
// empty or has a space or a plus sign in it.
func NewKey(name string) (secret, public string, err error) {
	secret, public, err = note.GenerateKey(rand.Reader, name)
	if err == nil {
		public, err = formats.VKeyToCosignatureV1(public)
	}
	if err != nil {
		return "", "", fmt.Errorf("make a witness's key: %w", err)
	}
	return secret, public, nil
}

// VerifierKey returns the witness's public key, of the cosignature/v1 type: one line
// NAME+HASH+KEY, for everybody who is to check its cosignatures.
func (w *Witness) VerifierKey() string { return w.public }

// ServeHTTP answers POST /add-checkpoint, and 404 to every other path. It answers:
//
//   - 200 with the cosignature, a line of a signed note, once what it says is
//     remembered;
//   - 400 if the request is malformed, or its old size is greater than the checkpoint's;
//   - 403 if no key of the ledger has signed the checkpoint;
//   - 404 if the checkpoint is of a ledger that the witness does not follow;
//   - 405 to any other method;
//   - 409 if the old size is not what the witness remembers, or is also the checkpoint's
//     and the roots differ; the body is the remembered size, as text/x.tlog.size;
//   - 413 if the body is longer than 64 KiB;
//   - 422 if the consistency proof does not hold;
//   - 500 if the checkpoint cannot be remembered: then there is no cosignature.
func (w *Witness) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	if in.URL.Path != addPath {
		http.NotFound(out, in)
		return
	}
	if in.Method != http.MethodPost {
		out.Header().Set("Allow", http.MethodPost)
		http.Error(out, "submissions are made with POST", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(out, in.Body, maxRequest))
	if err != nil {
		status := http.StatusBadRequest
		if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(out, "the request cannot be read", status)
		return
	}
	cosignature, err := w.add(in.Context(), body)
	if conflict, ok := errors.AsType[*ConflictError](err); ok {
		out.Header().Set("Content-Type", sizeType)
		out.WriteHeader(http.StatusConflict)
		fmt.Fprintf(out, "%d\n", conflict.Size)
		return
	}
	switch {
	case err == nil:
		out.Header().Set("Content-Type", "text/plain; charset=utf-8")
		out.Write(cosignature)
	case errors.Is(err, errMalformed):
		http.Error(out, err.Error(), http.StatusBadRequest)
	case errors.Is(err, errUnsigned):
		http.Error(out, errUnsigned.Error(), http.StatusForbidden)
	case errors.Is(err, errUnknown):
		http.Error(out, errUnknown.Error(), http.StatusNotFound)
	case errors.Is(err, ErrInconsistent):
		http.Error(out, ErrInconsistent.Error(), http.StatusUnprocessableEntity)
	default: // what is wrong with its disk only its operator is told
		http.Error(out, "the witness cannot cosign", http.StatusInternalServerError)
	}
}

// add takes a submission's body and returns the cosignature, a line.
func (w *Witness) add(ctx context.Context, body []byte) ([]byte, error) {
	r, err := parseRequest(body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errMalformed, err)
	}
	submitted, err := openNote(r.signed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errMalformed, err)
	}
	checkpoint, err := parseCheckpoint(submitted.Text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errMalformed, err)
	}
	verifiers, followed := w.ledgers[checkpoint.Origin]
	if !followed {
		return nil, errUnknown
	}
	signed, err := signedByLedger(r.signed, verifiers)
	if err != nil {
		return nil, err
	}
	if r.old > checkpoint.Size {
		return nil, fmt.Errorf("%w: the old size is greater than the checkpoint's", errMalformed)
	}
	cosignature, err := w.cosign(r, checkpoint, signed)
	w.tell(ctx, r, checkpoint, signed, err)
	return cosignature, err
}

// signedByLedger returns the note with the signature of one of the ledger's keys and no
// other: what else stands under a checkpoint nobody vouches for, so it is neither
// remembered nor logged.
func signedByLedger(signed []byte, keys []note.Verifier) (*note.Note, error) {
	for _, key := range keys {
		// One by one, since a bad signature of one key would hide a good one of another.
		if opened, err := note.Open(signed, note.VerifierList(key)); err == nil {
			return &note.Note{Text: opened.Text, Sigs: opened.Sigs}, nil
		}
	}
	return nil, errUnsigned
}

// cosign returns a cosignature of the checkpoint if it continues what is remembered,
// and remembers it first. A checkpoint that is remembered already is cosigned again: so
// a hub that was not told of a cosignature gets another.
func (w *Witness) cosign(r request, checkpoint ledger.Checkpoint, signed *note.Note) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := w.last[checkpoint.Origin]
	switch {
	case r.old != last.Size:
		return nil, &ConflictError{Size: last.Size}
	case checkpoint.Size == last.Size && checkpoint.Root != last.Root:
		return nil, fmt.Errorf("%w: it has another root: %w", ErrInconsistent, &ConflictError{Size: last.Size})
	case last.Size == 0 && len(r.proof) > 0:
		return nil, fmt.Errorf("%w: nothing has to be proved of the empty tree", ErrInconsistent)
	}
	if err := ledger.CheckConsistency(last, checkpoint, r.proof); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInconsistent, err)
	}
	cosigned, err := note.Sign(signed, w.signer)
	if err != nil {
		return nil, fmt.Errorf("cosign a checkpoint: %w", err)
	}
	if checkpoint != last {
		if err := w.memory.save(checkpoint.Origin, cosigned); err != nil {
			return nil, err
		}
		w.last[checkpoint.Origin] = checkpoint
	}
	// The signer's own line is the last one.
	start := bytes.LastIndexByte(cosigned[:len(cosigned)-1], '\n') + 1
	return cosigned[start:], nil
}

// tell logs what became of a checkpoint that a ledger has signed.
func (w *Witness) tell(ctx context.Context, r request, checkpoint ledger.Checkpoint, signed *note.Note, err error) {
	log := w.log.With("ledger", checkpoint.Origin, "size", checkpoint.Size, "old", r.old)
	_, conflict := errors.AsType[*ConflictError](err)
	switch {
	case err == nil:
		log.InfoContext(ctx, "cosigned a checkpoint")
	case errors.Is(err, ErrInconsistent):
		evidence, _ := note.Sign(signed) // writes it; no signer, so nothing that can fail
		log.WarnContext(ctx, "refused a checkpoint that may prove a fork", "error", err, "checkpoint", string(evidence))
	case conflict:
		log.InfoContext(ctx, "refused a checkpoint that was made for another size", "error", err)
	default:
		log.ErrorContext(ctx, "cannot cosign a checkpoint", "error", err)
	}
}
