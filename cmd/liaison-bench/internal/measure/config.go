package measure

import (
	"strings"
	"time"
)

// Full is what the report in the documentation is made with.
func Full() Config {
	return Config{
		Filing:   FilingConfig{Callers: []int{1, 16, 64, 256}, Rounds: 7, Round: time.Second},
		Stages:   StagesConfig{Each: time.Second, Batch: 64},
		Inbox:    InboxConfig{Filings: 2000},
		Watchers: WatchersConfig{Sizes: []int{1_000, 10_000}, PerConn: 100, Filings: 20},
		Growth:   GrowthConfig{Sizes: []int{10_000, 100_000, 1_000_000}, Samples: 300},
		Soak:     SoakConfig{Duration: 15 * time.Minute, Peak: 10 * time.Second, Workers: 8, Samples: 120},
	}
}

// Quick is c made so small that it only shows that everything works.
func Quick(c Config) Config {
	c.Filing = FilingConfig{Callers: []int{1, 4}, Rounds: 1, Round: 50 * time.Millisecond}
	c.Stages = StagesConfig{Each: 5 * time.Millisecond, Batch: 8}
	c.Inbox = InboxConfig{Filings: 20}
	c.Watchers = WatchersConfig{Sizes: []int{10, 20}, PerConn: 5, Filings: 2}
	c.Growth = GrowthConfig{Sizes: []int{200, 400}, Samples: 10}
	c.Soak = SoakConfig{Duration: 600 * time.Millisecond, Peak: 200 * time.Millisecond, Workers: 2, Samples: 6}
	return c
}

// Describe says in a line each what the benchmarks measure.
func Describe() string {
	var b strings.Builder
	for _, each := range benchmarks {
		b.WriteString("  " + each.name + strings.Repeat(" ", 10-len(each.name)) + each.what + "\n")
	}
	return b.String()
}
