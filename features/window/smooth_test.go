package window

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestSmoothIsItsFormula(t *testing.T) {
	if got := Smooth(0, 0, 0.5, 0); !math.IsNaN(got) {
		t.Errorf("no evidence and no prior give %v", got)
	}
	if got := Smooth(1, 1, 0.5, 2); got != 2.0/3 {
		t.Errorf("got %v, want 2/3", got)
	}
}

// TestCorrectedOutcomes folds outcomes and corrections of them as events of +1
// and -1, and wants the sums to be what a look at each outcome as of the query
// gives.
func TestCorrectedOutcomes(t *testing.T) {
	type outcome struct {
		key                 int32
		happened, concluded int64
		corrected           int64 // Never if not
	}
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 11))
		var all []outcome
		ev := Events{Values: make([][]int64, 1)}
		add := func(o outcome, known, v int64) {
			ev.Key, ev.Happened, ev.Known = append(ev.Key, o.key), append(ev.Happened, o.happened), append(ev.Known, known)
			ev.Values[0] = append(ev.Values[0], v)
		}
		for range 900 {
			o := outcome{int32(r.IntN(3)), r.Int64N(300), 0, Never}
			o.concluded = o.happened + r.Int64N(60)
			add(o, o.concluded, 1)
			if r.IntN(3) == 0 {
				o.corrected = o.concluded + 1 + r.Int64N(60)
				add(o, o.corrected, -1)
			}
			all = append(all, o)
		}
		aggs := []Aggregate{{Do: Sum, Window: Window{From: Forever}}, {Do: Sum, Window: Window{From: 90, To: 30}}}
		var q Queries
		for range 50 {
			q.Key, q.At = append(q.Key, int32(r.IntN(4))), append(q.At, r.Int64N(400))
		}
		want := make([][]float64, 2)
		for i, at := range q.At {
			for a, agg := range aggs {
				from, to := agg.Window.bounds(at)
				n := 0.0
				for _, o := range all {
					if o.key == q.Key[i] && o.concluded < at && o.corrected >= at && from <= o.happened && o.happened < to {
						n++
					}
				}
				want[a] = append(want[a], n)
			}
		}
		got, err := Batch(nil, ev, q, aggs, 2)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "batch", aggs, q, got, want)
		same(t, "state", aggs, q, answers(t, folded(t, ev, aggs, nil), ev, q, aggs), want)
	}
}
