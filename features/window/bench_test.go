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

func BenchmarkState(b *testing.B) {
	for _, keys := range []int{300_000, 50} {
		ev, _ := portfolio(1_000_000, keys)
		aggs := fourWindows(Count, Sum, Max)
		s, err := NewState(aggs, 1, 1)
		if err != nil {
			b.Fatal(err)
		}
		i := 0
		b.Run(fmt.Sprintf("fold/keys=%d", keys), func(b *testing.B) {
			for b.Loop() {
				e := Event{Key: ev.Key[i%len(ev.Key)], Happened: ev.Happened[i%len(ev.Key)], Values: ev.Values[0][i%len(ev.Key):][:1], Codes: ev.Codes[0][i%len(ev.Key):][:1]}
				if err := s.Fold(e); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
		for ; i < len(ev.Key); i++ {
			if err := s.Fold(eventOf(ev, i)); err != nil {
				b.Fatal(err)
			}
		}
		var dst []float64
		b.Run(fmt.Sprintf("answer/keys=%d", keys), func(b *testing.B) {
			for j := 0; b.Loop(); j++ {
				dst, _ = s.Answer(dst[:0], int32(j*7919%keys), 5*365*Day)
			}
		})
		data, _ := s.AppendBinary(nil)
		b.Run(fmt.Sprintf("restore/keys=%d", keys), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := Restore(data, aggs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
