package window

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// BenchmarkOwnAnswer reports, for a key with a million events, the median and
// the 99th percentile of Answer at the newest instant (tie) and after it (new)
// for somebody with own events, and for nobody.
func BenchmarkOwnAnswer(b *testing.B) {
	placed := append(indicators(), Aggregate{Do: SinceLast, Window: Window{From: Forever}, Column: None},
		Aggregate{Do: GapMin, Window: Window{From: 365 * Day}, Column: None})
	for _, c := range []struct {
		stateCase
		aggs   []Aggregate
		people bool // every code belongs to one owner or two
		each   int  // own events of an owner
	}{
		{stateCase{name: "counts", n: 1_000_000, keys: 1}, fourWindows(Count, Sum), false, 1},
		{stateCase{name: "extremes", n: 1_000_000, keys: 1}, fourWindows(Count, Sum, Max), false, 1},
		{stateCase{name: "indicators", n: 1_000_000, keys: 1}, indicators(), false, 1},
		{stateCase{name: "placed", n: 1_000_000, keys: 1}, placed, false, 1},
		{stateCase{name: "people", n: 1_000_000, keys: 1}, placed, true, 1},
		{stateCase{name: "people_with_three", n: 1_000_000, keys: 1}, placed, true, 3},
		{stateCase{name: "dates", n: 1_000_000, keys: 1, day: true}, indicators(), false, 1},
		{stateCase{name: "late", n: 1_000_000, keys: 1, late: true}, indicators(), false, 1},
		{stateCase{name: "many_keys", n: 1_000_000, keys: 300_000}, indicators(), false, 1},
	} {
		b.Run(c.name, func(b *testing.B) {
			ev := c.history()
			owner := map[int32][]int{}
			for i := range ev.Key {
				ev.Owner = append(ev.Owner, int32(i/c.each))
				if c.people {
					ev.Codes[0][i] = int32(i / c.each * 2 / 3)
				}
				owner[ev.Owner[i]] = append(owner[ev.Owner[i]], i)
			}
			s := foldAll(b, ev, c.aggs)
			newest := slices.Max(ev.Happened)
			if ev.Known != nil {
				newest = slices.Max(ev.Known)
			}
			for b.Loop() {
				for name, t := range map[string]int64{"new": newest + 1, "tie": newest} {
					for _, asks := range []bool{true, false} {
						p50, p99 := ownPercentiles(b, s, ev, owner, t, asks)
						who := "own-"
						if !asks {
							who = "nobody-"
						}
						b.ReportMetric(p50, "us/"+who+name+"-p50")
						b.ReportMetric(p99, "us/"+who+name+"-p99")
					}
				}
			}
			b.ReportMetric(float64(s.Size())/float64(c.n), "B/event")
		})
	}
}

// ownPercentiles times answers to owners, in microseconds.
func ownPercentiles(tb testing.TB, s *State, ev Events, events map[int32][]int, t int64, asks bool) (p50, p99 float64) {
	r := rand.New(rand.NewPCG(1, 45))
	var dst []float64
	took := make([]float64, 2000)
	for round := range took {
		i := r.IntN(len(ev.Key))
		own := Own{Owner: -1}
		if asks {
			own.Owner = ev.Owner[i]
			for _, e := range events[own.Owner] {
				own.Happened = append(own.Happened, ev.Happened[e])
			}
		}
		start := time.Now()
		var err error
		if dst, err = s.Answer(dst[:0], ev.Key[i], t, own); err != nil {
			tb.Fatal(err)
		}
		took[round] = float64(time.Since(start).Nanoseconds()) / 1000
	}
	slices.Sort(took)
	return took[len(took)/2], took[len(took)*99/100]
}

// owned makes every query of a portfolio ask a day after its own event.
func owned(ev Events) (Events, Queries) {
	q := Queries{Key: ev.Key}
	for i, at := range ev.Happened {
		ev.Owner = append(ev.Owner, int32(i))
		q.At = append(q.At, at+Day)
	}
	if ev.Known != nil {
		for i, at := range ev.Known {
			q.At[i] = max(q.At[i], at+1)
		}
	}
	q.Owner = ev.Owner
	return ev, q
}

// BenchmarkOwners compares a run in which every query has an own event in its
// windows with the same run without owners.
func BenchmarkOwners(b *testing.B) {
	placed := []Aggregate{}
	for _, do := range []Do{Min, First, SinceLast, GapMean, GapMin, GapStd} {
		placed = append(placed, Aggregate{Do: do, Window: Window{From: 365 * Day}})
	}
	for _, c := range []struct {
		name    string
		n, keys int
		late    bool
		dates   bool
		aggs    []Aggregate
	}{
		{"vehicles", 1_000_000, 300_000, false, false, fourWindows(Count, Sum, Max)},
		{"hotkeys", 1_000_000, 50, false, false, fourWindows(Count, Sum, Max)},
		{"one_key", 1_000_000, 1, false, false, fourWindows(Count, Sum, Max)},
		{"rising_one_key", 1_000_000, 1, false, false, fourWindows(Count, Sum, Max)},
		{"placed_vehicles", 1_000_000, 300_000, false, false, placed},
		{"placed_one_key", 1_000_000, 1, false, false, placed},
		{"placed_one_key_dates", 1_000_000, 1, false, true, placed},
		{"placed_one_key_100k", 100_000, 1, false, false, placed},
		{"codes_vehicles", 1_000_000, 300_000, false, false, fourWindows(Distinct, TopShare)},
		{"codes_one_key", 1_000_000, 1, false, false, fourWindows(Distinct, TopShare)},
		{"late_vehicles", 1_000_000, 300_000, true, false, fourWindows(Count, Sum, Max)},
		{"late_one_key", 1_000_000, 1, true, false, fourWindows(Count, Sum, Max)},
		{"late_placed_one_key", 1_000_000, 1, true, false, placed},
		{"late_codes_one_key", 1_000_000, 1, true, false, fourWindows(Distinct, TopShare)},
	} {
		ev, _ := portfolio(c.n, c.keys)
		if c.late {
			ev = delayed(ev)
		}
		if c.name == "rising_one_key" {
			slices.Sort(ev.Values[0])
		}
		for i := range ev.Happened {
			if c.dates {
				ev.Happened[i] -= ev.Happened[i] % Day
			}
		}
		ev, q := owned(ev)
		if c.name == "rising_one_key" { // each is the greatest that its query would see
			for i, at := range ev.Happened {
				q.At[i] = at + 1
			}
		}
		var dst [][]float64
		for range c.aggs {
			dst = append(dst, make([]float64, c.n))
		}
		b.Run(c.name, func(b *testing.B) {
			with, bare := time.Hour, time.Hour
			for b.Loop() {
				for _, owners := range []bool{true, false} {
					ev, q := ev, q
					if !owners {
						ev.Owner, q.Owner = nil, nil
					}
					start := time.Now()
					if _, err := Batch(dst, ev, q, c.aggs, 1); err != nil {
						b.Fatal(err)
					}
					if took := time.Since(start); owners {
						with = min(with, took)
					} else {
						bare = min(bare, took)
					}
				}
			}
			b.ReportMetric(float64(with.Milliseconds()), "ms/owners")
			b.ReportMetric(float64(bare.Milliseconds()), "ms/none")
			b.ReportMetric(float64(with)/float64(bare), "ratio")
		})
	}
}
