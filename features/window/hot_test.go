package window

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// hotHistory is n events of a few keys, the first with most of them, in the order
// in which they become known.
func hotHistory(r *rand.Rand, n int, grain int64, late bool) Events {
	ev := Events{Values: make([][]int64, 2), Codes: make([][]int32, 2)}
	span := 1500 * Day / grain
	type row struct{ happened, known int64 }
	rows := make([]row, n)
	for i := range rows {
		h := r.Int64N(span) * grain
		rows[i] = row{h, h}
		if late && r.IntN(5) == 0 {
			rows[i].known += r.Int64N(90) * max(grain, Day/3)
		}
		if late && r.IntN(400) == 0 {
			rows[i].known = Never
		}
		if late && rows[i].known != Never && r.IntN(300) == 0 {
			rows[i].known -= 3 * Day // known in advance
		}
	}
	slices.SortStableFunc(rows, func(x, y row) int { return cmp.Compare(x.known, y.known) })
	for _, x := range rows {
		key := int32(0)
		if r.IntN(20) == 0 {
			key = int32(1 + r.IntN(30))
		}
		ev.Key, ev.Happened, ev.Known = append(ev.Key, key), append(ev.Happened, x.happened), append(ev.Known, x.known)
		ev.Marks = append(ev.Marks, r.Uint64N(4))
		v := r.Int64N(2_000_000) - 1_000_000
		ev.Values[0] = append(ev.Values[0], v)
		if r.IntN(4) == 0 {
			v = Missing
		}
		ev.Values[1] = append(ev.Values[1], v)
		ev.Codes[0] = append(ev.Codes[0], int32(r.IntN(700)))
		ev.Codes[1] = append(ev.Codes[1], int32(r.IntN(4000))-2000)
		ev.Owner = append(ev.Owner, int32(r.IntN(n/2))-int32(n/20))
		if i := len(ev.Owner) - 1; i > 8 && r.IntN(3) == 0 { // more of one owner, some of its code
			o := i - 1 - r.IntN(8)
			ev.Owner[i], ev.Codes[1][i] = ev.Owner[o], ev.Codes[1][o]
		}
	}
	return ev
}

func hotAggregates(r *rand.Rand) []Aggregate {
	aggs := randomAggregates(r, 400*Day, Day/4, 14)
	for _, w := range []Window{{From: 30 * Day}, {From: Forever}, {From: 90 * Day, To: 30 * Day}} {
		for c := range 2 {
			aggs = append(aggs, Aggregate{Do: Distinct, Window: w, Column: c}, Aggregate{Do: TopShare, Window: w, Column: c, Where: 1},
				Aggregate{Do: Distinct, Window: w, Column: c, Where: 2})
		}
	}
	for i := range aggs {
		if aggs[i].Do.ofCode() {
			aggs[i].Column %= 2
		}
	}
	return aggs
}

