package network

import (
	"math/rand/v2"
	"testing"
)

// disagreement says where memberships differ from the gangs of Gangs, by the
// definition; "" for nowhere. divided counts entities of more than one gang.
func disagreement(g *Graph, m *Memberships, gangs []Gang) (what string, divided int) {
	type size struct{ claims, confirmed int32 }
	claims, entities, times := map[int32]size{}, map[int32]size{}, map[int32]int{}
	for _, gang := range gangs {
		s := size{int32(len(gang.Claims)), int32(gang.Confirmed)}
		for _, c := range gang.Claims {
			claims[c] = s
		}
		for _, e := range gang.Members {
			old := entities[e.Entity]
			if s.claims > old.claims || s.claims == old.claims && s.confirmed > old.confirmed {
				entities[e.Entity] = s
			}
			if times[e.Entity]++; times[e.Entity] == 2 {
				divided++
			}
		}
	}
	for i := int32(-1); i <= int32(max(g.Claims(), g.Entities())); i++ {
		if n, frauds := m.OfClaim(i); (size{n, frauds}) != claims[i] {
			return "a claim", divided
		}
		if n, frauds := m.Of(i); (size{n, frauds}) != entities[i] {
			return "an entity", divided
		}
	}
	return "", divided
}

func TestMembershipsAreThoseOfGangs(t *testing.T) {
	rng := rand.New(rand.NewPCG(40, 41))
	listed, divided := 0, 0
	for range 2000 {
		g := randomHistory(rng).graph(t, Options{})
		o := GangOptions{LinkDegree: 2 + rng.IntN(8), MinClaims: 2 + rng.IntN(3), MinPeople: 1 + rng.IntN(2), People: uint8(rng.IntN(3)),
			MinConfirmed: rng.IntN(2), MaxClaims: 2 + rng.IntN(20), Seed: rng.Uint64()}
		if rng.IntN(3) == 0 {
			o.Skip, o.MinTurns = uint16(rng.IntN(8)), rng.Float64()
		}
		at := rng.Int64N(22)
		gangs, err := g.Gangs(at, o)
		if err != nil {
			t.Fatal(err)
		}
		m, err := g.Memberships(at, o)
		if err != nil {
			t.Fatal(err)
		}
		what, n := disagreement(g, m, gangs)
		if what != "" {
			t.Fatalf("%s has another gang: %+v as of %d", what, o, at)
		}
		listed, divided = listed+len(gangs), divided+n
	}
	if listed < 300 || divided < 100 {
		t.Errorf("only %d gangs and %d entities of several were compared", listed, divided)
	}
	g := history{}.graph(t, Options{})
	if _, err := g.Memberships(0, GangOptions{LinkDegree: 1}); err == nil {
		t.Error("a bad LinkDegree is taken")
	}
	if m, err := g.Memberships(0, GangOptions{}); err != nil || m.Size() > 100 {
		t.Errorf("an empty graph: %+v, %v", m, err)
	}
}

// Memberships of a time see nothing of what becomes known then or later.
func TestMembershipsSeeNoFuture(t *testing.T) {
	rng := rand.New(rand.NewPCG(42, 43))
	for range 100 {
		h := randomHistory(rng)
		at := rng.Int64N(20)
		var past history
		for _, e := range h.edges {
			if e.Known < at {
				past.edges = append(past.edges, e)
			}
		}
		for _, o := range h.outcomes {
			if o.Known < at {
				past.outcomes = append(past.outcomes, o)
			}
		}
		g := h.graph(t, Options{})
		m, err := g.Memberships(at, GangOptions{MaxClaims: 5})
		if err != nil {
			t.Fatal(err)
		}
		gangs, err := past.graph(t, Options{}).Gangs(at, GangOptions{MaxClaims: 5})
		if err != nil {
			t.Fatal(err)
		}
		if what, _ := disagreement(g, m, gangs); what != "" {
			t.Fatalf("%s sees the future of %d", what, at)
		}
	}
}
