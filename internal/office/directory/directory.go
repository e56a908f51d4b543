// Package directory keeps who takes part: the entries that the hub's operator
// writes, the capabilities that filings are held against, and the certificates
// that alone can speak for each organisation. It is the only writer of the
// identity registry, so that what the directory says and whom the hub admits are
// the same thing.
package directory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/calendar"
	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Errors of this package.
var (
	// ErrNotFound says that nobody of that name takes part.
	ErrNotFound = errors.New("participant not found")
	// ErrExists says that the name or the trust domain is another participant's.
	ErrExists = errors.New("another participant has this name or this trust domain")
	// ErrETag says that the entry is no longer the version that the change was meant for.
	ErrETag = errors.New("the entry has changed since it was read")
	// ErrSealingRequired says that the authority's requests name whom their answers are
	// sealed to.
	ErrSealingRequired = errors.New("the authority's directory entry requires sealing: name spec.answer_recipients")
	// ErrSuspended says that the organisation at the other end does not take part now.
	ErrSuspended = errors.New("the organisation at the other end is suspended")
)

// Entry is one participant's entry: the message of the contract that holds an
// authority, a platform or an oversight body.
type Entry = liaisonv1.RegisterParticipantRequest

// Directory holds the entries in memory, as the store has them. Its methods may be
// called from any goroutine; what they return belongs to the directory and must
// not be changed.
type Directory struct {
	store store.Store
	clock func() time.Time
	trust *identity.Registry     // told of every change; nil where nobody is admitted yet
	hub   []identity.Participant // always part of the registry: the hub's own trust domain; guarded by write

	write sync.Mutex // held over a change from reading to publishing it

	mu       sync.RWMutex
	entries  []*Entry // sorted by name
	byName   map[resource.Organisation]*Entry
	policies map[resource.Organisation]*liaisonv1.CountryPolicy
	versions map[resource.Organisation]uint64
	excluded []string // names of entries that nobody is admitted by
}

// Open reads the directory from the store. If trust is given, it admits the
// directory's participants and hub, the hub's own trust domain, from now on.
func Open(ctx context.Context, st store.Store, clock func() time.Time, trust *identity.Registry, hub ...identity.Participant) (*Directory, error) {
	d := &Directory{store: st, clock: clock, trust: trust, hub: hub}
	if _, err := d.Refresh(ctx); err != nil {
		return nil, err
	}
	return d, nil
}

// Refresh reads the directory again if somebody else has changed it, and says
// whether that was so.
func (d *Directory) Refresh(ctx context.Context) (changed bool, err error) {
	d.write.Lock()
	defer d.write.Unlock()
	return d.refresh(ctx)
}

// refresh is Refresh for who holds write.
func (d *Directory) refresh(ctx context.Context) (changed bool, err error) {
	rows, err := d.store.Participants(ctx)
	if err != nil {
		return false, fmt.Errorf("read the directory: %w", err)
	}
	if d.knows(rows) {
		return false, nil
	}
	var entries []*Entry
	versions := make(map[resource.Organisation]uint64, len(rows))
	policies := make(map[resource.Organisation]*liaisonv1.CountryPolicy)
	for _, row := range rows {
		versions[row.Name] = row.Version
		if row.Name.Collection() == resource.Countries {
			policy, err := readPolicy(row)
			if err != nil {
				return false, err
			}
			policies[row.Name] = policy
			continue
		}
		entry := &Entry{}
		if err := proto.Unmarshal(row.Body, entry); err != nil {
			return false, fmt.Errorf("decode the entry of %s: %w", row.Name, err)
		}
		Organisation(entry).Etag = etag(row.Version)
		entries = append(entries, entry)
	}
	return true, d.publish(entries, policies, versions)
}

// SetHub replaces the hub's own trust domain, whose certification authorities or
// revocation lists were renewed.
func (d *Directory) SetHub(hub identity.Participant) error {
	d.write.Lock()
	defer d.write.Unlock()
	former := d.hub
	d.hub = []identity.Participant{hub}
	d.mu.RLock()
	entries, policies, versions := slices.Clone(d.entries), d.policies, d.versions
	d.mu.RUnlock()
	if err := d.publish(entries, policies, versions); err != nil {
		d.hub = former
		return err
	}
	return nil
}

