package network

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// sameRanking compares two rankings to the last bit.
func sameRanking(a, b *Ranking, nodes int) bool {
	for i := range int32(nodes) {
		if math.Float64bits(a.Claim(i)) != math.Float64bits(b.Claim(i)) || math.Float64bits(a.Entity(i)) != math.Float64bits(b.Entity(i)) {
			return false
		}
	}
	return a.Iterations() == b.Iterations()
}

// One refresher gives for every instant, in any order and side by side, the bits
// that a graph gives which ends there, whatever comes later: entities that parted then, and
// claims of lower numbers that name them.
func TestRefresherHasTheBitsOfThePast(t *testing.T) {
	rng := rand.New(rand.NewPCG(44, 45))
	ranked := 0
	for range 150 {
		h := randomHistory(rng)
		r := h.graph(t, Options{}).NewRefresher()
		var got [22]*Ranking
		var wait sync.WaitGroup
		for at := range got {
			wait.Go(func() { got[at] = r.Refresh(int64(at)) })
		}
		wait.Wait()
		for at := range got {
			past := history{outcomes: slices.DeleteFunc(slices.Clone(h.outcomes), func(o Outcome) bool { return o.Known >= int64(at) })}
			past.edges = slices.DeleteFunc(slices.Clone(h.edges), func(e Edge) bool { return e.Known >= int64(at) })
			want := past.graph(t, Options{}).Refresh(int64(at))
			if !sameRanking(got[at], want, 60) {
				t.Fatalf("as of %d the future is seen", at)
			}
			if got[at].Iterations() > 0 {
				ranked++
			}
		}
	}
	if ranked < 500 {
		t.Errorf("only %d rankings took steps", ranked)
	}
}

// Edges of one instant may be folded in any order.
func TestRefreshDoesNotDependOnTheOrderOfEqualTimes(t *testing.T) {
	rng := rand.New(rand.NewPCG(46, 47))
	for range 100 {
		h := randomHistory(rng)
		var rankings [2]*Ranking
		for i := range rankings {
			rng.Shuffle(len(h.edges), func(i, j int) { h.edges[i], h.edges[j] = h.edges[j], h.edges[i] })
			slices.SortStableFunc(h.edges, func(a, b Edge) int { return int(a.Known - b.Known) })
			g, err := New(Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range h.edges {
				if err := g.Add(e); err != nil {
					t.Fatal(err)
				}
			}
			if err := g.Fold(nil, h.outcomes); err != nil {
				t.Fatal(err)
			}
			rankings[i] = g.Refresh(15)
		}
		if !sameRanking(rankings[0], rankings[1], 60) {
			t.Fatal("the order of equal times matters")
		}
	}
}

// A graph without cycles needs no step, and twins make none.
func TestTreesAreSolvedExactly(t *testing.T) {
	rng := rand.New(rand.NewPCG(48, 49))
	for range 200 {
		var h history
		claims, entities := 1, int32(0)
		h.outcomes = append(h.outcomes, Outcome{0, true, 0})
		for claims < 25 { // an entity, and perhaps its twin, joins new claims to one
			joined := []int32{int32(rng.IntN(claims))}
			for range rng.IntN(4) {
				joined = append(joined, int32(claims))
				claims++
			}
			for range 1 + rng.IntN(2) {
				for _, c := range joined {
					h.edges = append(h.edges, Edge{c, entities, 0, 0})
				}
				entities++
			}
		}
		g := h.graph(t, Options{Tolerance: 1e-12, Damping: 0.9})
		r := g.Refresh(1)
		if r.Iterations() != 0 {
			t.Fatalf("%d steps for a tree", r.Iterations())
		}
		c, e := denseRank(t, h, 1, 0.9, claims, int(entities))
		for i, want := range c {
			if math.Abs(r.Claim(int32(i))-want) > 1e-12 {
				t.Fatalf("claim %d has %v, want %v", i, r.Claim(int32(i)), want)
			}
		}
		for i, want := range e {
			if math.Abs(r.Entity(int32(i))-want) > 1e-12 {
				t.Fatalf("entity %d has %v, want %v", i, r.Entity(int32(i)), want)
			}
		}
	}
}

// Marks that are equal by chance make no bundle.
func TestBundlesAreHeldToTheirClaims(t *testing.T) {
	names := rows{start: []int32{0, 3, 5, 6}, cols: []int32{0, 1, 2, 0, 1, 2}}
	for _, c := range []struct {
		marks []uint64
		of    []int32
		size  []int32
	}{
		{[]uint64{7, 7, 9}, []int32{0, 0, 1}, []int32{2, 1}},
		{[]uint64{7, 7, 7}, []int32{0, 1, 2}, []int32{1, 1, 1}},
		{[]uint64{7, 8, 7}, []int32{0, 1, 2}, []int32{1, 1, 1}},
	} {
		l := &linkage{claims: []int32{0, 1, 2}, shared: rows{slices.Clone(names.start), slices.Clone(names.cols)}}
		of := l.bundle(c.marks)
		if !slices.Equal(of, c.of) || !slices.Equal(l.size, c.size) {
			t.Errorf("bundles %v of sizes %v, want %v and %v", of, l.size, c.of, c.size)
		}
		for b, d := range l.degree {
			if d != 2 {
				t.Errorf("bundle %d is of %d claims", b, d)
			}
		}
	}
}

// A graph that has grown needs a new refresher.
func TestRefresherOfAGrownGraph(t *testing.T) {
	g := history{edges: []Edge{{0, 0, 0, 1}}}.graph(t, Options{})
	r := g.NewRefresher()
	if err := g.Add(Edge{0, 1, 0, 1}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("it is used")
		}
	}()
	r.Refresh(2)
}
