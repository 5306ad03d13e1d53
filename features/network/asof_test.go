package network

import (
	"math/rand/v2"
	"testing"
)

// What becomes known at t or later changes no answer as of t, however much it
// is; a rank neither.
func TestNoFutureLeaks(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 400 {
		h := randomHistory(rng)
		at := rng.Int64N(21)
		q := Question{Claim: 100, At: at, Own: []Own{{Entity: 0}, {Entity: 1, Kind: 1}}}
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
		for range 300 { // entities become hubs at and after t, claims are concluded
			e := int32(rng.IntN(25))
			h.edges = append(h.edges, Edge{int32(rng.IntN(30)), e, uint8(e % 3), at + rng.Int64N(3)})
			h.outcomes = append(h.outcomes, Outcome{int32(rng.IntN(30)), true, at + rng.Int64N(3)})
		}
		var got [2]Indicators
		for i, h := range []history{past, h} {
			g := h.graph(t, Options{HubDegree: 5})
			var err error
			if got[i], err = g.NewAsker().Ask(q, g.Refresh(at)); err != nil {
				t.Fatal(err)
			}
		}
		if !identical(got[0], got[1]) {
			t.Fatalf("as of %d\n%+v without the future\n%+v with it", at, got[0], got[1])
		}
	}
}

// Claims of one instant do not see each other, and each sees itself.
func TestTies(t *testing.T) {
	h := history{edges: []Edge{{0, 0, 0, 10}, {1, 0, 0, 20}, {2, 0, 0, 20}, {2, 1, 0, 21}}, outcomes: []Outcome{{0, true, 20}}}
	a := h.graph(t, Options{}).NewAsker()
	for _, c := range []struct {
		claim                  int32
		at                     int64
		shared, fraud, enities int32
	}{{0, 10, 0, 0, 1}, {1, 20, 1, 0, 1}, {2, 20, 1, 0, 1}, {1, 21, 2, 1, 1}, {2, 21, 2, 1, 2}, {1, 22, 2, 1, 2}} {
		got, err := a.Ask(Question{Claim: c.claim, At: c.at}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.Shared[0] != c.shared || got.Fraud2 != c.fraud || got.Entities != c.enities {
			t.Errorf("claim %d as of %d: %+v, want %+v", c.claim, c.at, got, c)
		}
	}
}

// An entity connects until it is a hub, and goes on connecting as of then.
func TestHubsGrow(t *testing.T) {
	g, err := New(Options{HubDegree: 3})
	if err != nil {
		t.Fatal(err)
	}
	for i := range int32(10) {
		if err := g.Add(Edge{i, 0, 4, int64(i)}); err != nil {
			t.Fatal(err)
		}
	}
	for at := range int64(11) {
		got, err := g.NewAsker().Ask(Question{Claim: 99, At: at, Own: []Own{{0, 4}}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := Indicators{Entities: 1, LargestDegree: int32(at), Hops: 1}
		want.Degree[4] = int32(at)
		if at > 3 {
			want.Hubs = 1
		} else if at > 0 {
			want.Claims, want.Shared[4], want.Hops = int32(at), int32(at), 2
		}
		if !same(got, want) {
			t.Errorf("as of %d\n got %+v\nwant %+v", at, got, want)
		}
	}
}

// Giving identifiers with the question is the same as folding them first, and
// asking while folding the same as asking in one batch afterwards.
func TestOnlineIsBatch(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		h := randomHistory(rng)
		var questions []Question
		for c := range int32(30) {
			questions = append(questions, Question{Claim: c, At: int64(c) * 2 / 3})
		}
		refresh := func(t int64) int64 { return t - t%5 }
		full := h.graph(t, Options{HubDegree: 6})
		batch, err := full.Answer(questions, refresh, 1)
		if err != nil {
			t.Fatal(err)
		}
		threaded, err := full.Answer(questions, refresh, 3)
		if err != nil {
			t.Fatal(err)
		}
		online, err := New(Options{HubDegree: 6})
		if err != nil {
			t.Fatal(err)
		}
		asker, to := online.NewAsker(), int64(-1)
		for i, q := range questions {
			var now history
			for _, e := range h.edges {
				if e.Known >= to && e.Known < q.At {
					now.edges = append(now.edges, e)
				} else if e.Claim == q.Claim && e.Known == q.At {
					q.Own = append(q.Own, Own{e.Entity, e.Kind})
				}
			}
			for _, o := range h.outcomes {
				if o.Known >= to && o.Known < q.At {
					now.outcomes = append(now.outcomes, o)
				}
			}
			to = q.At
			if err := online.Fold(now.edges, now.outcomes); err != nil {
				t.Fatal(err)
			}
			got, err := asker.Ask(q, online.Refresh(refresh(q.At)))
			if err != nil {
				t.Fatal(err)
			}
			if !identical(got, batch[i]) || !identical(got, threaded[i]) {
				t.Fatalf("question %+v\n  online %+v\n   batch %+v\nthreaded %+v", q, got, batch[i], threaded[i])
			}
		}
	}
}

// A hub of a million claims costs a question no more than a small entity, and
// neither does a thicket of claims below the hub limit.
func TestWorkIsBounded(t *testing.T) {
	g, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range int32(1_000_000) {
		if err := g.Add(Edge{i, 0, 0, int64(i)}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range int32(20_000) { // claim i shares entities with its neighbours
		for k := range int32(4) {
			if err := g.Add(Edge{i, 1 + (i+k*k*k*37)/10, 1, 2_000_000}); err != nil {
				t.Fatal(err)
			}
		}
	}
	g.options.MaxEdges = 500
	a := g.NewAsker()
	for _, q := range []Question{
		{Claim: 2_000_000, At: 3_000_000, Own: []Own{{0, 0}}},
		{Claim: 10_000, At: 3_000_000},
		{Claim: 10_000, At: 500_000},
	} {
		w := walk{Asker: a, claim: q.Claim, want: wantAll, cut: g.log.cut(q.At), concl: g.verdicts.cut(q.At)}
		if err := a.gather(q, 0, w.cut); err != nil {
			t.Fatal(err)
		}
		var out Indicators
		w.answer(&out)
		if w.followed > g.options.MaxEdges {
			t.Errorf("%+v followed %d edges", q, w.followed)
		}
		if out.Hubs != 1 || out.LargestDegree < 499_999 {
			t.Errorf("%+v: %+v does not see the hub", q, out)
		}
		if q.Claim == 10_000 && q.At == 3_000_000 && !out.Truncated {
			t.Errorf("the thicket is walked in %d edges", w.followed)
		}
	}
	if n := testing.AllocsPerRun(100, func() {
		if _, err := a.Ask(Question{Claim: 10_000, At: 3_000_000}, nil); err != nil {
			t.Error(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations a question", n)
	}
}
