package network

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// denseRank solves the two equations of BiRank as one dense linear system of
// claims and entities, from the raw rows.
func denseRank(t *testing.T, h history, at int64, alpha float64, claims, entities int) (c, e []float64) {
	t.Helper()
	w := mat.NewDense(claims, entities, nil)
	dc, de := make([]float64, claims), make([]float64, entities)
	for _, x := range h.edges {
		if x.Known < at && w.At(int(x.Claim), int(x.Entity)) == 0 {
			w.Set(int(x.Claim), int(x.Entity), 1)
			dc[x.Claim]++
			de[x.Entity]++
		}
	}
	n := claims + entities
	a, r := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
	for i := range n {
		a.Set(i, i, 1)
	}
	for i := range claims {
		for j := range entities {
			if w.At(i, j) != 0 {
				s := 1 / math.Sqrt(dc[i]*de[j])
				a.Set(i, claims+j, -alpha*s) // c = alpha S e + (1-alpha) r
				a.Set(claims+j, i, -s)       // e = S' c
			}
		}
	}
	for i, fraud := range h.frauds(at) {
		if fraud {
			r.SetVec(int(i), 1-alpha)
		}
	}
	var x mat.VecDense
	if err := x.SolveVec(a, r); err != nil {
		t.Fatal(err)
	}
	return x.RawVector().Data[:claims], x.RawVector().Data[claims:]
}

func TestBiRankAgainstDenseSolve(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	positive := 0
	for range 300 {
		h := randomHistory(rng)
		o := Options{Damping: 0.3 + 0.6*rng.Float64(), Tolerance: 1e-10}
		g := h.graph(t, o)
		at := rng.Int64N(22)
		r := g.Refresh(at)
		c, e := denseRank(t, h, at, o.Damping, g.Claims()+1, g.Entities()+1)
		for i, want := range c {
			if got := r.Claim(int32(i)); math.Abs(got-want) > 1e-10 || math.IsNaN(got) {
				t.Fatalf("claim %d has %v, want %v", i, got, want)
			}
		}
		for i, want := range e {
			got := r.Entity(int32(i))
			if math.Abs(got-want) > 1e-10*math.Sqrt(float64(g.Claims()+1)) {
				t.Fatalf("entity %d has %v, want %v", i, got, want)
			}
			if want > 0.01 {
				positive++
			}
		}
	}
	if positive < 500 {
		t.Errorf("only %d entities with a score", positive)
	}
}

// The coarser tolerance keeps its promise.
func TestBiRankTolerance(t *testing.T) {
	h := randomHistory(rand.New(rand.NewPCG(11, 3)))
	h.outcomes = append(h.outcomes, Outcome{h.edges[0].Claim, true, 50})
	exact := h.graph(t, Options{Tolerance: 1e-12}).Refresh(100)
	steps := 0
	for _, tolerance := range []float64{0.1, 1e-2, 1e-4, 1e-8} {
		g := h.graph(t, Options{Tolerance: tolerance})
		r, sum := g.Refresh(100), 0.0
		for i := range g.Claims() {
			sum += math.Pow(r.Claim(int32(i))-exact.Claim(int32(i)), 2)
		}
		if math.Sqrt(sum) > tolerance || r.Iterations() < steps {
			t.Errorf("tolerance %v: off by %v after %d steps", tolerance, math.Sqrt(sum), r.Iterations())
		}
		steps = r.Iterations()
	}
}

// On a path claim 0 (fraud) - entity - claim 1 the equations can be solved by
// hand: c0 = a(c0+c1)/2 + 1-a, c1 = a(c0+c1)/2, hence c0+c1 = 1 and c1 = a/2.
func TestBiRankByHand(t *testing.T) {
	h := history{edges: []Edge{{0, 0, 0, 1}, {1, 0, 0, 1}, {2, 1, 0, 1}}, outcomes: []Outcome{{0, true, 2}}}
	g := h.graph(t, Options{Damping: 0.8, Tolerance: 1e-12})
	r := g.Refresh(3)
	for i, want := range []float64{0.6, 0.4, 0} {
		if got := r.Claim(int32(i)); math.Abs(got-want) > 1e-12 {
			t.Errorf("claim %d has %v, want %v", i, got, want)
		}
	}
	if got := g.Refresh(2).Claim(1); got != 0 {
		t.Errorf("score %v from an outcome at the refresh", got)
	}
	got, err := g.NewAsker().Ask(Question{Claim: 1, At: 3}, r)
	if err != nil || math.Abs(got.Rank-0.4) > 1e-12 {
		t.Errorf("asking gives %v, %v; want the claim's own score 0.4", got.Rank, err)
	}
	if got, err = g.NewAsker().Ask(Question{Claim: 7, At: 3, Own: []Own{{1, 0}, {5, 0}}}, r); err != nil || got.Rank != 0 {
		t.Errorf("out of reach: %v, %v", got.Rank, err)
	}
	if _, err = g.NewAsker().Ask(Question{Claim: 1, At: 2}, r); err == nil {
		t.Error("a later ranking is taken")
	}
}

// A component's scores do not depend on what happens in another one, and not on
// the order of rows.
func TestBiRankIsLocal(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 13))
	h := randomHistory(rng)
	h.outcomes = append(h.outcomes, Outcome{h.edges[0].Claim, true, 0})
	alone := h.graph(t, Options{Tolerance: 1e-11}).Refresh(99)
	more := history{append([]Edge(nil), h.edges...), append([]Outcome(nil), h.outcomes...)}
	for _, e := range h.edges {
		more.edges = append(more.edges, Edge{e.Claim + 50, e.Entity + 50, e.Kind, e.Known})
		more.outcomes = append(more.outcomes, Outcome{e.Claim + 50, true, 1})
	}
	both := more.graph(t, Options{Tolerance: 1e-11}).Refresh(99)
	rng.Shuffle(len(more.edges), func(i, j int) { more.edges[i], more.edges[j] = more.edges[j], more.edges[i] })
	shuffled := more.graph(t, Options{Tolerance: 1e-11}).Refresh(99)
	for i := range int32(100) {
		if i < 50 && math.Abs(alone.Claim(i)-both.Claim(i)) > 1e-10 {
			t.Errorf("claim %d: %v alone, %v beside others", i, alone.Claim(i), both.Claim(i))
		}
		if both.Claim(i) != shuffled.Claim(i) || both.Entity(i) != shuffled.Entity(i) {
			t.Errorf("node %d: the order of rows matters", i)
		}
	}
}
