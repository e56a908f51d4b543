package storetest_test

import (
	"testing"

	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/storetest"
)

// The twin keeps the promises that it is the measure of. It keeps nothing on disk
// and serves one process.
func TestTwin(t *testing.T) {
	storetest.Run(t, storetest.Harness{Open: func(*testing.T) store.Store { return storetest.NewTwin() }})
}
