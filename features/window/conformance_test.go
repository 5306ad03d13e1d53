package window

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestBatchStateAndOracleAgree draws histories and declarations and wants the
// same bits from the batch at any number of threads, from the online state, from
// a state restored from bytes, from two states merged, and from the definition.
func TestBatchStateAndOracleAgree(t *testing.T) {
	shapes := []shape{
		{events: 0, queries: 5, keys: 2, span: 10, grain: 1},
		{events: 1, queries: 9, keys: 1, span: 4, grain: 1},
		{events: 60, queries: 60, keys: 3, span: 12, grain: 1, late: -1},        // mostly ties
		{events: 60, queries: 60, keys: 3, span: 12, grain: 1, late: 4},         // ties and late events
		{events: 200, queries: 80, keys: 9, span: 900 * Day, grain: Day},        // a day is an instant
		{events: 200, queries: 80, keys: 5, span: 900 * Day, grain: 7, late: 8}, // everything late
		{events: 40, queries: 40, keys: 2, span: 1 << 58, grain: 3, late: 3, large: true},
		{events: 1500, queries: 60, keys: 2, span: 1000 * Day, grain: Day / 2, late: 3}, // several blocks
		{events: 1500, queries: 60, keys: 1, span: 1000 * Day, grain: 1, late: -1, large: true},
		{events: 60, queries: 60, keys: 3, span: 12, grain: 1, late: -1, owners: 9},
		{events: 60, queries: 60, keys: 3, span: 12, grain: 1, late: 4, owners: 30},
		{events: 150, queries: 90, keys: 2, span: 900 * Day, grain: Day, late: -1, owners: 4}, // many own events
		{events: 200, queries: 80, keys: 5, span: 900 * Day, grain: 7, late: 8, owners: 40},
		{events: 40, queries: 40, keys: 2, span: 1 << 58, grain: 3, late: 3, large: true, owners: 8},
		{events: 1500, queries: 60, keys: 1, span: 1000 * Day, grain: Day / 2, late: -1, owners: 400},
		{events: 1500, queries: 60, keys: 2, span: 1000 * Day, grain: Day / 2, late: 3, owners: 30},
	}
	for n, s := range shapes {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			rounds := 60
			if s.events > 1000 {
				rounds = 4
			}
			for round := range rounds {
				r := rand.New(rand.NewPCG(uint64(n), uint64(round)))
				ev, q := randomHistory(r, s)
				aggs := randomAggregates(r, s.span, s.grain, 30)
				conform(t, ev, q, aggs)
			}
		})
	}
}

func conform(t *testing.T, ev Events, q Queries, aggs []Aggregate) {
	t.Helper()
	want := make([][]float64, len(aggs))
	for a := range aggs {
		for i, key := range q.Key {
			want[a] = append(want[a], oracle(ev, key, q.At[i], q.ownerOf(i), aggs[a]))
		}
	}
	for _, threads := range []int{1, 3} {
		got, err := Batch(nil, ev, q, aggs, threads)
		if err != nil {
			t.Fatal(err)
		}
		same(t, fmt.Sprintf("batch on %d threads", threads), aggs, q, got, want)
	}
	state, half, rest := folded(t, ev, aggs, nil), folded(t, ev, aggs, func(i int) bool { return i%2 == 0 }), folded(t, ev, aggs, func(i int) bool { return i%2 == 1 })
	same(t, "state", aggs, q, answers(t, state, ev, q, aggs), want)
	data, _ := state.AppendBinary(nil)
	back, err := Restore(data, aggs)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "restored state", aggs, q, answers(t, back, ev, q, aggs), want)
	again, _ := back.AppendBinary([]byte("x"))
	if string(again[1:]) != string(data) || back.Len() != len(ev.Key) {
		t.Fatal("a restored state is stored differently")
	}
	if err := half.Merge(rest); err != nil {
		t.Fatal(err)
	}
	if !ordered(aggs) {
		same(t, "merged state", aggs, q, answers(t, half, ev, q, aggs), want)
	}
}

