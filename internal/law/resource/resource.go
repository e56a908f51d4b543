// Package resource parses the names that Liaison's contract uses into types that
// cannot be wrong afterwards: a value of RequestID, Organisation or Seq that came
// out of this package needs no further check anywhere.
//
// Names follow AIP-122: a collection, a slash, an identifier. Organisations are
// "authorities/{id}", "platforms/{id}" and "oversight/{id}"; requests are
// "requests/{uuid}".
package resource

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// ErrMalformed is wrapped by every parse error of this package.
var ErrMalformed = errors.New("malformed name")

// Seq is the sequence number of an event: 1 for the hub's first event, without
// gaps, in the order in which the hub accepted them. It is at once an event's
// place in history, the resume token of every stream and, read as an index that
// starts at one, the event's place in the ledger. Zero means "before the first".
type Seq uint64

// RequestID identifies one request. Its zero value stands for no request.
type RequestID struct{ uuid uuid.UUID }

// RequestIDFrom wraps a UUID that the hub made.
func RequestIDFrom(id uuid.UUID) RequestID { return RequestID{id} }

// ParseRequest reads a name of the form "requests/{uuid}", where the UUID is in
// its canonical lower-case form (RFC 9562).
func ParseRequest(name string) (RequestID, error) {
	text, ok := strings.CutPrefix(name, "requests/")
	if !ok {
		return RequestID{}, fmt.Errorf("%w: a request's name is requests/{uuid}", ErrMalformed)
	}
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return RequestID{}, fmt.Errorf("%w: a request's name ends in a lower-case UUID", ErrMalformed)
	}
	return RequestID{id}, nil
}

// UUID returns the identifier's 16 bytes, for storage.
func (r RequestID) UUID() uuid.UUID { return r.uuid }

// IsZero reports whether r names no request.
func (r RequestID) IsZero() bool { return r.uuid == uuid.Nil }

// String returns the request's name, "requests/{uuid}".
func (r RequestID) String() string { return "requests/" + r.uuid.String() }

// Collection is the kind of an organisation.
type Collection string

// The collections of organisations.
const (
	Authorities Collection = "authorities"
	Platforms   Collection = "platforms"
	Oversight   Collection = "oversight"

	// Countries is no collection of organisations. The directory keeps under such names,
	// "countries/iq", what holds under a country's law.
	Countries Collection = "countries"
)

// Organisation is the name of a participant, such as "authorities/moc". Its zero
// value stands for no organisation.
type Organisation struct {
	collection Collection
	id         string
}

// ParseOrganisation reads a name of the form "{collection}/{id}". An id is 1 to
// 63 lower-case letters, digits and hyphens, and starts with a letter.
func ParseOrganisation(name string) (Organisation, error) {
	collection, id, ok := strings.Cut(name, "/")
	if !ok {
		return Organisation{}, fmt.Errorf("%w: an organisation's name is authorities/{id}, platforms/{id} or oversight/{id}", ErrMalformed)
	}
	switch c := Collection(collection); c {
	case Authorities, Platforms, Oversight, Countries:
		if !validID(id) {
			return Organisation{}, fmt.Errorf("%w: an organisation's id is 1 to 63 of a-z, 0-9 and -, starting with a letter", ErrMalformed)
		}
		return Organisation{c, id}, nil
	default:
		return Organisation{}, fmt.Errorf("%w: an organisation's name starts with authorities/, platforms/ or oversight/", ErrMalformed)
	}
}

func validID(id string) bool {
	if len(id) < 1 || len(id) > 63 || id[0] < 'a' || id[0] > 'z' {
		return false
	}
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// Country returns the name under which the directory keeps what holds under the law of the
// country with an ISO 3166-1 alpha-2 code.
func Country(code string) (Organisation, error) {
	return ParseOrganisation(string(Countries) + "/" + strings.ToLower(code))
}

// Collection returns the organisation's kind.
func (o Organisation) Collection() Collection { return o.collection }

// ID returns the part of the name after the slash.
func (o Organisation) ID() string { return o.id }

// IsZero reports whether o names no organisation.
func (o Organisation) IsZero() bool { return o.id == "" }

// String returns the organisation's name; empty for the zero value.
func (o Organisation) String() string {
	if o.IsZero() {
		return ""
	}
	return string(o.collection) + "/" + o.id
}
