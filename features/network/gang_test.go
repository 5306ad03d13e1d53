package network

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

func TestGangByHand(t *testing.T) {
	h := history{
		edges: []Edge{
			{0, 0, 0, 1}, {0, 1, 1, 1}, {0, 9, 2, 1}, // 0 and 1 share entity 0, 1 and 2 entity 1
			{1, 0, 0, 2}, {2, 1, 1, 3}, {1, 1, 1, 4}, {2, 7, 0, 4},
			{5, 3, 0, 5}, {6, 3, 0, 5}, {7, 3, 0, 9}, // 7 comes later
		},
		outcomes: []Outcome{{0, true, 4}, {2, true, 4}, {2, false, 5}, {6, true, 6}},
	}
	g := h.graph(t, Options{})
	got, err := g.Gangs(6, GangOptions{MinClaims: 2})
	if err != nil {
		t.Fatal(err)
	}
	want := []Gang{{
		Claims:    []int32{0, 1, 2},
		Members:   []Own{{0, 0}, {7, 0}, {1, 1}, {9, 2}},
		Links:     []Evidence{{Own{0, 0}, []int32{0, 1}, []int64{1, 2}}, {Own{1, 1}, []int32{0, 1, 2}, []int64{1, 4, 3}}},
		Confirmed: 1,
	}, {
		Claims: []int32{5, 6}, Members: []Own{{3, 0}}, Links: []Evidence{{Own{3, 0}, []int32{5, 6}, []int64{5, 5}}},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for name, c := range map[string]struct {
		o    GangOptions
		want int
	}{
		"three claims":   {GangOptions{}, 1},
		"small degree":   {GangOptions{LinkDegree: 2, MinClaims: 2}, 2},
		"skipped kind":   {GangOptions{Skip: 1, MinClaims: 2, People: 1}, 1},
		"two people":     {GangOptions{MinPeople: 2}, 0},
		"turns":          {GangOptions{MinClaims: 2, MinTurns: 0.9}, 1},
		"two confirmed":  {GangOptions{MinConfirmed: 2}, 0},
		"another people": {GangOptions{MinClaims: 2, People: 1}, 1},
	} {
		gangs, err := g.Gangs(6, c.o)
		if err != nil || len(gangs) != c.want {
			t.Errorf("%s: %d gangs, want %d (%v)", name, len(gangs), c.want, err)
		}
	}
	for _, o := range []GangOptions{{LinkDegree: 1}, {MinClaims: 1}, {People: MaxKinds}, {MinTurns: -1}, {MaxClaims: 1 << 20}} {
		if _, err := g.Gangs(6, o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

// Components agree with distances by the definition: two claims are in one gang
// exactly when a path of linking entities joins them.
func TestGangsAgainstBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(16, 17))
	for range 300 {
		h := randomHistory(rng)
		at, degree := rng.Int64N(21), 2+rng.IntN(5)
		type pair struct{ claim, entity int32 }
		edges, named := map[pair]bool{}, map[int32]int{}
		for _, e := range h.edges {
			if p := (pair{e.Claim, e.Entity}); e.Known < at && !edges[p] {
				edges[p] = true
				named[e.Entity]++
			}
		}
		var joined [40][40]bool
		for a := range edges {
			for b := range edges {
				if a.entity == b.entity && named[a.entity] <= degree {
					joined[a.claim][b.claim] = true
				}
			}
		}
		for k := range joined { // Warshall
			for i := range joined {
				for j := range joined {
					joined[i][j] = joined[i][j] || joined[i][k] && joined[k][j]
				}
			}
		}
		g := h.graph(t, Options{})
		gangs, err := g.Gangs(at, GangOptions{LinkDegree: degree, MinClaims: 2, MinPeople: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, gang := range gangs {
			first := gang.Claims[0]
			for c := range joined {
				if in := slices.Contains(gang.Claims, int32(c)); in != (joined[first][c] || int32(c) == first) {
					t.Fatalf("claim %d in gang %v: %v", c, gang.Claims, in)
				}
			}
			frauds := h.frauds(at)
			n := 0
			for _, c := range gang.Claims {
				if frauds[c] {
					n++
				}
			}
			if n != gang.Confirmed {
				t.Fatalf("%d confirmed, want %d", gang.Confirmed, n)
			}
		}
	}
}

// Two dense groups that a chance identifier joins are divided at it, the same
// way each time and from whatever order of rows.
func TestLargeComponentsAreDivided(t *testing.T) {
	rng := rand.New(rand.NewPCG(18, 19))
	var h history
	for c := range int32(40) {
		for range 5 {
			e := c/20*10 + int32(rng.IntN(10))
			h.edges = append(h.edges, Edge{c, e, 0, int64(c)})
		}
	}
	h.edges = append(h.edges, Edge{3, 50, 0, 1}, Edge{33, 50, 0, 33})
	var first []Gang
	for round := range 8 {
		g := h.graph(t, Options{})
		gangs, err := g.Gangs(100, GangOptions{MaxClaims: 25, Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		if round == 0 {
			first = gangs
		} else if !reflect.DeepEqual(first, gangs) {
			t.Fatalf("round %d gives other gangs", round)
		}
		rng.Shuffle(len(h.edges), func(i, j int) { h.edges[i], h.edges[j] = h.edges[j], h.edges[i] })
	}
	total := 0
	for _, gang := range first {
		total += len(gang.Claims)
		low := 0
		for _, c := range gang.Claims {
			if c < 20 {
				low++
			}
		}
		if high := len(gang.Claims) - low; min(low, high) > 1 {
			t.Errorf("a gang reaches across by more than the claim of the chance identifier: %v", gang.Claims)
		}
	}
	if total != 40 || len(first) < 2 {
		t.Errorf("%d gangs with %d claims", len(first), total)
	}
}