// knows says whether rows are what is in memory.
func (d *Directory) knows(rows []store.Participant) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.versions == nil || len(rows) != len(d.versions) {
		return false
	}
	for _, row := range rows {
		if d.versions[row.Name] != row.Version {
			return false
		}
	}
	return true
}

// publish makes the entries current, for those who read them and for those who
// are admitted by them. The registry comes first: whom it does not take, nobody reads.
func (d *Directory) publish(entries []*Entry, policies map[resource.Organisation]*liaisonv1.CountryPolicy, versions map[resource.Organisation]uint64) error {
	slices.SortFunc(entries, func(a, b *Entry) int {
		return strings.Compare(Organisation(a).GetName(), Organisation(b).GetName())
	})
	byName := make(map[resource.Organisation]*Entry, len(entries))
	for _, entry := range entries {
		// Nobody can ask for a name that is none.
		if name, err := resource.ParseOrganisation(Organisation(entry).GetName()); err == nil {
			byName[name] = entry
		}
	}
	participants, excluded := d.admissible(entries)
	if d.trust != nil {
		if err := d.trust.Set(participants); err != nil {
			return fmt.Errorf("admit the directory's participants: %w", err)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries, d.byName, d.policies, d.versions, d.excluded = entries, byName, policies, versions, excluded
	return nil
}

// admissible returns the participants that can be admitted beside each other, and the
// names of those that cannot. No entry is stored that conflicts with another one
// known at the time, but two hubs may store two at once: then the older one stays, and
// the other organisation is shut out, it alone. A conflict must never keep a later
// suspension of anybody from taking effect.
func (d *Directory) admissible(entries []*Entry) (participants []identity.Participant, excluded []string) {
	byAge := slices.Clone(entries)
	slices.SortStableFunc(byAge, func(a, b *Entry) int {
		return Organisation(a).GetCreateTime().AsTime().Compare(Organisation(b).GetCreateTime().AsTime())
	})
	participants = slices.Clone(d.hub)
	for _, entry := range byAge {
		p, err := participant(Organisation(entry))
		if err != nil || slices.ContainsFunc(participants, func(other identity.Participant) bool { return conflict(p, other) }) {
			excluded = append(excluded, Organisation(entry).GetName())
			continue
		}
		participants = append(participants, p)
	}
	return participants, excluded
}

// conflict says whether two participants could speak for each other.
func conflict(a, b identity.Participant) bool {
	return a.TrustDomain == b.TrustDomain || a.SharesAuthority(b)
}

// Excluded returns the names of entries that are shut out since they conflict with
// older ones or with the hub's own trust domain: the operator has to mend them.
func (d *Directory) Excluded() []string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return slices.Clone(d.excluded)
}

// Register makes an entry.
func (d *Directory) Register(ctx context.Context, entry *Entry) (*liaisonv1.Organisation, error) {
	return d.change(ctx, Organisation(entry).GetName(), func(before *Entry) (*Entry, error) {
		if before != nil {
			return nil, ErrExists
		}
		next := proto.CloneOf(entry)
		after := Organisation(next)
		after.CreateTime = timestamppb.New(d.now())
		after.State = liaisonv1.ParticipantState_PARTICIPANT_STATE_ACTIVE
		after.SuspensionReason = ""
		return next, nil
	})
}

// Update replaces an entry whole. Its etag must be the current one.
func (d *Directory) Update(ctx context.Context, entry *Entry) (*liaisonv1.Organisation, error) {
	return d.change(ctx, Organisation(entry).GetName(), func(before *Entry) (*Entry, error) {
		switch {
		case before == nil:
			return nil, ErrNotFound
		case Organisation(entry).GetEtag() != Organisation(before).GetEtag():
			return nil, ErrETag
		}
		next := proto.CloneOf(entry)
		was, after := Organisation(before), Organisation(next)
		after.CreateTime = was.GetCreateTime()
		after.State = was.GetState()
		after.SuspensionReason = was.GetSuspensionReason()
		return next, nil
	})
}

// Suspend takes a participant out, or back in if resume is set. An empty etag
// means whatever version there is.
func (d *Directory) Suspend(ctx context.Context, name resource.Organisation, meant string, resume bool, reason string) (*liaisonv1.Organisation, error) {
	return d.change(ctx, name.String(), func(before *Entry) (*Entry, error) {
		switch {
		case before == nil:
			return nil, ErrNotFound
		case meant != "" && meant != Organisation(before).GetEtag():
			return nil, ErrETag
		}
		next := proto.CloneOf(before)
		after := Organisation(next)
		after.State = liaisonv1.ParticipantState_PARTICIPANT_STATE_SUSPENDED
		after.SuspensionReason = reason
		if resume {
			after.State = liaisonv1.ParticipantState_PARTICIPANT_STATE_ACTIVE
			after.SuspensionReason = ""
		}
		return next, nil
	})
}

// change stores a new version of an entry: the one that next makes of what is there,
// which is nil if nothing is. Between the look and the write nothing gets by: in
// this process the lock sees to it, between processes the store's version.
func (d *Directory) change(ctx context.Context, named string, next func(before *Entry) (*Entry, error)) (*liaisonv1.Organisation, error) {
	name, err := resource.ParseOrganisation(named)
	if err != nil {
		return nil, err
	}
	d.write.Lock()
	defer d.write.Unlock()
	if _, err := d.refresh(ctx); err != nil { // another process may have written
		return nil, err
	}
	before, err := d.Entry(name)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	entry, err := next(before)
	if err != nil {
		return nil, err
	}
	after := Organisation(entry)
	after.UpdateTime = timestamppb.New(d.now())
	after.Etag = ""
	if err := d.check(entry, name); err != nil {
		return nil, err
	}
	body, err := proto.Marshal(entry)
	if err != nil {
		return nil, fmt.Errorf("encode the entry of %s: %w", name, err)
	}
	d.mu.RLock()
	version := d.versions[name]
	d.mu.RUnlock()
	err = d.store.Write(ctx, func(tx store.Tx) error {
		var err error
		version, err = tx.PutParticipant(ctx, store.Participant{Name: name, Version: version, Body: body})
		return err
	})
	switch {
	case errors.Is(err, store.ErrVersion) && before == nil:
		return nil, ErrExists
	case errors.Is(err, store.ErrVersion):
		return nil, ErrETag
	case err != nil:
		return nil, fmt.Errorf("store the entry of %s: %w", name, err)
	}
	after.Etag = etag(version)
	return after, d.replace(entry, name, version)
}

// replace publishes the directory with one entry changed.
func (d *Directory) replace(next *Entry, name resource.Organisation, version uint64) error {
	d.mu.RLock()
	entries := []*Entry{next}
	versions := map[resource.Organisation]uint64{name: version}
	for _, entry := range d.entries {
		if Organisation(entry).GetName() != name.String() {
			entries = append(entries, entry)
		}
	}
	for other, v := range d.versions {
		if other != name {
			versions[other] = v
		}
	}
	policies := d.policies
	d.mu.RUnlock()
	return d.publish(entries, policies, versions)
}

// check refuses an entry whose certificates cannot be read or are another's, whose
// trust domain is another's, or whose patterns are none: before it is stored, since
// an entry that is stored must be one that every hub can open with.
func (d *Directory) check(entry *Entry, name resource.Organisation) error {
	p, err := participant(Organisation(entry))
	if err != nil {
		return invalid("organisation.ca_certificates", err.Error())
	}
	if err := scope.CheckPatterns(entry.GetPlatform().GetCapabilities()); err != nil {
		return err
	}
	if err := checkWorkingDays(entry.GetPlatform().GetWorkingDays()); err != nil {
		return err
	}
	others := slices.Clone(d.hub)
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, other := range d.entries {
		if Organisation(other).GetName() == name.String() {
			continue
		}
		if known, err := participant(Organisation(other)); err == nil {
			others = append(others, known)
		}
	}
	for _, other := range others {
		if other.TrustDomain == p.TrustDomain {
			return ErrExists
		}
		if p.SharesAuthority(other) {
			return invalid("organisation.ca_certificates", "an authority among them is another participant's: each organisation has its own, so that none can speak for another")
		}
	}
	return nil
}

func invalid(field, description string) error {
	return &scope.Violations{Kind: scope.Invalid, Fields: []scope.Violation{{Field: field, Description: description}}}
}

// Entry returns a participant's entry.
func (d *Directory) Entry(name resource.Organisation) (*Entry, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	entry, ok := d.byName[name]
	if !ok {
		return nil, ErrNotFound
	}
	return entry, nil
}

// Organisation returns what a participant has in common with all others.
func (d *Directory) Organisation(name resource.Organisation) (*liaisonv1.Organisation, error) {
	entry, err := d.Entry(name)
	if err != nil {
		return nil, err
	}
	return Organisation(entry), nil
}

// Page returns up to limit entries of a collection, in the order of their names,
// behind the one named after, and whether there are more.
func (d *Directory) Page(collection resource.Collection, after string, limit int) (page []*Entry, more bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, entry := range d.entries {
		name := Organisation(entry).GetName()
		if !strings.HasPrefix(name, string(collection)+"/") || name <= after {
			continue
		}
		if len(page) == limit {
			return page, true
		}
		page = append(page, entry)
	}
	return page, false
}

// CheckFiling refuses a filing with a platform that does not take part or does not
// hold or accept what is asked, one that is beyond what the authority may file, one whose
// answer the hub could read where the authority's are sealed, and one without the reviewer
// that it needs.
func (d *Directory) CheckFiling(authority resource.Organisation, spec *liaisonv1.RequestSpec) error {
	name, err := resource.ParseOrganisation(spec.GetPlatform())
	if err != nil {
		return ErrNotFound
	}
	entry, err := d.Entry(name)
	if err != nil {
		return err
	}
	if !active(Organisation(entry)) {
		return ErrSuspended
	}
	if scope.InClear(spec) && d.requiresSealing(authority) {
		return ErrSealingRequired
	}
	if _, err := calendar.Every(spec.GetCalendar().GetTimeZone()); err != nil {
		return invalid("spec.calendar.time_zone", calendar.ErrZone.Error())
	}
	if err := scope.CheckCapabilities(spec, entry.GetPlatform().GetCapabilities()); err != nil {
		return err
	}
	if err := scope.CheckPolicy(spec, d.policy(authority)); err != nil {
		return err
	}
	if err := scope.CheckClaim(spec, d.laws(authority, spec)...); err != nil {
		return err
	}
	return d.checkReviewer(authority, spec)
}

// CheckActive refuses what needs an organisation that does not take part now.
func (d *Directory) CheckActive(name string) error {
	parsed, err := resource.ParseOrganisation(name)
	if err != nil {
		return ErrNotFound
	}
	organisation, err := d.Organisation(parsed)
	if err != nil {
		return err
	}
	if !active(organisation) {
		return ErrSuspended
	}
	return nil
}

// RequiresSignatures says whether nothing of an organisation is accepted unsigned: so it
// is unless its entry says otherwise.
func (d *Directory) RequiresSignatures(name resource.Organisation) bool {
	o, err := d.Organisation(name)
	return err != nil || o.GetSignaturePolicy() != liaisonv1.SignaturePolicy_SIGNATURE_POLICY_OPTIONAL
}

// requiresSealing says whether every answer to an authority must be sealed: so it is unless
// its entry says otherwise.
func (d *Directory) requiresSealing(authority resource.Organisation) bool {
	o, err := d.Organisation(authority)
	return err != nil || scope.RequiresSealing(o)
}

func active(o *liaisonv1.Organisation) bool {
	return o.GetState() == liaisonv1.ParticipantState_PARTICIPANT_STATE_ACTIVE
}

// Organisation returns the part of an entry that every participant has.
func Organisation(e *Entry) *liaisonv1.Organisation {
	switch p := e.GetParticipant().(type) {
	case *liaisonv1.RegisterParticipantRequest_Authority:
		return p.Authority.GetOrganisation()
	case *liaisonv1.RegisterParticipantRequest_Platform:
		return p.Platform.GetOrganisation()
	case *liaisonv1.RegisterParticipantRequest_OversightBody:
		return p.OversightBody.GetOrganisation()
	default:
		return nil
	}
}

func (d *Directory) now() time.Time { return d.clock().UTC().Truncate(time.Microsecond) }

func etag(version uint64) string { return strconv.FormatUint(version, 36) }
