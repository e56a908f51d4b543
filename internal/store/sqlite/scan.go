package sqlite

import (
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// row is a *sql.Row or a *sql.Rows that stands at a row.
type row interface{ Scan(into ...any) error }

// identifier reads 16 bytes.
type identifier uuid.UUID

// Scan implements [sql.Scanner].
func (i *identifier) Scan(value any) error {
	raw, ok := value.([]byte)
	if !ok || len(raw) != len(i) {
		return errCorrupt
	}
	copy(i[:], raw)
	return nil
}

// organisation reads a name; NULL is none.
type organisation struct{ resource.Organisation }

// Scan implements [sql.Scanner].
func (o *organisation) Scan(value any) error {
	if value == nil {
		o.Organisation = resource.Organisation{}
		return nil
	}
	name, ok := value.(string)
	if !ok {
		return errCorrupt
	}
	parsed, err := resource.ParseOrganisation(name)
	if err != nil {
		return errCorrupt
	}
	o.Organisation = parsed
	return nil
}

func scanHead(from row) (store.Head, error) {
	var head store.Head
	err := from.Scan(&head.Seq, &head.Checkpoint, &head.Leaf)
	if errors.Is(err, sql.ErrNoRows) {
		return store.Head{}, nil // there is no event yet
	}
	return head, err
}

func scanRequest(from row) (store.Request, error) {
	var (
		r                   store.Request
		id                  identifier
		authority, platform organisation
		reviewer            organisation
		created             int64
		references          string
		over, due           sql.NullInt64
	)
	if err := from.Scan(&r.Created, &id, &r.Version, &authority, &platform, &r.Visible, &r.State,
		&r.Emergency, &created, &references, &r.Body, &over, &due, &reviewer); err != nil {
		return store.Request{}, err
	}
	var err error
	if r.References, err = decodeReferences(references); err != nil {
		return store.Request{}, err
	}
	r.ID = resource.RequestIDFrom(uuid.UUID(id))
	r.Authority, r.Platform, r.Reviewer = authority.Organisation, platform.Organisation, reviewer.Organisation
	r.CreateTime = time.UnixMicro(created).UTC()
	r.OverTime, r.DueTime = timeOf(over), timeOf(due)
	return r, nil
}

// timeOf returns the zero time for NULL.
func timeOf(micro sql.NullInt64) time.Time {
	if !micro.Valid {
		return time.Time{}
	}
	return time.UnixMicro(micro.Int64).UTC()
}

func scanEvent(from row) (store.Event, error) {
	var (
		e                   store.Event
		id                  identifier
		authority, platform organisation
		reviewer            organisation
	)
	if err := from.Scan(&e.Seq, &id, &authority, &platform, &e.AuthorityIndex, &e.PlatformIndex,
		&e.Hashes, &e.Leaf, &e.Salt, &e.Body, &reviewer, &e.ReviewerIndex, &e.Answer); err != nil {
		return store.Event{}, err
	}
	e.Request = resource.RequestIDFrom(uuid.UUID(id))
	e.Authority, e.Platform, e.Reviewer = authority.Organisation, platform.Organisation, reviewer.Organisation
	return e, nil
}

// scanID reads a request's identifier alone.
func scanID(from row) (resource.RequestID, error) {
	var id identifier
	err := from.Scan(&id)
	return resource.RequestIDFrom(uuid.UUID(id)), err
}

func scanParticipant(from row) (store.Participant, error) {
	var p store.Participant
	var name organisation
	err := from.Scan(&name, &p.Version, &p.Body)
	p.Name = name.Organisation
	return p, err
}

func scanCall(from row) (store.Call, error) {
	var (
		c           store.Call
		maker       organisation
		id          identifier
		fingerprint []byte
	)
	if err := from.Scan(&maker, &id, &fingerprint, &c.Seq); err != nil {
		return store.Call{}, err
	}
	if len(fingerprint) != len(c.Fingerprint) {
		return store.Call{}, errCorrupt
	}
	copy(c.Fingerprint[:], fingerprint)
	c.Key = store.CallKey{Organisation: maker.Organisation, ID: uuid.UUID(id)}
	return c, nil
}
