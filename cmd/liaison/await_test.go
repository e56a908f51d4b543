package main

import (
	"context"
	"testing"
	"time"
)

// TestAnEndThatIsAtHandIsWaitedFor: a hub may say that a call's time is over before the one
// who waits has noticed.
func TestAnEndThatIsAtHandIsWaitedFor(t *testing.T) {
	at, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if awaitEnd(at); at.Err() == nil {
		t.Error("it was not waited for")
	}
	far, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	for _, ctx := range []context.Context{far, t.Context()} {
		if awaitEnd(ctx); ctx.Err() != nil {
			t.Error("an end that is far was waited for")
		}
	}
}
