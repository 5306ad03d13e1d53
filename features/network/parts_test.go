package network

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// only blanks what was not wanted.
func only(i Indicators, want Parts) Indicators {
	out := Indicators{Rank: math.NaN()}
	if want&WantDegrees != 0 {
		out.Degree, out.LargestDegree, out.Hubs = i.Degree, i.LargestDegree, i.Hubs
	}
	if want&WantShared != 0 {
		out.Shared, out.Cycles = i.Shared, i.Cycles
	}
	if want&WantFraud != 0 {
		out.Fraud2 = i.Fraud2
	}
	if want&WantReach != 0 {
		out.Claims, out.Entities, out.Hops, out.Truncated = i.Claims, i.Entities, i.Hops, i.Truncated
		out.Parties, out.Fraud4 = i.Parties, i.Fraud4
	}
	if want&WantRank != 0 {
		out.Rank = i.Rank
	}
	return out
}

// Every set of parts answers as the whole does, without the rest.
func TestPartsAreTheWhole(t *testing.T) {
	rng := rand.New(rand.NewPCG(30, 31))
	ranked := 0
	for range 300 {
		h := randomHistory(rng)
		g := h.graph(t, Options{HubDegree: 1 + rng.IntN(8), MaxEdges: 1 + rng.IntN(60)})
		q := randomQuestion(rng, h)
		r, a := g.Refresh(q.At), g.NewAsker()
		whole, err := a.Ask(q, r)
		if err != nil {
			t.Fatal(err)
		}
		if whole.Rank > 0 {
			ranked++
		}
		for want := range wantAll {
			q.Want = want + 1
			got, err := a.Ask(q, r)
			if err != nil {
				t.Fatal(err)
			}
			if !identical(got, only(whole, q.Want)) {
				t.Fatalf("parts %b of %+v are %+v", q.Want, whole, got)
			}
		}
	}
	if ranked < 30 {
		t.Errorf("only %d ranks", ranked)
	}
	g, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.NewAsker().Ask(Question{Want: wantAll + 1}, nil); err == nil || !strings.Contains(err.Error(), "constants of Parts") {
		t.Errorf("unknown parts: %v", err)
	}
}

// A claim's own outcome never reaches its rank: what an answer holds is the same
// as if the claim had none, or NaN.
func TestRankHasNoOwnOutcome(t *testing.T) {
	rng := rand.New(rand.NewPCG(32, 33))
	numbers, none := 0, 0
	for range 600 {
		h := randomHistory(rng)
		q := randomQuestion(rng, h)
		refresh := q.At - rng.Int64N(6)
		without := history{edges: h.edges}
		known := false
		for _, o := range h.outcomes {
			if o.Claim != q.Claim {
				without.outcomes = append(without.outcomes, o)
			} else if o.Known < refresh {
				known = true
			}
		}
		var got [2]Indicators
		for i, h := range []history{h, without} {
			g := h.graph(t, Options{})
			var err error
			if got[i], err = g.NewAsker().Ask(q, g.Refresh(refresh)); err != nil {
				t.Fatal(err)
			}
		}
		if known != math.IsNaN(got[0].Rank) {
			t.Fatalf("claim %d as of %d with the refresh %d has rank %v; own outcome known: %v", q.Claim, q.At, refresh, got[0].Rank, known)
		}
		if known {
			none++
		} else if got[0].Rank != got[1].Rank {
			t.Fatalf("rank %v with an own outcome, %v without", got[0].Rank, got[1].Rank)
		} else {
			numbers++
		}
	}
	if numbers < 200 || none < 50 {
		t.Errorf("%d ranks and %d without were compared", numbers, none)
	}
}