// TestStateAnswersWhileItGrows asks a state in the middle of its growth, mostly
// at the newest instant and just after it, and wants what Batch says about the
// whole history.
func TestStateAnswersWhileItGrows(t *testing.T) {
	for n, c := range []struct {
		events int
		grain  int64
		late   bool
	}{{24_000, 1_000_003, false}, {24_000, Day, false}, {24_000, Day, true}, {24_000, 1000, true}, {3000, 500 * Day, true}} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(n), 21))
			ev, aggs := hotHistory(r, c.events, c.grain, c.late), hotAggregates(r)
			s, err := NewState(aggs, 2, 2)
			if err != nil {
				t.Fatal(err)
			}
			var q Queries
			got := make([][]float64, len(aggs))
			ask := func(at int64) {
				key := int32(0)
				if r.IntN(4) == 0 {
					key = int32(r.IntN(32))
				}
				q.Key, q.At = append(q.Key, key), append(q.At, at)
				q.Owner = append(q.Owner, ev.Owner[max(0, s.Len()-1-r.IntN(1+s.Len()/(1+r.IntN(300))))])
				row, err := s.Answer(nil, key, at, ownOf(ev, q, len(q.At)-1))
				if err != nil {
					t.Fatal(err)
				}
				for a, v := range row {
					got[a] = append(got[a], v)
				}
			}
			for i := range ev.Key {
				if err := s.Fold(eventOf(ev, i)); err != nil {
					t.Fatal(err)
				}
				if known := ev.Known[i]; r.IntN(c.events/120) == 0 && known != Never {
					ask(known) // others of the instant may be folded already
					if i+1 < len(ev.Key) && ev.Known[i+1] > known {
						ask(ev.Known[i+1])
					}
					ask(known - r.Int64N(100*Day))
				}
				if i == c.events*2/3 { // go on from a snapshot
					data, _ := s.AppendBinary(nil)
					if s, err = Restore(data, aggs); err != nil {
						t.Fatal(err)
					}
				}
			}
			want, err := Batch(nil, ev, q, aggs, 1)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "growing state", aggs, q, got, want)
		})
	}
}

// TestOrderOfFoldingDoesNotMatter folds a history in a random order.
func TestOrderOfFoldingDoesNotMatter(t *testing.T) {
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 22))
		ev, aggs := hotHistory(r, 6000, 1000, seed > 0), hotAggregates(r)
		aggs = slices.DeleteFunc(aggs, func(a Aggregate) bool { return a.Do == First || a.Do == Last })
		s, err := NewState(aggs, 2, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range r.Perm(len(ev.Key)) {
			if err := s.Fold(eventOf(ev, i)); err != nil {
				t.Fatal(err)
			}
		}
		var q Queries
		for range 60 {
			q.Key, q.At = append(q.Key, int32(r.IntN(3))), append(q.At, 1400*Day+r.Int64N(200*Day))
			q.Owner = append(q.Owner, ev.Owner[r.IntN(len(ev.Owner))])
		}
		want, err := Batch(nil, ev, q, aggs, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, shuffled := range []bool{false, true} {
			got := make([][]float64, len(aggs))
			for i, key := range q.Key {
				row, err := s.Answer(nil, key, q.At[i], ownOf(ev, q, i))
				if err != nil {
					t.Fatal(err)
				}
				for a, v := range row {
					got[a] = append(got[a], v)
				}
			}
			same(t, fmt.Sprintf("state restored: %v", shuffled), aggs, q, got, want)
			data, _ := s.AppendBinary(nil)
			if s, err = Restore(data, aggs); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestManyKeysOutgrowThePool moves all keys to histories of their own, so that
// the pool is rebuilt, and wants all events back and the memory, too.
func TestManyKeysOutgrowThePool(t *testing.T) {
	const keys, each = 1500, smallKey + 3
	s, err := NewState([]Aggregate{{Do: Sum, Window: Window{From: Forever}}, {Do: Count, Window: Window{From: Forever}, Column: None}}, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	pool := 0
	for i := range keys * each {
		key := i % keys
		if key%10 == 0 && i >= keys { // some stay small
			continue
		}
		if err := s.Fold(Event{Key: int32(key), Happened: int64(i), Known: int64(i), Values: []int64{int64(key)}}); err != nil {
			t.Fatal(err)
		}
		pool = max(pool, s.pool.rows)
	}
	if s.pool.rows > pool/2 || len(s.histories) != keys*9/10 {
		t.Errorf("the pool has %d rows, %d at its height; %d histories", s.pool.rows, pool, len(s.histories))
	}
	for key := range int32(keys) {
		got, err := s.Answer(nil, key, keys*each, Own{Owner: -1})
		want := float64(each)
		if key%10 == 0 {
			want = 1
		}
		if err != nil || got[0] != want*float64(key) || got[1] != want {
			t.Fatalf("key %d: %v, %v", key, got, err)
		}
	}
}
