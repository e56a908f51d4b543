package sequencer

import (
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Step is what somebody wants to do. The contract's rules have been checked on it
// before it comes here, and the caller's role against the contract's access rule.
type Step struct {
	Caller identity.Caller

	// Request is the request to act on; zero to file a new one.
	Request resource.RequestID

	// ETag, if set, is the only version of the request that the step is meant for.
	ETag string

	// Event holds what happens, in its detail, and nothing else.
	Event *liaisonv1.Event

	// Signed is the statement by which the step is taken, nil if it is unsigned. Its
	// signature has been checked, and that the caller may sign; the detail in Event is
	// what it says.
	Signed *statement.Opened

	// Answer is given with a step that answers in clear, whose event then has the answer's
	// manifest as its detail. It is stored beside the event, never in it.
	Answer *liaisonv1.Answer

	// Content is what a signed answer's statement is about, stored as it is.
	Content []byte

	// Made by the caller, and not by the one writer.
	selectors     []store.SelectorHash // of what is filed
	recipients    error                // what is wrong with those to whom the answer to it is to be sealed
	contentSHA256 [sha256.Size]byte    // of a signed answer

	// Call identifies the call for the sake of retries; its zero value makes none safe.
	Call Call

	// Expected is called once the step is queued: it ends the waiting of the writer that was
	// told of it by Expect. Nil if nobody was.
	Expected func()
}

// Call identifies a call.
type Call struct {
	ID          uuid.UUID
	Fingerprint [32]byte
}

// encodings are buffers in which calls are encoded to be hashed, and mostKeptEncoding is how
// large one is kept.
var encodings = sync.Pool{New: func() any { return new([]byte) }}

const mostKeptEncoding = 64 << 10

// NewCall identifies a call of method with message under the id that the caller
// gave it. An empty id gives the zero Call.
func NewCall(method, id string, message proto.Message) (Call, error) {
	if id == "" {
		return Call{}, nil
	}
	parsed, err := uuid.Parse(id)
	if err != nil {
		return Call{}, fmt.Errorf("read the call's identifier: %w", err)
	}
	// Messages of the contract hold no maps, so that their deterministic encoding
	// changes only with what they say.
	buffer, _ := encodings.Get().(*[]byte)
	defer encodings.Put(buffer)
	body, err := proto.MarshalOptions{Deterministic: true}.MarshalAppend((*buffer)[:0], message)
	if err != nil {
		return Call{}, fmt.Errorf("encode the call: %w", err)
	}
	defer func() {
		clear(body) // what was called is nobody else's
		if cap(body) <= mostKeptEncoding {
			*buffer = body
		}
	}()
	hash := sha256.New()
	hash.Write([]byte(method))
	hash.Write([]byte{0})
	hash.Write(body)
	c := Call{ID: parsed}
	hash.Sum(c.Fingerprint[:0])
	return c, nil
}
