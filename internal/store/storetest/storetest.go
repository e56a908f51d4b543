// Package storetest states what package store promises as tests. Every engine
// runs them, and so does the twin: a store in memory that is slow, forgetful and
// obviously right, against which the engines are also compared over random calls.
package storetest

import (
	"testing"

	"github.com/liaison-protocol/liaison/internal/store"
)

// Harness opens the engine under test.
type Harness struct {
	// Open returns a store on a new, empty database. It closes the store when t
	// ends, if it is still open then.
	Open func(t *testing.T) store.Store

	// Reopen closes s, if it is still open, and opens its database once more, as a
	// hub does that was restarted. Nil if the engine keeps nothing.
	Reopen func(t *testing.T, s store.Store) store.Store

	// Join opens the database of s a second time beside it, as another process
	// would. Nil if the engine serves one process alone.
	Join func(t *testing.T, s store.Store) store.Store
}

// Run holds an engine to every promise of package store.
func Run(t *testing.T, h Harness) {
	type promise struct {
		name string
		test func(*testing.T, store.Store)
	}
	for _, p := range []promise{
		{"an empty archive", testEmpty},
		{"what was written reads back whole", testReadsBack},
		{"several steps of one request in a batch leave the last projection", testLastProjectionStays},
		{"several appends in a batch go on from each other", testAppendsGoOn},
		{"a batch reads what it has written, and nobody else does", testBatchSeesItself},
		{"nothing of a failed batch remains", testFailedBatch},
		{"contradictory entries are refused", testContradictions},
		{"a transaction ends with its Write", testTxEnds},
		{"lookups in a batch find what exists and nothing else", testLookups},
		{"a call is remembered once", testCalls},
		{"answers are enclosed in order and never in events", testAnswers},
		{"feeds are kept apart", testFeeds},
		{"feeds have indexes, and events hashes", testFeedIndexes},
		{"filings are counted by day, platform and urgency", testFilings},
		{"who shares a selector is found until it is purged", testSharing},
		{"what is denoted and taken back in one append is not found", testForgettingAtOnce},
		{"what is over is found", testOver},
		{"what is due is found", testDue},
		{"what was purged is gone, and nothing else", testPurge},
		{"events come in order and in pages", testEventPages},
		{"requests are selected by every condition", testSelection},
		{"requests are selected by a reference that changes", testChangingReferences},
		{"requests come in order of creation, both ways", testOrder},
		{"walking pages while others write neither skips nor repeats", testWalk},
		{"participants are created, replaced and never overwritten unseen", testParticipants},
		{"a waiting Write gives up with its context", testWaiting},
		{"readers see no gaps while writers write", func(t *testing.T, s store.Store) { testConcurrency(t, s, s) }},
		{"a closed store serves nothing", testClosed},
	} {
		t.Run(p.name, func(t *testing.T) { p.test(t, h.Open(t)) })
	}
	if h.Reopen != nil {
		t.Run("what was acknowledged is there after a restart", func(t *testing.T) { testRestart(t, h) })
	}
	if h.Join != nil {
		t.Run("writers of two processes are serialised", func(t *testing.T) {
			s := h.Open(t)
			testConcurrency(t, s, h.Join(t, s))
		})
		t.Run("who listens hears of what any process writes", func(t *testing.T) { testWake(t, h) })
	}
	t.Run("it does what its twin does", func(t *testing.T) { testTwin(t, h) })
}
