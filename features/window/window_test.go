package window

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestHandComputed checks one small history against numbers worked out by hand.
func TestHandComputed(t *testing.T) {
	ev := Events{
		Key:      []int32{7, 7, 7, 8, 7},
		Happened: []int64{0, 2 * Day, 5 * Day, Day, 9 * Day},
		Known:    []int64{0, 6 * Day, 5 * Day, Day, 9 * Day},
		Values:   [][]int64{{100, 300, 200, 9, 1}},
		Codes:    [][]int32{{4, 5, 4, 9, 4}},
	}
	all := Window{From: Forever}
	aggs := []Aggregate{
		{Do: Count, Window: all, Column: None}, {Do: Sum, Window: all}, {Do: Mean, Window: all}, {Do: Std, Window: all},
		{Do: Last, Window: all}, {Do: SinceLast, Window: all, Column: None}, {Do: TopShare, Window: all},
		{Do: GapMean, Window: all, Column: None}, {Do: GapStd, Window: all, Column: None},
		{Do: Count, Window: Window{From: 8 * Day, To: 4 * Day}, Column: None},
		{Do: Growth, Window: Window{From: 4 * Day}, Against: Window{From: 16 * Day, To: 4 * Day}, Column: None},
	}
	// At day 6 the second event is not known yet; at day 9 the last happens.
	q := Queries{Key: []int32{7, 7}, At: []int64{6 * Day, 9 * Day}}
	got, err := Batch(nil, ev, q, aggs, 1)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]float64{{2, 3}, {300, 600}, {150, 200}, {50, math.Sqrt(60000) / 3}, {200, 200}, {1, 4}, {1, 2.0 / 3},
		{5, 2.5}, {0, 0.5}, {1, 1}, {3, 1.5}}
	same(t, "by hand", aggs, q, got, want)
}

// TestOrderAndThreadsChangeNothing permutes rows and queries, shifts the clock
// and asks on other numbers of threads.
func TestOrderAndThreadsChangeNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	ev, q := randomHistory(r, shape{events: 30_000, queries: 30_000, keys: 900, span: 1 << 50, grain: 1, late: 2})
	aggs := randomAggregates(r, 1<<50, 1, 25)
	want, err := Batch(nil, ev, q, aggs, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, threads := range []int{0, 2, 7} {
		got, err := Batch(nil, ev, q, aggs, threads)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "threads", aggs, q, got, want)
	}
	const shift = 12_345_678_901
	moved := Events{Values: make([][]int64, 2), Codes: make([][]int32, 3)}
	for _, i := range r.Perm(len(ev.Key)) {
		e := eventOf(ev, i)
		moved.Key = append(moved.Key, e.Key)
		moved.Happened = append(moved.Happened, e.Happened+shift)
		if e.Known != Never {
			e.Known += shift
		}
		moved.Known = append(moved.Known, e.Known)
		moved.Marks = append(moved.Marks, e.Marks)
		for c, v := range e.Values {
			moved.Values[c] = append(moved.Values[c], v)
		}
		for c, v := range e.Codes {
			moved.Codes[c] = append(moved.Codes[c], v)
		}
	}
	later := Queries{Key: q.Key}
	for _, at := range q.At {
		later.At = append(later.At, at+shift)
	}
	got, err := Batch(nil, moved, later, aggs, 2)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "rows permuted and clock shifted", aggs, q, got, want)
}

// TestTheFutureIsUnseen adds events known at or after every query.
func TestTheFutureIsUnseen(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 6))
		ev, q := randomHistory(r, shape{events: 100, queries: 40, keys: 3, span: 60, grain: 1, late: 3})
		for i := range q.At {
			q.At[i] = 15
		}
		aggs := randomAggregates(r, 60, 1, 30)
		want, err := Batch(nil, ev, q, aggs, 1)
		if err != nil {
			t.Fatal(err)
		}
		for i, k := range ev.Known {
			if k >= 15 { // the unknown may be anything
				ev.Happened[i] = r.Int64N(60)
				ev.Values[0][i], ev.Values[1][i] = r.Int64N(1000), r.Int64N(1000)
				ev.Codes[0][i] = int32(r.IntN(90))
				ev.Known[i] = 15 + r.Int64N(9)
			}
		}
		got, err := Batch(nil, ev, q, aggs, 1)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "another future", aggs, q, got, want)
	}
}

