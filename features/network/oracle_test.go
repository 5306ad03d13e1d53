package network

import (
	"math"
	"math/rand/v2"
	"testing"
)

// history is raw rows, as a caller has them.
type history struct {
	edges    []Edge
	outcomes []Outcome
}

// randomHistory draws a small dense history with many equal times.
func randomHistory(rng *rand.Rand) history {
	var h history
	claims, entities, span := 2+rng.IntN(30), 1+rng.IntN(25), int64(1+rng.IntN(20))
	popular := rng.IntN(entities)
	for range rng.IntN(120) {
		e := rng.IntN(entities)
		if rng.IntN(6) == 0 {
			e = popular
		}
		h.edges = append(h.edges, Edge{int32(rng.IntN(claims)), int32(e), uint8(e % 3), rng.Int64N(span)})
	}
	for range rng.IntN(20) {
		h.outcomes = append(h.outcomes, Outcome{int32(rng.IntN(claims)), rng.IntN(2) == 0, rng.Int64N(span)})
	}
	return h
}

func (h history) graph(t testing.TB, o Options) *Graph {
	t.Helper()
	g, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Fold(h.edges, h.outcomes); err != nil {
		t.Fatal(err)
	}
	return g
}

// frauds returns the confirmed claims as of t, by the definition.
func (h history) frauds(t int64) map[int32]bool {
	last, out := map[int32]int64{}, map[int32]bool{}
	for _, o := range h.outcomes {
		if old, ok := last[o.Claim]; o.Known >= t || ok && old > o.Known {
			continue
		} else if !ok || old < o.Known {
			last[o.Claim], out[o.Claim] = o.Known, o.Confirmed
		} else {
			out[o.Claim] = out[o.Claim] || o.Confirmed
		}
	}
	return out
}

// oracle answers a question from the raw rows by the definitions, with a set of
// edges, distances by relaxation, and cycles by looking at all pairs.
func (h history) oracle(q Question, o Options) Indicators {
	type pair struct{ claim, entity int32 }
	edges, kinds, mine := map[pair]bool{}, map[int32]uint8{}, map[int32]bool{}
	earliest := map[pair]int64{}
	for _, e := range h.edges {
		if old, there := earliest[pair{e.Claim, e.Entity}]; !there || e.Known < old {
			earliest[pair{e.Claim, e.Entity}] = e.Known
		}
	}
	for _, e := range h.edges {
		kinds[e.Entity] = e.Kind
		e.Known = earliest[pair{e.Claim, e.Entity}]
		if e.Claim == q.Claim {
			if e.Known <= q.At {
				mine[e.Entity] = true
			}
		} else if e.Known < q.At && (q.Within == 0 || e.Known >= q.At-q.Within) {
			edges[pair{e.Claim, e.Entity}] = true
		}
	}
	for _, own := range q.Own {
		mine[own.Entity], kinds[own.Entity] = true, own.Kind
	}
	degree := map[int32]int32{}
	for p := range edges {
		degree[p.entity]++
	}
	hub := func(e int32) bool { return int(degree[e]) > o.HubDegree }
	var out Indicators
	toEntity, toClaim := map[int32]int{}, map[int32]int{}
	for e := range mine {
		toEntity[e] = 1
		out.Degree[kinds[e]] = max(out.Degree[kinds[e]], degree[e])
		out.LargestDegree = max(out.LargestDegree, degree[e])
		if hub(e) {
			out.Hubs++
		}
	}
	for changed := true; changed; {
		changed = false
		for p := range edges {
			if de, ok := toEntity[p.entity]; ok && !hub(p.entity) {
				if dc, ok := toClaim[p.claim]; !ok || dc > de+1 {
					toClaim[p.claim], changed = de+1, true
				}
			}
			if dc, ok := toClaim[p.claim]; ok {
				if de, ok := toEntity[p.entity]; !ok || de > dc+1 {
					toEntity[p.entity], changed = dc+1, true
				}
			}
		}
	}
	frauds := h.frauds(q.At)
	for c, d := range toClaim {
		out.Claims, out.Hops = out.Claims+1, max(out.Hops, int32(d))
		if frauds[c] && d <= 2 {
			out.Fraud2++
		}
		if frauds[c] && d <= 4 {
			out.Fraud4++
		}
		sharedKinds := map[uint8]bool{}
		for a := range mine {
			if !edges[pair{c, a}] || hub(a) {
				continue
			}
			sharedKinds[kinds[a]] = true
			for b := range mine {
				if a < b && edges[pair{c, b}] && !hub(b) {
					out.Cycles++
				}
			}
		}
		for k := range sharedKinds {
			out.Shared[k]++
		}
	}
	for e, d := range toEntity {
		out.Entities, out.Hops = out.Entities+1, max(out.Hops, int32(d))
		if d >= 3 && d <= o.PartyHops {
			out.Parties[kinds[e]]++
		}
	}
	return out
}

