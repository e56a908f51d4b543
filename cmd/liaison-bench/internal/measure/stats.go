package measure

import (
	"cmp"
	"math"
	"slices"
	"syscall"
	"time"
)

// Latencies are how long calls took.
type Latencies struct {
	Count int           `json:"count"`
	P50   time.Duration `json:"p50_ns"`
	P99   time.Duration `json:"p99_ns"`
}

// latenciesOf sorts what it is given.
func latenciesOf(took []time.Duration) Latencies {
	slices.Sort(took)
	return Latencies{Count: len(took), P50: quantile(took, 0.50), P99: quantile(took, 0.99)}
}

// quantile returns the smallest value that this share of the sorted values does not exceed.
func quantile[N cmp.Ordered](sorted []N, share float64) N {
	var none N
	if len(sorted) == 0 {
		return none
	}
	at := int(math.Ceil(share*float64(len(sorted)))) - 1
	return sorted[min(max(at, 0), len(sorted)-1)]
}

// median is that of an unsorted list; of an even number, the mean of the middle two.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// ratio is zero where there is nothing to compare with.
func ratio[N ~int64 | ~float64](measured, baseline N) float64 {
	if baseline == 0 {
		return 0
	}
	return float64(measured) / float64(baseline)
}

func perSecond(n int, took time.Duration) float64 { return ratio(float64(n), took.Seconds()) }

// processorTime is what this process has used of all processors so far.
func processorTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
