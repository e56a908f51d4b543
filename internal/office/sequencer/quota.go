package sequencer

import (
	"context"
	"fmt"
	"time"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/store"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// ErrQuota says that an authority has filed as many requests today as it may.
type ErrQuota struct {
	Subject string        // whose quota it is: the authority's, or that of the platform it files with
	Most    int           // how many may be filed
	What    string        // "requests" or "emergencies"
	Renewed time.Duration // until it begins anew
}

// Error tells the quota and when it begins anew.
func (e *ErrQuota) Error() string {
	return fmt.Sprintf("at most %d %s a day (%s), and so many were filed; it begins anew at midnight UTC", e.Most, e.What, e.Subject)
}

// filings are those of the day, as far as they were asked for: what the archive has, and
// what this batch adds to it. They are the batch's alone, since another hub may file in
// between two.
type filings struct {
	day    int64
	stored map[resource.Organisation]map[store.Filing]int
	added  map[store.Filing]int
}

func (f *filings) add(filing store.Filing) {
	if f.added == nil {
		f.added = make(map[store.Filing]int)
	}
	f.added[filing]++
}

// of returns how many filings of an authority, in all and with one platform, a day has
// so far.
func (f *filings) of(authority, platform resource.Organisation, day int64, emergency bool) (all, pair int) {
	for _, counts := range []map[store.Filing]int{f.stored[authority], f.added} {
		for filing, n := range counts {
			if filing.Authority != authority || filing.Day != day || filing.Emergency != emergency {
				continue
			}
			all += n
			if filing.Platform == platform {
				pair += n
			}
		}
	}
	return all, pair
}

// checkQuota refuses a filing where the day's are used up. Drills are not held to it.
func (d *decision) checkQuota(e *liaisonv1.Event, authority resource.Organisation, spec *liaisonv1.RequestSpec, at time.Time) error {
	if e.GetFiled() == nil || spec.GetTest() {
		return nil
	}
	emergency := record.Emergency(spec)
	mostOfAll, mostOfPair := d.sequencer.directory.Quotas(authority, spec.GetPlatform(), emergency)
	if mostOfAll == 0 && mostOfPair == 0 {
		return nil
	}
	platform, err := resource.ParseOrganisation(spec.GetPlatform())
	if err != nil {
		return err
	}
	day := store.DayOf(at)
	if err := d.loadFilings(authority, day); err != nil {
		return err
	}
	what := "requests"
	if emergency {
		what = "emergencies"
	}
	all, pair := d.filings.of(authority, platform, day, emergency)
	midnight := time.Unix((day+1)*24*60*60, 0)
	switch {
	case mostOfAll > 0 && all >= mostOfAll:
		return &ErrQuota{Subject: authority.String(), Most: mostOfAll, What: what, Renewed: midnight.Sub(at)}
	case mostOfPair > 0 && pair >= mostOfPair:
		return &ErrQuota{Subject: platform.String(), Most: mostOfPair, What: what, Renewed: midnight.Sub(at)}
	default:
		return nil
	}
}

// loadFilings reads what the archive has of an authority's day, once a batch.
func (d *decision) loadFilings(authority resource.Organisation, day int64) error {
	if d.filings.stored == nil || d.filings.day != day { // a batch may last beyond midnight
		d.filings.day, d.filings.stored = day, make(map[resource.Organisation]map[store.Filing]int)
	}
	if _, ok := d.filings.stored[authority]; ok {
		return nil
	}
	found, err := d.tx.Filings(context.Background(), authority, day)
	if err != nil {
		return fmt.Errorf("count the filings of the day: %w", err)
	}
	d.filings.stored[authority] = found
	return nil
}

// counts says whether an event is a filing that a quota counts.
func (d *decision) counts(e *liaisonv1.Event) bool {
	spec := e.GetFiled().GetSpec()
	if spec == nil || spec.GetTest() {
		return false
	}
	authority, err := resource.ParseOrganisation(e.GetAuthority())
	if err != nil {
		return false
	}
	all, pair := d.sequencer.directory.Quotas(authority, spec.GetPlatform(), record.Emergency(spec))
	return all > 0 || pair > 0
}