// same compares all but the rank.
func same(a, b Indicators) bool {
	a.Rank, b.Rank = 0, 0
	return a == b
}

// identical compares everything, NaN equal to NaN.
func identical(a, b Indicators) bool {
	return same(a, b) && math.Float64bits(a.Rank) == math.Float64bits(b.Rank)
}

// randomQuestion asks for a claim that has edges, or for a new one.
func randomQuestion(rng *rand.Rand, h history) Question {
	q := Question{Claim: int32(rng.IntN(35)), At: rng.Int64N(23) - 1}
	if rng.IntN(2) == 0 {
		q.Within = 1 + rng.Int64N(20)
	}
	for range rng.IntN(4) {
		e := int32(rng.IntN(28))
		q.Own = append(q.Own, Own{e, uint8(e % 3)})
	}
	return q
}

func TestAskAgainstBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	reached, hubs := 0, 0
	for round := range 1500 {
		h := randomHistory(rng)
		o := Options{HubDegree: 1 + rng.IntN(8), PartyHops: 3 + 2*rng.IntN(3)}.withDefaults()
		asker := h.graph(t, o).NewAsker()
		for range 12 {
			q := randomQuestion(rng, h)
			got, err := asker.Ask(q, nil)
			if err != nil {
				t.Fatal(err)
			}
			if want := h.oracle(q, o); !same(got, want) {
				t.Fatalf("round %d: %+v\n got %+v\nwant %+v\nedges %v outcomes %v options %+v", round, q, got, want, h.edges, h.outcomes, o)
			}
			if !math.IsNaN(got.Rank) {
				t.Fatalf("rank %v without a refresh", got.Rank)
			}
			if got.Hops > 4 {
				reached++
			}
			hubs += int(got.Hubs)
		}
	}
	if reached < 500 || hubs < 500 {
		t.Errorf("only %d far walks and %d hubs: the histories test too little", reached, hubs)
	}
}

// A walk that ends early has walked whole hops: it answers as a walk of so many
// hops does, whatever the order of rows.
func TestTruncatedWalksCountWholeHops(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	truncated := 0
	for range 1000 {
		h := randomHistory(rng)
		o := Options{HubDegree: 20, MaxEdges: 1 + rng.IntN(40)}
		a := h.graph(t, o).NewAsker()
		rng.Shuffle(len(h.edges), func(i, j int) { h.edges[i], h.edges[j] = h.edges[j], h.edges[i] })
		b := h.graph(t, o).NewAsker()
		full := h.graph(t, Options{HubDegree: 20}).NewAsker()
		for range 5 {
			q := randomQuestion(rng, h)
			x, err1 := a.Ask(q, nil)
			y, err2 := b.Ask(q, nil)
			z, err3 := full.Ask(q, nil)
			if err1 != nil || err2 != nil || err3 != nil {
				t.Fatal(err1, err2, err3)
			}
			if !same(x, y) {
				t.Fatalf("the order of rows matters: %+v and %+v", x, y)
			}
			if !x.Truncated && !same(x, z) {
				t.Fatalf("%+v is not truncated and differs from %+v", x, z)
			}
			if x.Claims > z.Claims || x.Entities > z.Entities || x.Fraud4 > z.Fraud4 || x.Hops > z.Hops {
				t.Fatalf("truncated %+v counts more than %+v", x, z)
			}
			if x.Degree != z.Degree || x.Shared != z.Shared || x.Fraud2 != z.Fraud2 || x.Cycles != z.Cycles || x.Hubs != z.Hubs {
				t.Fatalf("truncated %+v and %+v differ next to the claim", x, z)
			}
			if x.Hops >= 3 && x.Parties != z.Parties || x.Hops >= 4 && x.Fraud4 != z.Fraud4 {
				t.Fatalf("truncated %+v walked %d hops and differs from %+v", x, x.Hops, z)
			}
			if x.Truncated {
				truncated++
			}
		}
	}
	if truncated < 500 {
		t.Errorf("only %d truncated walks", truncated)
	}
}
