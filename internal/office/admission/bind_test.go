package admission_test

import (
	"context"
	"errors"
	"math/big"
	"testing"
	"testing/synctest"
	"time"

	"github.com/liaison-protocol/liaison/internal/office/admission"
	"github.com/liaison-protocol/liaison/internal/proof/identity"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
)

// TestABoundStreamLastsAsLongAsItsAdmission plays on a clock that jumps. The bubble
// fails by itself if a goroutine of Bind's outlives its stream.
func TestABoundStreamLastsAsLongAsItsAdmission(t *testing.T) {
	for _, test := range []struct {
		name string
		list time.Duration // until its next update; zero: no list
		leaf time.Duration
		want identity.Reason
	}{
		{"to its certificate's end", 0, time.Hour, identity.Expired},
		{"to its revocation list's next update", time.Hour, 2 * time.Hour, identity.RevocationListOverdue},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := bubbleWorld(t)
				leaf := must(w.moc.Issue(pki.Request{Role: "officer", Name: "amal", NotAfter: time.Now().Add(test.leaf)}))
				if test.list > 0 {
					w.admit(t, pki.RevocationListPEM(must(w.moc.RevocationList(nil, 1, time.Now().Add(test.list)))), false)
				}
				bound, release := admission.Bind(over(t.Context(), leaf), w.registry)
				defer release()
				time.Sleep(time.Hour - time.Second) // the bubble's clock: no time passes
				synctest.Wait()
				if bound.Err() != nil {
					t.Fatalf("it ended early for: %v", context.Cause(bound))
				}
				<-bound.Done()
				if reasonOf(context.Cause(bound)) != test.want {
					t.Errorf("it ended for: %v", context.Cause(bound))
				}
			})
		})
	}
}

func TestABoundStreamOutlastsWhatDoesNotConcernIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bubbleWorld(t)
		bound, release := admission.Bind(over(t.Context(), w.officer()), w.registry)
		another := w.officer()
		for number := range int64(3) {
			w.admit(t, pki.RevocationListPEM(must(w.moc.RevocationList([]*big.Int{another.Certificate.SerialNumber}, number+1, time.Now().Add(time.Hour)))), false)
			synctest.Wait()
			if bound.Err() != nil {
				t.Fatalf("it ended for: %v", context.Cause(bound))
			}
		}
		release()
		<-bound.Done()
	})
}

func TestAStreamIsBoundToItsCallToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bubbleWorld(t)
		gone := errors.New("the caller is gone")
		call, hangUp := context.WithCancelCause(over(t.Context(), w.officer()))
		bound, release := admission.Bind(call, w.registry)
		defer release()
		hangUp(gone)
		<-bound.Done()
		if !errors.Is(context.Cause(bound), gone) {
			t.Errorf("it ended for: %v", context.Cause(bound))
		}
	})
}

func TestNobodyIsBoundWithoutAConnection(t *testing.T) {
	w := newWorld(t)
	bound, release := admission.Bind(t.Context(), w.registry)
	defer release()
	<-bound.Done()
	if reasonOf(context.Cause(bound)) != identity.NoCertificate {
		t.Errorf("it ended for: %v", context.Cause(bound))
	}
}

// bubbleWorld is a world on the bubble's clock.
func bubbleWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		registry: identity.NewRegistry(time.Now),
		moc:      must(pki.NewCA("moc.example", time.Now)), hub: must(pki.NewCA("hub.example", time.Now)),
	}
	w.admit(t, nil, false)
	return w
}
