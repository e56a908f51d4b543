package rows

import (
	"encoding/json"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// identifier reads a UUID, as 16 bytes or, where the driver knows the type, as text.
type identifier uuid.UUID

// Scan implements [sql.Scanner].
func (i *identifier) Scan(value any) error {
	switch value := value.(type) {
	case []byte:
		if len(value) != len(i) {
			return ErrCorrupt
		}
		copy(i[:], value)
		return nil
	case string:
		id, err := uuid.Parse(value)
		if err != nil {
			return ErrCorrupt
		}
		*i = identifier(id)
		return nil
	default:
		return ErrCorrupt
	}
}

// Organisation reads a name; NULL is none.
type Organisation struct{ resource.Organisation }

// Scan implements [sql.Scanner].
func (o *Organisation) Scan(value any) error {
	if value == nil {
		o.Organisation = resource.Organisation{}
		return nil
	}
	name, ok := value.(string)
	if !ok {
		return ErrCorrupt
	}
	parsed, err := resource.ParseOrganisation(name)
	if err != nil {
		return ErrCorrupt
	}
	o.Organisation = parsed
	return nil
}

// Named is an organisation's name, or NULL for none.
func Named(o resource.Organisation) *string {
	if o.IsZero() {
		return nil
	}
	name := o.String()
	return &name
}

// Moment is a time as it is stored, or NULL for none.
func Moment(at time.Time) *int64 {
	if at.IsZero() {
		return nil
	}
	micro := at.UnixMicro()
	return &micro
}

// NotBefore returns the first whole microsecond that is not before t. Stored times
// are whole, so that comparing with it is comparing with t.
func NotBefore(t time.Time) int64 {
	micro := t.UnixMicro()
	if time.UnixMicro(micro).Before(t) {
		micro++
	}
	return micro
}

// Clamp keeps a number that no event will reach from turning negative.
func Clamp(n uint64) int64 { return int64(min(n, math.MaxInt64)) }

// Present tells an empty body from a purged one, which is NULL.
func Present(body []byte) []byte {
	if body == nil {
		return []byte{}
	}
	return body
}

// EncodeReferences returns a JSON array, the form that SQLite's triggers read.
func EncodeReferences(references []string) (string, error) {
	if len(references) == 0 {
		return "[]", nil
	}
	list, err := json.Marshal(references)
	return string(list), err
}

func decodeReferences(list string) ([]string, error) {
	if list == "[]" {
		return nil, nil
	}
	var references []string
	if err := json.Unmarshal([]byte(list), &references); err != nil {
		return nil, ErrCorrupt
	}
	return references, nil
}

// Final returns the requests of entries, each once, as its last entry leaves it.
func Final(entries []store.Entry) []*store.Request {
	last := make(map[resource.RequestID]int, len(entries))
	for i := range entries {
		last[entries[i].Request.ID] = i
	}
	final := make([]*store.Request, 0, len(last))
	for i := range entries {
		if last[entries[i].Request.ID] == i {
			final = append(final, &entries[i].Request)
		}
	}
	return final
}
