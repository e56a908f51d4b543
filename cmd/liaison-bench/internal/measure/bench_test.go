package measure

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/liaison-protocol/liaison/internal/store"
	"github.com/liaison-protocol/liaison/internal/store/sqlite"
)

// asChild has this test program be a child process, as the command is one of itself.
const asChild = "LIAISON_BENCH_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(asChild) == "" {
		os.Exit(m.Run())
	}
	if err := ServeChild(context.Background(), openSQLite, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func openSQLite(ctx context.Context, dir, name string) (store.Store, error) {
	return sqlite.Open(ctx, filepath.Join(dir, name+".db"))
}

// quick is a run that only shows that everything works.
func quick(t testing.TB) Config {
	t.Helper()
	t.Setenv(asChild, "1")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := Quick(Full())
	c.Dir, c.Open, c.Engine, c.Child = t.TempDir(), openSQLite, "SQLite", []string{program}
	return c
}

// BenchmarkFiling tells what share of a bare call's rate filings reach.
func BenchmarkFiling(b *testing.B) {
	for _, callers := range []int{1, 16, 64, 256} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			c := quick(b)
			c.Filing = Full().Filing
			c.Filing.Callers, c.Filing.Rounds = []int{callers}, 3
			r := run(b, c, "filing").Filing.Levels[0]
			b.ReportMetric(r.Hub, "filings/s")
			b.ReportMetric(100*r.Ratio, "%_of_bare")
			b.ReportMetric(100*r.SDKRatio, "%_of_those_without_SDK")
			b.ReportMetric(100*r.SDKKeptRatio, "%_kept_on_disk")
		})
	}
}

// BenchmarkStages tells what each stage of a filing costs, and what share that is of a
// bare call.
func BenchmarkStages(b *testing.B) {
	c := quick(b)
	c.Stages = Full().Stages
	r := run(b, c, "stages").Stages
	for _, stage := range r.Stages {
		b.Run(stage.Name, func(b *testing.B) {
			b.ReportMetric(float64(stage.Cost.Nanoseconds())/1000, "µs/filing")
			b.ReportMetric(100*ratio(float64(stage.Cost), float64(r.Baseline)), "%_of_bare")
			b.ReportMetric(stage.Allocs, "allocs/filing")
		})
	}
}

// BenchmarkInbox tells how soon a platform hears of a filing, in the filing's own time.
func BenchmarkInbox(b *testing.B) {
	c := quick(b)
	c.Inbox = Full().Inbox
	r := run(b, c, "inbox").Inbox
	b.ReportMetric(r.Ratio, "of_the_filing")
}

// BenchmarkWatchers tells what a watch costs in bare streams.
func BenchmarkWatchers(b *testing.B) {
	c := quick(b)
	c.Watchers = Full().Watchers
	c.Watchers.Sizes = c.Watchers.Sizes[:1]
	r := run(b, c, "watchers").Watchers[0]
	b.ReportMetric(r.Ratio, "memory_of_bare")
	b.ReportMetric(r.FanOut, "time_of_bare")
}

// BenchmarkGrowth tells what ten times as many requests change.
func BenchmarkGrowth(b *testing.B) {
	c := quick(b)
	c.Growth = Full().Growth
	c.Growth.Sizes = []int{2_000, 20_000}
	sizes := run(b, c, "growth").Growth.Sizes
	b.ReportMetric(ratio(float64(sizes[1].Page), float64(sizes[0].Page)), "page")
	b.ReportMetric(ratio(float64(sizes[1].Filing), float64(sizes[0].Filing)), "filing")
	b.ReportMetric(ratio(float64(sizes[1].Start), float64(sizes[0].Start)), "start")
}

func run(t testing.TB, c Config, names ...string) *Report {
	t.Helper()
	r, err := Run(t.Context(), c, names...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
