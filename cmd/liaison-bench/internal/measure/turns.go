package measure

import (
	"context"
	"slices"
	"time"
)

// turns are rounds in which baseline and hub take turns, so that whatever else the
// machine does slows both down.
type turns struct {
	*filing
	bare, hub contender
	ratios    []float64       // a round's each
	fsyncs    []time.Duration // between the rounds, where one caller is compared with the disk
}

// contender is one of the two.
type contender struct {
	load
	calls int // that make a round
	rates []float64
	took  []time.Duration
	cpu   time.Duration
}

// take makes a round's calls.
func (c *contender) take(ctx context.Context, signed signedFilings) error {
	run, err := c.drive(ctx, signed, c.calls)
	c.rates = append(c.rates, run.perSecond())
	c.took = append(c.took, run.took...)
	c.cpu += run.cpu
	return err
}

// last is the last round's rate.
func (c *contender) last() float64 { return c.rates[len(c.rates)-1] }

func (c *contender) cpuPerCall() time.Duration {
	return time.Duration(ratio(float64(c.cpu), float64(len(c.took))))
}

// warmUp makes a first, short round of each, which tells how many calls make a whole one.
func (t *turns) warmUp(ctx context.Context) error {
	n := max(2*t.hub.callers, 50)
	signed, err := newFilings(ctx, t.signer, t.spec, n)
	if err != nil {
		return err
	}
	for _, c := range []*contender{&t.bare, &t.hub} {
		run, err := c.drive(ctx, signed, n)
		if err != nil {
			return err
		}
		c.calls = max(c.callers, int(run.perSecond()*t.c.Filing.Round.Seconds()))
	}
	return nil
}

// round makes one round of each.
func (t *turns) round(ctx context.Context, round int) error {
	signed, err := newFilings(ctx, t.signer, t.spec, t.hub.calls)
	if err != nil {
		return err
	}
	order := []*contender{&t.bare, &t.hub}
	if round%2 == 1 {
		slices.Reverse(order) // so that neither always comes after the other
	}
	for _, c := range order {
		if err := c.take(ctx, signed); err != nil {
			return err
		}
	}
	t.ratios = append(t.ratios, ratio(t.hub.last(), t.bare.last()))
	if t.hub.callers == 1 {
		took, err := measureFsync(t.dir, fsyncs)
		if err != nil {
			return err
		}
		t.fsyncs = append(t.fsyncs, took...)
	}
	t.c.progress("%d callers, round %d of %d: %.0f a second, baseline %.0f",
		t.hub.callers, round+1, t.c.Filing.Rounds, t.hub.last(), t.bare.last())
	return nil
}
