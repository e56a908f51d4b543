// Package rows is what the engines of the archive have in common that keep it in the rows
// of a database: what a row holds, how a value is stored, who may write when, and what a
// failure says. It knows neither driver.
package rows

import (
	"context"
	"sync"
)

// Calls are those in progress on an open database. The zero value is open.
type Calls struct {
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup // added to under mu while not closed
}

// Enter announces a call; Leave must follow.
func (c *Calls) Enter() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return ErrClosed
	}
	c.running.Add(1)
	return nil
}

// Leave ends a call.
func (c *Calls) Leave() { c.running.Done() }

// Close has every further Enter fail, calls ending, and waits for the calls in progress.
func (c *Calls) Close(ending func()) error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return ErrClosed
	}
	c.closed = true
	ending()
	c.mu.Unlock()
	c.running.Wait()
	return nil
}

// Turn is held by the Write that is running. A channel serves those who wait in the order
// in which they came.
type Turn chan struct{}

// NewTurn returns a turn that nobody has.
func NewTurn() Turn { return make(Turn, 1) }

// Take waits for the turn; Give must follow.
func (t Turn) Take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Give gives the turn to the next.
func (t Turn) Give() { <-t }
