package window

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
)

// stateCase is a history folded into a state in the order in which it became
// known.
type stateCase struct {
	name string
	n    int
	keys int
	late bool
	day  bool // times are whole days
	// owners says that every event has an owner of its own.
	owners bool
}

var stateCases = []stateCase{
	{name: "vehicles", n: 1_000_000, keys: 300_000},
	{name: "late_vehicles", n: 1_000_000, keys: 300_000, late: true},
	{name: "one_event_keys", n: 1_000_000, keys: 10_000_000},
	{name: "dates", n: 1_000_000, keys: 300_000, day: true},
	{name: "shops_of_40", n: 1_000_000, keys: 25_000},
	{name: "shops", n: 1_000_000, keys: 2000},
	{name: "hotkeys", n: 1_000_000, keys: 50},
	{name: "one_key", n: 1_000_000, keys: 1},
	{name: "late_one_key", n: 1_000_000, keys: 1, late: true},
	{name: "dates_one_key", n: 1_000_000, keys: 1, day: true},
}

// indicators are 4 windows x 3 aggregates and a distinct for each window.
func indicators() []Aggregate {
	return append(fourWindows(Count, Sum, Max), fourWindows(Distinct)...)
}

func (c stateCase) history() Events {
	ev, _ := portfolio(c.n, c.keys)
	number := map[int32]int32{} // dense, as a dictionary gives them
	for i, k := range ev.Key {
		if _, ok := number[k]; !ok {
			number[k] = int32(len(number))
		}
		ev.Key[i] = number[k]
		if c.day {
			ev.Happened[i] -= ev.Happened[i] % Day
		}
	}
	if !c.late {
		return ev
	}
	ev = delayed(ev)
	order := make([]int, len(ev.Key))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(ev.Known[x], ev.Known[y]) })
	out := Events{Values: make([][]int64, 1), Codes: make([][]int32, 1)}
	for _, i := range order {
		out.Key, out.Happened, out.Known = append(out.Key, ev.Key[i]), append(out.Happened, ev.Happened[i]), append(out.Known, ev.Known[i])
		out.Values[0], out.Codes[0] = append(out.Values[0], ev.Values[0][i]), append(out.Codes[0], ev.Codes[0][i])
	}
	return out
}

func foldAll(tb testing.TB, ev Events, aggs []Aggregate) *State {
	s, err := NewState(aggs, len(ev.Values), len(ev.Codes))
	if err != nil {
		tb.Fatal(err)
	}
	e := Event{Values: make([]int64, len(ev.Values)), Codes: make([]int32, len(ev.Codes))}
	for i := range ev.Key {
		e.Key, e.Happened, e.Known, e.Owner = ev.Key[i], ev.Happened[i], ev.Happened[i], -1
		if ev.Owner != nil {
			e.Owner = ev.Owner[i]
		}
		if ev.Known != nil {
			e.Known = ev.Known[i]
		}
		for c := range ev.Values {
			e.Values[c] = ev.Values[c][i]
		}
		for c := range ev.Codes {
			e.Codes[c] = ev.Codes[c][i]
		}
		if err := s.Fold(e); err != nil {
			tb.Fatal(err)
		}
	}
	return s
}

func heap() int {
	var m runtime.MemStats
	for range 3 { // pools give back their scratch at the second
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// BenchmarkState reports, per history, the memory and the time of Fold for one
// event, the median and the 99th percentile of Answer at the newest instant, and
// the size and the speed of a snapshot.
func BenchmarkState(b *testing.B) {
	for _, c := range stateCases {
		b.Run(c.name, func(b *testing.B) {
			ev := c.history()
			before, start := heap(), time.Now()
			s := foldAll(b, ev, indicators())
			took := time.Since(start)
			held := heap() - before
			data, _ := s.AppendBinary(nil)
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := Restore(data, indicators()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(took.Nanoseconds())/float64(c.n), "ns/fold")
			b.ReportMetric(float64(held)/float64(c.n), "B/event")
			b.ReportMetric(float64(held-5*s.keys.count)/float64(c.n), "B/event-keys")
			newest := slices.Max(ev.Happened)
			if c.late {
				newest = slices.Max(ev.Known)
			}
			for name, t := range map[string]int64{"new": newest + 1, "tie": newest} {
				p50, p99 := percentiles(b, s, t)
				b.ReportMetric(p50, "us/"+name+"-p50")
				b.ReportMetric(p99, "us/"+name+"-p99")
			}
			b.ReportMetric(float64(len(data))/float64(c.n), "stored-B/event")
		})
	}
}

// percentiles times answers for keys far apart, in microseconds.
func percentiles(tb testing.TB, s *State, t int64) (p50, p99 float64) {
	keys := s.keys.sorted()
	var dst []float64
	took := make([]float64, 3000)
	for round := range took {
		key := keys[round*7919%len(keys)]
		start := time.Now()
		var err error
		if dst, err = s.Answer(dst[:0], key, t+int64(round)%2, Own{Owner: -1}); err != nil {
			tb.Fatal(fmt.Errorf("key %d: %w", key, err))
		}
		took[round] = float64(time.Since(start).Nanoseconds()) / 1000
	}
	slices.Sort(took)
	return took[len(took)/2], took[len(took)*99/100]
}
