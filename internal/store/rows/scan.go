package rows

import (
	"database/sql"
	"time"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// Row stands at a row of a result, as those of database/sql and of pgx do.
type Row interface{ Scan(into ...any) error }

// ScanHead reads where the archive stands.
func ScanHead(from Row) (store.Head, error) {
	var head store.Head
	err := from.Scan(&head.Seq, &head.Checkpoint, &head.Leaf)
	return head, err
}

// ScanRequest reads a request as its last event left it.
func ScanRequest(from Row) (store.Request, error) {
	var (
		r                             store.Request
		id                            identifier
		authority, platform, reviewer Organisation
		created                       int64
		references                    string
		over, due                     sql.NullInt64
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

// ScanEvent reads an event.
func ScanEvent(from Row) (store.Event, error) {
	var (
		e                             store.Event
		id                            identifier
		authority, platform, reviewer Organisation
	)
	if err := from.Scan(&e.Seq, &id, &authority, &platform, &e.AuthorityIndex, &e.PlatformIndex,
		&e.Hashes, &e.Leaf, &e.Salt, &e.Body, &reviewer, &e.ReviewerIndex, &e.Answer); err != nil {
		return store.Event{}, err
	}
	e.Request = resource.RequestIDFrom(uuid.UUID(id))
	e.Authority, e.Platform, e.Reviewer = authority.Organisation, platform.Organisation, reviewer.Organisation
	return e, nil
}

// ScanID reads a request's identifier alone.
func ScanID(from Row) (resource.RequestID, error) {
	var id identifier
	err := from.Scan(&id)
	return resource.RequestIDFrom(uuid.UUID(id)), err
}

// ScanParticipant reads a participant's entry.
func ScanParticipant(from Row) (store.Participant, error) {
	var p store.Participant
	var name Organisation
	err := from.Scan(&name, &p.Version, &p.Body)
	p.Name = name.Organisation
	return p, err
}

// ScanCall reads which call an event came from.
func ScanCall(from Row) (store.Call, error) {
	var (
		c           store.Call
		maker       Organisation
		id          identifier
		fingerprint []byte
	)
	if err := from.Scan(&maker, &id, &fingerprint, &c.Seq); err != nil {
		return store.Call{}, err
	}
	if len(fingerprint) != len(c.Fingerprint) {
		return store.Call{}, ErrCorrupt
	}
	copy(c.Fingerprint[:], fingerprint)
	c.Key = store.CallKey{Organisation: maker.Organisation, ID: uuid.UUID(id)}
	return c, nil
}

// Filings are how many requests a platform was sent on a day.
type Filings struct {
	Platform  resource.Organisation
	Emergency bool
	Count     int
}

// ScanFilings reads how many requests a platform was sent.
func ScanFilings(from Row) (Filings, error) {
	var f Filings
	var platform Organisation
	err := from.Scan(&platform, &f.Emergency, &f.Count)
	f.Platform = platform.Organisation
	return f, err
}

// Feed is how far an organisation's feed goes.
type Feed struct {
	Party resource.Organisation
	Index uint64
}

// ScanFeed reads how far a feed goes.
func ScanFeed(from Row) (Feed, error) {
	var f Feed
	var party Organisation
	err := from.Scan(&party, &f.Index)
	f.Party = party.Organisation
	return f, err
}

// Hashes are those of the ledger that came with one event.
type Hashes struct {
	Seq    resource.Seq
	Hashes []byte
}

// ScanHashes reads an event's hashes.
func ScanHashes(from Row) (Hashes, error) {
	var h Hashes
	err := from.Scan(&h.Seq, &h.Hashes)
	return h, err
}

// ByEvent returns hashes by the event that they came with.
func ByEvent(found []Hashes) map[resource.Seq][]byte {
	hashes := make(map[resource.Seq][]byte, len(found))
	for _, h := range found {
		hashes[h.Seq] = h.Hashes
	}
	return hashes
}

// ScanSharing reads a request that shares a selector, after what key reads: which selector.
func ScanSharing(from Row, key any) (store.Sharing, error) {
	var s store.Sharing
	var id identifier
	err := from.Scan(key, &id, &s.Created, &s.Visible)
	s.ID = resource.RequestIDFrom(uuid.UUID(id))
	return s, err
}