// ordered reports whether an aggregate depends on the order of exact ties, which
// merging does not keep.
func ordered(aggs []Aggregate) bool {
	return slices.ContainsFunc(aggs, func(a Aggregate) bool { return a.Do == First || a.Do == Last })
}

// folded folds the events that keep lets through, in the order in which they
// became known.
func folded(t *testing.T, ev Events, aggs []Aggregate, keep func(int) bool) *State {
	t.Helper()
	s, err := NewState(aggs, len(ev.Values), len(ev.Codes))
	if err != nil {
		t.Fatal(err)
	}
	known := ev.Known
	if known == nil {
		known = ev.Happened
	}
	order := make([]int, len(ev.Key))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(known[x], known[y]) })
	for _, i := range order {
		if keep != nil && !keep(i) {
			continue
		}
		e := eventOf(ev, i)
		e.Key = stateKey(e.Key)
		if err := s.Fold(e); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// stateKey maps the keys of random histories, some of them negative, to those of
// a State, some of them far apart.
func stateKey(key int32) int32 {
	key += 5
	if key%3 == 0 {
		key *= 100_000_000
	}
	return key
}

func eventOf(ev Events, i int) Event {
	e := Event{Key: ev.Key[i], Happened: ev.Happened[i], Known: ev.Happened[i], Owner: -1}
	if ev.Owner != nil {
		e.Owner = ev.Owner[i]
	}
	if ev.Known != nil {
		e.Known = ev.Known[i]
	}
	if ev.Marks != nil {
		e.Marks = ev.Marks[i]
	}
	for _, c := range ev.Values {
		e.Values = append(e.Values, c[i])
	}
	for _, c := range ev.Codes {
		e.Codes = append(e.Codes, c[i])
	}
	return e
}

// ownOf names, in no order, all instants of the events of who asks query i, and
// some at which nothing of it happened.
func ownOf(ev Events, q Queries, i int) Own {
	own := Own{Owner: q.ownerOf(i)}
	for e, owner := range ev.Owner {
		if own.Owner >= 0 && owner == own.Owner {
			own.Happened = append(own.Happened, ev.Happened[e])
		}
	}
	slices.Reverse(own.Happened)
	return Own{own.Owner, append(own.Happened, q.At[i], q.At[i]-1, q.At[i]-Day)}
}

func answers(t *testing.T, s *State, ev Events, q Queries, aggs []Aggregate) [][]float64 {
	t.Helper()
	out := make([][]float64, len(aggs))
	for i, key := range q.Key {
		row, err := s.Answer(nil, stateKey(key), q.At[i], ownOf(ev, q, i))
		if err != nil {
			t.Fatal(err)
		}
		for a, v := range row {
			out[a] = append(out[a], v)
		}
	}
	return out
}

// TestBlockKnownAtTheQueryIsUnseen asks at the instant at which whole blocks of
// old events become known, and just after it.
func TestBlockKnownAtTheQueryIsUnseen(t *testing.T) {
	const n, known = 3*blockRows + 5, 5000
	ev := Events{}
	for i := range n {
		ev.Key, ev.Happened, ev.Known = append(ev.Key, 1), append(ev.Happened, int64(i*7%n)), append(ev.Known, known)
	}
	q := Queries{Key: []int32{1, 1}, At: []int64{known, known + 1}}
	aggs := []Aggregate{{Do: Count, Window: Window{From: Forever}, Column: None}, {Do: GapMin, Window: Window{From: Forever}, Column: None}}
	conform(t, ev, q, aggs)
	if got := answers(t, folded(t, ev, aggs, nil), ev, q, aggs)[0]; got[0] != 0 || got[1] != n {
		t.Errorf("counts %v, want 0 before and %d after", got, n)
	}
}
