package window

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// portfolio is n events over five years, in order of time as claims come in,
// each of them also a query at its own instant.
func portfolio(n, keys int) (Events, Queries) {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	ev := Events{Values: [][]int64{make([]int64, n)}, Codes: [][]int32{make([]int32, n)}}
	step := 5 * 365 * Day / int64(n)
	for i := range n {
		ev.Key = append(ev.Key, int32(r.IntN(keys)))
		ev.Happened = append(ev.Happened, int64(i)*step+r.Int64N(step))
		ev.Values[0][i] = r.Int64N(5_000_000)
		ev.Codes[0][i] = int32(r.IntN(10_000))
	}
	return ev, Queries{Key: ev.Key, At: ev.Happened}
}

// delayed makes every fifth event known up to 60 days after it happened.
func delayed(ev Events) Events {
	r := rand.New(rand.NewPCG(2, 2))
	ev.Known = append([]int64(nil), ev.Happened...)
	for i := range ev.Known {
		if r.IntN(5) == 0 {
			ev.Known[i] += r.Int64N(60 * Day)
		}
	}
	return ev
}

func fourWindows(dos ...Do) []Aggregate {
	var out []Aggregate
	for _, from := range []int64{30 * Day, 90 * Day, 365 * Day, Forever} {
		for _, do := range dos {
			a := Aggregate{Do: do, Window: Window{From: from}}
			if do == Count {
				a.Column = None
			}
			out = append(out, a)
		}
	}
	return out
}

// BenchmarkBatchSizes has far more queries than events, and the reverse.
func BenchmarkBatchSizes(b *testing.B) {
	for _, c := range []struct{ events, queries, keys int }{
		{100_000, 3_000_000, 300_000}, {3_000_000, 100_000, 300_000}, {100_000, 3_000_000, 50}, {3_000_000, 100_000, 50},
	} {
		ev, _ := portfolio(c.events, c.keys)
		_, q := portfolio(c.queries, c.keys)
		aggs := fourWindows(Count, Sum, Max)
		dst := make([][]float64, len(aggs))
		for a := range dst {
			dst[a] = make([]float64, c.queries)
		}
		b.Run(fmt.Sprintf("events=%d/queries=%d/keys=%d", c.events, c.queries, c.keys), func(b *testing.B) {
			for b.Loop() {
				if _, err := Batch(dst, ev, q, aggs, 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkBatch(b *testing.B) {
	const n = 1_000_000
	for _, c := range []struct {
		name string
		keys int
		late bool
		aggs []Aggregate
	}{
		{"vehicles", 300_000, false, fourWindows(Count, Sum, Max)},
		{"hotkeys", 50, false, fourWindows(Count, Sum, Max)},
		{"distinct", 300_000, false, fourWindows(Distinct)[2:3]},
		{"distinct_hotkeys", 50, false, fourWindows(Distinct)[2:3]},
		{"late_vehicles", 300_000, true, fourWindows(Count, Sum, Max)},
		{"late_hotkeys", 50, true, fourWindows(Count, Sum, Max)},
		{"late_hotkeys_count_sum", 50, true, fourWindows(Count, Sum)},
		{"one_key", 1, false, fourWindows(Count, Sum, Max)},
	} {
		ev, q := portfolio(n, c.keys)
		if c.late {
			ev = delayed(ev)
		}
		var dst [][]float64
		for range c.aggs {
			dst = append(dst, make([]float64, n))
		}
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/threads=%d", c.name, threads), func(b *testing.B) {
				for b.Loop() {
					if _, err := Batch(dst, ev, q, c.aggs, threads); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
