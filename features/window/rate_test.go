package window

import (
	"math"
	"math/rand/v2"
	"testing"
)

// rateOracle applies the definition to every outcome.
func rateOracle(o Outcomes, key int32, t int64, own int, r Rate) float64 {
	var matured, confirmed float64
	for i := range o.Key {
		known := o.Happened[i]
		if o.Known != nil {
			known = o.Known[i]
		}
		h := o.Happened[i]
		if i == own || o.Key[i] != key || known >= t || o.Concluded[i] >= t || h >= t-r.Window.To ||
			r.Window.From != Forever && h < t-r.Window.From {
			continue
		}
		matured++
		if o.Confirmed[i] {
			confirmed++
		}
	}
	return (confirmed + r.Prior*r.Strength) / (matured + r.Strength)
}

func randomOutcomes(r *rand.Rand, n int) Outcomes {
	var o Outcomes
	for range n {
		h := r.Int64N(40)
		o.Key = append(o.Key, int32(r.IntN(4)))
		o.Happened = append(o.Happened, h)
		o.Known = append(o.Known, h+r.Int64N(3)*r.Int64N(3))
		c := h + r.Int64N(30)
		if r.IntN(4) == 0 {
			c = Never
		}
		o.Concluded = append(o.Concluded, c)
		o.Confirmed = append(o.Confirmed, r.IntN(3) == 0)
	}
	if r.IntN(3) == 0 {
		o.Known = nil
	}
	return o
}

func TestRatesBatchStateAndDefinitionAgree(t *testing.T) {
	rates := []Rate{
		{Window: Window{From: Forever}, Prior: 0.06, Strength: 10},
		{Window: Window{From: Forever, To: 9}, Prior: 0.5, Strength: 0},
		{Window: Window{From: 20, To: 5}, Prior: 1, Strength: 0.3},
	}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		o := randomOutcomes(r, 80)
		var q Queries
		var own []int32
		for i := range o.Key { // each outcome's claim asks at its report and at a later stage
			q.Key = append(q.Key, o.Key[i], int32(r.IntN(5)))
			q.At = append(q.At, o.Happened[i], o.Happened[i]+r.Int64N(40))
			own = append(own, int32(i), int32(r.IntN(len(o.Key)+1)-1))
		}
		got, err := Rates(o, q, own, rates, 2)
		if err != nil {
			t.Fatal(err)
		}
		state, err := NewRateState(rates)
		if err != nil {
			t.Fatal(err)
		}
		for i := range o.Key {
			if err := state.Fold(o.row(int32(i))); err != nil {
				t.Fatal(err)
			}
		}
		data, _ := state.AppendBinary(nil)
		if state, err = RestoreRates(data, rates); err != nil {
			t.Fatal(err)
		}
		for i, key := range q.Key {
			var mine *Outcome
			if own[i] >= 0 {
				row := o.row(own[i])
				mine = &row
			}
			online, err := state.Answer(nil, key, q.At[i], mine)
			if err != nil {
				t.Fatal(err)
			}
			for k, rate := range rates {
				want := rateOracle(o, key, q.At[i], int(own[i]), rate)
				for _, g := range []float64{got[k][i], online[k]} {
					if math.Float64bits(g) != math.Float64bits(want) && !(math.IsNaN(g) && math.IsNaN(want)) {
						t.Fatalf("seed %d query %d rate %d: batch %v, online %v, want %v", seed, i, k, got[k][i], online[k], want)
					}
				}
			}
		}
	}
}

// TestRateSeesNoLaterConclusion changes everything that was concluded at or
// after the query, and the query's own outcome: the answer must stand.
func TestRateSeesNoLaterConclusion(t *testing.T) {
	rates := []Rate{{Window: Window{From: Forever}, Prior: 0.1, Strength: 5}}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 8))
		o := randomOutcomes(r, 60)
		own := int32(r.IntN(60))
		q := Queries{Key: []int32{o.Key[own]}, At: []int64{20}}
		before, err := Rates(o, q, []int32{own}, rates, 1)
		if err != nil {
			t.Fatal(err)
		}
		for i := range o.Key {
			if o.Concluded[i] >= 20 || i == int(own) {
				o.Confirmed[i] = !o.Confirmed[i]
			}
			if o.Concluded[i] >= 20 {
				o.Concluded[i] = 20 + r.Int64N(100)
			}
		}
		after, err := Rates(o, q, []int32{own}, rates, 1)
		if err != nil {
			t.Fatal(err)
		}
		if before[0][0] != after[0][0] {
			t.Fatalf("seed %d: %v became %v", seed, before[0][0], after[0][0])
		}
	}
}

func TestRatesRefuse(t *testing.T) {
	w := Window{From: Forever}
	for _, r := range []Rate{{w, -0.1, 1}, {w, 1.1, 1}, {w, math.NaN(), 1}, {w, 0.5, -1}, {w, 0.5, math.Inf(1)}, {Window{}, 0.5, 1}} {
		if _, err := NewRateState([]Rate{r}); err == nil {
			t.Errorf("rate %+v was taken", r)
		}
	}
	o := Outcomes{Key: []int32{1}, Happened: []int64{1}, Concluded: []int64{2}, Confirmed: []bool{true}}
	q := Queries{Key: []int32{1}, At: []int64{5}}
	ok := []Rate{{w, 0.5, 1}}
	if _, err := Rates(o, q, []int32{1}, ok, 1); err == nil {
		t.Error("an own row beyond the outcomes was taken")
	}
	if _, err := Rates(Outcomes{Key: []int32{1}}, q, nil, ok, 1); err == nil {
		t.Error("columns of unequal length were taken")
	}
	if !math.IsNaN(Smooth(0, 0, 0.5, 0)) || Smooth(1, 1, 0.5, 2) != 2.0/3 {
		t.Error("Smooth is not its formula")
	}
}
