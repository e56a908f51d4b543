package storetest

import (
	"context"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store"
)

// denoting gives a request the hashes of these things.
func denoting(things ...byte) edit {
	return func(e *store.Entry) { e.Selectors = hashesOf(things...) }
}

func hashesOf(things ...byte) []store.SelectorHash {
	var hashes []store.SelectorHash
	for _, thing := range things {
		hashes = append(hashes, store.SelectorHash{thing, 15: 0xff})
	}
	return hashes
}

// forgetting has a request denote these things no more.
func forgetting(things ...byte) edit {
	return func(e *store.Entry) { e.Forgotten = hashesOf(things...) }
}

func testSharing(t *testing.T, s store.Store) {
	ctx := context.Background()
	first := filed(1, 1, denoting(1, 2, 2), hidden) // one thing twice
	appendAll(t, s, first, filed(2, 2, denoting(2, 3)), filed(3, 3), filed(4, 4, denoting(2)))
	of := func(n int, visible bool) store.Sharing {
		return store.Sharing{ID: requestID(n), Created: resource.Seq(n), Visible: visible}
	}
	one, two, three := hashesOf(1)[0], hashesOf(2)[0], hashesOf(3)[0]
	sharing := func(tx store.Tx, limit int, things ...byte) map[store.SelectorHash][]store.Sharing {
		return sharingOf(tx, limit, hashesOf(things...))
	}
	write(t, s, func(tx store.Tx) error {
		equal(t, "all", sharing(tx, 9, 1, 2, 3, 4, 2), map[store.SelectorHash][]store.Sharing{
			one: {of(1, false)}, two: {of(4, true), of(2, true), of(1, false)}, three: {of(2, true)},
		})
		equal(t, "the latest", sharing(tx, 2, 2), map[store.SelectorHash][]store.Sharing{two: {of(4, true), of(2, true)}})
		equal(t, "none of none", sharing(tx, 9), map[store.SelectorHash][]store.Sharing{})
		equal(t, "none for a limit of zero", sharing(tx, 0, 2), map[store.SelectorHash][]store.Sharing{})
		if err := tx.Append(ctx, []store.Entry{filed(5, 5, denoting(3))}, []byte("checkpoint")); err != nil {
			return err
		}
		equal(t, "in the batch", sharing(tx, 9, 3), map[store.SelectorHash][]store.Sharing{three: {of(5, true), of(2, true)}})
		return nil
	})
	r := first.Request
	r.Visible = true
	appendAll(t, s, next(6, r, forgetting(2, 3))) // of which it has one
	write(t, s, func(tx store.Tx) error {
		equal(t, "once it is visible and has forgotten one", sharing(tx, 9, 1, 2), map[store.SelectorHash][]store.Sharing{
			one: {of(1, true)}, two: {of(4, true), of(2, true)},
		})
		return nil
	})
	r.Version = 6
	appendAll(t, s, next(7, r, purging, forgetting(1)))
	write(t, s, func(tx store.Tx) error {
		equal(t, "once it was purged", sharing(tx, 9, 1, 2), map[store.SelectorHash][]store.Sharing{two: {of(4, true), of(2, true)}})
		return nil
	})
}

// testForgettingAtOnce has one append file requests and take back what they denote.
func testForgettingAtOnce(t *testing.T, s store.Store) {
	first, second := filed(1, 1, denoting(1, 2)), filed(2, 2, denoting(1))
	appendAll(t, s, first, second, next(3, first.Request, forgetting(1)), next(4, second.Request, purging, forgetting(1)))
	write(t, s, func(tx store.Tx) error {
		equal(t, "what is left", sharingOf(tx, 9, hashesOf(1, 2)), map[store.SelectorHash][]store.Sharing{
			hashesOf(2)[0]: {{ID: requestID(1), Created: 1, Visible: true}},
		})
		return nil
	})
}

func sharingOf(tx store.Tx, limit int, hashes []store.SelectorHash) map[store.SelectorHash][]store.Sharing {
	return must(tx.LookUp(context.Background(), store.Keys{Selectors: hashes, Sharing: limit})).Sharing
}