// TestMillionEventsOfOneKey wants time near n log n for one hot key, on one
// clock and on two: ten times the events in well under a hundred times the time.
func TestMillionEventsOfOneKey(t *testing.T) {
	aggs := append(fourWindows(Count, Max, GapStd), fourWindows(TopShare)...)
	for i := range aggs {
		if aggs[i].Do == GapStd {
			aggs[i].Column = None
		}
	}
	for _, late := range []bool{false, true} {
		var ratio float64
		for range 4 { // another program may have had the processor
			few, many := timeOneKey(t, aggs, 100_000, late), timeOneKey(t, aggs, 1_000_000, late)
			if ratio = many.Seconds() / few.Seconds(); ratio < 40 {
				break
			}
		}
		t.Logf("late %v: ten times the events take %.1f times as long", late, ratio)
		if ratio >= 40 {
			t.Errorf("late %v: ten times the events take %.1f times as long", late, ratio)
		}
	}
}

func timeOneKey(t *testing.T, aggs []Aggregate, n int, late bool) time.Duration {
	ev, q := portfolio(n, 1)
	if late {
		ev = delayed(ev)
	}
	start := time.Now()
	got, err := Batch(nil, ev, q, aggs, 2)
	if err != nil {
		t.Fatal(err)
	}
	if last := got[9][n-1]; !late && last != float64(n-1) {
		t.Fatalf("the last of %d queries counts %v", n, last)
	}
	return time.Since(start)
}

func TestRefusals(t *testing.T) {
	good := Window{From: Day}
	for want, a := range map[string]Aggregate{
		"no such aggregate": {Window: good},
		"is empty":          {Do: Count, Window: Window{From: Day, To: Day}, Column: None},
		"after the query":   {Do: Count, Window: Window{From: Day, To: -1}, Column: None},
		"too long":          {Do: Count, Window: Window{From: 1<<60 + 1}, Column: None},
		"needs a value":     {Do: Mean, Window: good, Column: None},
		"needs a code":      {Do: Distinct, Window: good, Column: None},
		"no value column 1": {Do: Sum, Window: good, Column: 1},
		"no code column 0":  {Do: TopShare, Window: good},
		"finite length":     {Do: Growth, Window: good, Against: Window{From: Forever}, Column: None},
		"against":           {Do: Growth, Window: good, Column: None},
	} {
		if err := Validate([]Aggregate{a}, 1, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want %q", a, err, want)
		}
	}
	if err := Validate([]Aggregate{{}, {Do: 99}}, 0, 0); strings.Count(err.Error(), "cannot use") != 2 {
		t.Errorf("not every fault at once: %v", err)
	}
	q := Queries{Key: []int32{1}, At: []int64{5}}
	for want, ev := range map[string]Events{
		"lengths":  {Key: []int32{1}},
		"event 0":  {Key: []int32{1}, Happened: []int64{1 << 61}},
		"known":    {Key: []int32{1}, Happened: []int64{1}, Known: []int64{math.MinInt64}},
		"column 0": {Key: []int32{1}, Happened: []int64{1}, Values: [][]int64{{}}},
		"2^62":     {Key: []int32{1, 1}, Happened: []int64{1, 2}, Values: [][]int64{{1 << 61, -1 << 61}}},
		"owners":   {Key: []int32{1}, Happened: []int64{1}, Owner: []int32{1, 2}},
		"codes":    {Key: []int32{1}, Happened: []int64{1}, Codes: [][]int32{{1, 2}}},
	} {
		if _, err := Batch(nil, ev, q, nil, 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want %q", ev, err, want)
		}
	}
	q.Owner = []int32{}
	if _, err := Batch(nil, Events{}, q, nil, 1); err == nil || !strings.Contains(err.Error(), "0 owners for 1 queries") {
		t.Errorf("queries without their owners: %v", err)
	}
	s, err := NewState(nil, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []Event{{}, {Key: -1, Values: []int64{1}}, {Values: []int64{1 << 62}}, {Happened: 1 << 61, Values: []int64{1}}, {Known: 1 << 61, Values: []int64{1}}} {
		if s.Fold(e) == nil || s.Len() != 0 {
			t.Errorf("event %+v was folded", e)
		}
	}
}

func TestFixed(t *testing.T) {
	for _, c := range []struct {
		v      float64
		digits int
		want   int64
	}{{12.34, 2, 1234}, {-0.005, 2, -1}, {math.NaN(), 2, Missing}, {1 << 53, 0, 1 << 53}, {0.1, 9, 100_000_000}} {
		if got, err := Fixed(c.v, c.digits); err != nil || got != c.want {
			t.Errorf("Fixed(%v, %d) = %d, %v; want %d", c.v, c.digits, got, err, c.want)
		}
	}
	for _, v := range []float64{math.Inf(1), math.Inf(-1), 1e16} {
		if _, err := Fixed(v, 2); err == nil {
			t.Errorf("Fixed(%v) was taken", v)
		}
	}
	if _, err := Fixed(1, 10); err == nil {
		t.Error("10 digits were taken")
	}
}
