// Package measure measures a hub: how many filings it takes, what each stage of one
// costs, how soon a platform hears of it, what those who wait cost, what a large
// archive changes, and whether anything grows that should not.
//
// Nothing here is a promise in seconds. Machines differ and so does what else they do,
// so that every figure stands beside a baseline that was measured in the same run, in
// turns with it, and what counts is the ratio of the two. Nothing is asserted either:
// a report says what was measured and what the design asks for, and people read it.
//
// The hub that is measured is whole: mutual TLS, access rules, the contract's rules,
// signatures, the lifecycle, the ledger, a durable store, a log and metrics. Only the
// limits that protect a hub from its callers are lifted.
package measure

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/liaison-protocol/liaison/internal/store"
)

// Opener opens the archive of this name, empty at first, and again later with what is
// in it. An engine that keeps files keeps them in dir.
type Opener func(ctx context.Context, dir, name string) (store.Store, error)

// Config is what is measured and for how long. Quick and Full make whole ones.
type Config struct {
	// Dir is a folder on the disk that is to be measured. What a run makes there it
	// removes.
	Dir string

	// Open opens archives, and Engine is what the report calls them.
	Open   Opener
	Engine string

	// Child starts this program again so that it calls ServeChild: the path of the
	// program and its arguments. A hub whose memory is measured runs there.
	Child []string

	// Progress is told in a line what is being measured. Nil: nobody is told.
	Progress func(line string)

	// Clock dates the report. Nil: time.Now.
	Clock func() time.Time

	Filing   FilingConfig
	Stages   StagesConfig
	Inbox    InboxConfig
	Watchers WatchersConfig
	Growth   GrowthConfig
	Soak     SoakConfig
}

// benchmarks are all there are, in the order in which they run and are reported.
var benchmarks = []struct {
	name, what string
	run        func(context.Context, *Config, *Report) error
}{
	{"filing", "signed filings a second over mutual TLS, and a lone one's latency", runFiling},
	{"stages", "where the time of a filing goes", runStages},
	{"inbox", "how soon a platform hears of a filing", runInbox},
	{"watchers", "what those who wait cost, and how soon all have an event", runWatchers},
	{"growth", "what a large archive changes", runGrowth},
	{"soak", "whether a hub stays as it is under load for a while", runSoak},
}

// Compared are the benchmarks that tell one engine from another. The others measure
// what is the same on all, or, as a large archive, one engine's own work.
var Compared = []string{"filing", "inbox"}

// Names are those of the benchmarks, in the order in which they run.
func Names() []string {
	var names []string
	for _, b := range benchmarks {
		names = append(names, b.name)
	}
	return names
}

// ErrName says that there is no benchmark of a name.
var ErrName = errors.New("there is no such benchmark")

// Run runs the benchmarks of these names, or all if there is none, and reports.
func Run(ctx context.Context, c Config, names ...string) (*Report, error) {
	for _, name := range names {
		if !slices.Contains(Names(), name) {
			return nil, fmt.Errorf("%w: %q; there are %s", ErrName, name, strings.Join(Names(), ", "))
		}
	}
	if c.Progress == nil {
		c.Progress = func(string) {}
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	machine, err := describe(c.Dir)
	if err != nil {
		return nil, err
	}
	r := &Report{Time: c.Clock().UTC(), Machine: machine, Engine: c.Engine}
	for _, b := range benchmarks {
		if len(names) > 0 && !slices.Contains(names, b.name) {
			continue
		}
		c.Progress(b.name)
		if err := b.run(ctx, &c, r); err != nil {
			return nil, fmt.Errorf("%s: %w", b.name, err)
		}
	}
	return r, nil
}

// progress tells in a line what is being measured.
func (c *Config) progress(format string, args ...any) {
	c.Progress("  " + fmt.Sprintf(format, args...))
}

// workspace is a folder of one benchmark with an archive in it, and a hub over it.
type workspace struct {
	*world
	dir   string
	store *counted
	hub   *hub
}

// newWorkspace opens an archive of this name with the example's participants and starts
// a hub over it. Close must follow.
func newWorkspace(ctx context.Context, c *Config, name string) (w *workspace, err error) {
	w = &workspace{}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	if w.world, err = newWorld(); err != nil {
		return w, err
	}
	if w.dir, err = os.MkdirTemp(c.Dir, "liaison-bench-"); err != nil {
		return w, err
	}
	if err := w.open(ctx, c, name); err != nil {
		return w, err
	}
	if err := w.register(ctx, w.store); err != nil {
		return w, err
	}
	w.hub, err = w.openHub(ctx, w.store, w.dir)
	return w, err
}

func (w *workspace) open(ctx context.Context, c *Config, name string) error {
	opened, err := c.Open(ctx, w.dir, name)
	if err != nil {
		return fmt.Errorf("open the archive: %w", err)
	}
	w.store = &counted{Store: opened}
	return nil
}

func (w *workspace) close() error {
	var err error
	if w.hub != nil {
		err = w.hub.stop()
	}
	if w.store != nil {
		err = errors.Join(err, w.store.Close())
	}
	if w.dir != "" {
		err = errors.Join(err, os.RemoveAll(w.dir))
	}
	return err
}

// size is how many bytes the archive's files have; zero if it is not kept in files.
func (w *workspace) size() (bytes int64, err error) {
	err = w.eachFile(func(file *os.File) error {
		info, err := file.Stat()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	return bytes, err
}

// eachFile calls visit with each of the archive's files, opened to be read.
func (w *workspace) eachFile(visit func(*os.File) error) error {
	entries, err := os.ReadDir(w.dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) == ".log" {
			continue
		}
		file, err := os.Open(filepath.Join(w.dir, entry.Name()))
		if err != nil {
			return err
		}
		if err := errors.Join(visit(file), file.Close()); err != nil {
			return err
		}
	}
	return nil
}

// counted counts commits of steps. What the hub looks after by itself, and finds nothing
// to do, is none.
type counted struct {
	store.Store
	commits atomic.Int64
}

// Write implements [store.Store].
func (c *counted) Write(ctx context.Context, batch func(store.Tx) error) error {
	appended := false
	err := c.Store.Write(ctx, func(tx store.Tx) error { return batch(&countedTx{tx, &appended}) })
	if appended && err == nil {
		c.commits.Add(1)
	}
	return err
}

// countedTx notes whether anything is appended.
type countedTx struct {
	store.Tx
	appended *bool
}

// Append implements [store.Tx].
func (t *countedTx) Append(ctx context.Context, entries []store.Entry, checkpoint []byte) error {
	*t.appended = *t.appended || len(entries) > 0
	return t.Tx.Append(ctx, entries, checkpoint)
}
