package postgres

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// parse reads an organisation's name; nil is none.
func parse(name *string) (resource.Organisation, error) {
	if name == nil {
		return resource.Organisation{}, nil
	}
	o, err := resource.ParseOrganisation(*name)
	if err != nil {
		return o, errCorrupt
	}
	return o, nil
}

// parties reads the names of an authority and a platform.
func parties(authority, platform *string) (a, p resource.Organisation, err error) {
	if a, err = parse(authority); err == nil {
		p, err = parse(platform)
	}
	return a, p, err
}

func scanHead(row pgx.Row) (store.Head, error) {
	var head store.Head
	err := row.Scan(&head.Seq, &head.Checkpoint, &head.Leaf)
	return head, err
}

func scanRequest(row pgx.Row) (store.Request, error) {
	var (
		r                   store.Request
		id                  [16]byte
		authority, platform *string
		reviewer            *string
		state               int32
		created             int64
		references          string
		over, due           *int64
	)
	if err := row.Scan(&r.Created, &id, &r.Version, &authority, &platform, &r.Visible, &state,
		&r.Emergency, &created, &references, &r.Body, &over, &due, &reviewer); err != nil {
		return store.Request{}, err
	}
	var err error
	if r.References, err = decodeReferences(references); err != nil {
		return store.Request{}, err
	}
	if r.Authority, r.Platform, err = parties(authority, platform); err != nil {
		return store.Request{}, err
	}
	if r.Reviewer, err = parse(reviewer); err != nil {
		return store.Request{}, err
	}
	r.ID, r.State = resource.RequestIDFrom(uuid.UUID(id)), lifecycle.State(state)
	r.CreateTime = time.UnixMicro(created).UTC()
	r.OverTime, r.DueTime = timeOf(over), timeOf(due)
	return r, nil
}

// timeOf returns the zero time for NULL.
func timeOf(micro *int64) time.Time {
	if micro == nil {
		return time.Time{}
	}
	return time.UnixMicro(*micro).UTC()
}

func scanEvent(row pgx.Row) (store.Event, error) {
	var (
		e                   store.Event
		id                  [16]byte
		authority, platform *string
		reviewer            *string
	)
	if err := row.Scan(&e.Seq, &id, &authority, &platform, &e.AuthorityIndex, &e.PlatformIndex,
		&e.Hashes, &e.Leaf, &e.Salt, &e.Body, &reviewer, &e.ReviewerIndex, &e.Answer); err != nil {
		return store.Event{}, err
	}
	var err error
	if e.Authority, e.Platform, err = parties(authority, platform); err == nil {
		e.Reviewer, err = parse(reviewer)
	}
	e.Request = resource.RequestIDFrom(uuid.UUID(id))
	return e, err
}

// scanID reads a request's identifier alone.
func scanID(row pgx.Row) (resource.RequestID, error) {
	var id [16]byte
	err := row.Scan(&id)
	return resource.RequestIDFrom(uuid.UUID(id)), err
}

func scanParticipant(row pgx.Row) (store.Participant, error) {
	var p store.Participant
	var name *string
	if err := row.Scan(&name, &p.Version, &p.Body); err != nil {
		return p, err
	}
	var err error
	p.Name, err = parse(name)
	return p, err
}

func scanCall(row pgx.Row) (store.Call, error) {
	var (
		c           store.Call
		maker       *string
		id          [16]byte
		fingerprint []byte
	)
	if err := row.Scan(&maker, &id, &fingerprint, &c.Seq); err != nil {
		return store.Call{}, err
	}
	if len(fingerprint) != len(c.Fingerprint) {
		return store.Call{}, errCorrupt
	}
	copy(c.Fingerprint[:], fingerprint)
	organisation, err := parse(maker)
	c.Key = store.CallKey{Organisation: organisation, ID: uuid.UUID(id)}
	return c, err
}

// sharing is a request that has a hash.
type sharing struct {
	hash store.SelectorHash
	store.Sharing
}

func scanSharing(row pgx.Row) (sharing, error) {
	var s sharing
	var hash []byte
	var id [16]byte
	if err := row.Scan(&hash, &id, &s.Created, &s.Visible); err != nil {
		return s, err
	}
	if len(hash) != len(s.hash) {
		return s, errCorrupt
	}
	copy(s.hash[:], hash)
	s.ID = resource.RequestIDFrom(id)
	return s, nil
}

// filings are how many a platform was sent on a day.
type filings struct {
	platform  resource.Organisation
	emergency bool
	count     int
}

func scanFilings(row pgx.Row) (filings, error) {
	var f filings
	var name *string
	if err := row.Scan(&name, &f.emergency, &f.count); err != nil {
		return f, err
	}
	var err error
	f.platform, err = parse(name)
	return f, err
}

// feed is how far an organisation's feed goes.
type feed struct {
	party resource.Organisation
	index uint64
}

func scanFeed(row pgx.Row) (feed, error) {
	var f feed
	var name *string
	if err := row.Scan(&name, &f.index); err != nil {
		return f, err
	}
	var err error
	f.party, err = parse(name)
	return f, err
}

// hashed is an event's hashes.
type hashed struct {
	seq    resource.Seq
	hashes []byte
}

func scanHashes(row pgx.Row) (hashed, error) {
	var h hashed
	err := row.Scan(&h.seq, &h.hashes)
	return h, err
}

func byEvent(found []hashed) map[resource.Seq][]byte {
	hashes := make(map[resource.Seq][]byte, len(found))
	for _, h := range found {
		hashes[h.seq] = h.hashes
	}
	return hashes
}

// all reads every row of a result.
func all[T any](rows pgx.Rows, err error, scan func(pgx.Row) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, rows.Err()
}

// found tells that nothing is stored under a key.
func found(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

// present tells an empty body from a purged one, which is NULL.
func present(body []byte) []byte {
	if body == nil {
		return []byte{}
	}
	return body
}

// named is an organisation's name, or NULL for none.
func named(o resource.Organisation) *string {
	if o.IsZero() {
		return nil
	}
	name := o.String()
	return &name
}

// moment is a time as it is stored, or NULL for none.
func moment(at time.Time) *int64 {
	if at.IsZero() {
		return nil
	}
	micro := at.UnixMicro()
	return &micro
}

// encodeReferences returns a JSON array.
func encodeReferences(references []string) (string, error) {
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
		return nil, errCorrupt
	}
	return references, nil
}
