package network_test

import (
	"slices"
	"testing"
	"time"

	"claimsieve/datasets"
	"claimsieve/datasets/synth"
	"claimsieve/features/network"
)

// Kinds of entity in a simulated portfolio.
const (
	person = iota
	vehicle
	phone
	account
	shop
)

// portfolio is a simulated portfolio as a graph's rows, with the truth.
type portfolio struct {
	edges     []network.Edge
	outcomes  []network.Outcome
	questions []network.Question // as of the report of each claim
	kind      []string
	ring      []string
	end       int64
}

func strs(t testing.TB, table *datasets.Table, column string) []string {
	t.Helper()
	v, err := table.Strings(column)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func micros(t testing.TB, table *datasets.Table, column string) []int64 {
	t.Helper()
	v, err := table.Micros(column)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func simulate(t testing.TB, cfg synth.Config) portfolio {
	t.Helper()
	p, err := synth.Generate(cfg)
	if err != nil {
		t.Fatal(err)
	}
	out := portfolio{kind: strs(t, p.Truth, "kind"), ring: strs(t, p.Truth, "ring_id")}
	number, entities := map[string]int32{}, map[string]int32{}
	reported := micros(t, p.Claims, "reported_at")
	for i, id := range strs(t, p.Claims, "claim_id") {
		number[id] = int32(i)
		out.questions = append(out.questions, network.Question{Claim: int32(i), At: reported[i]})
		out.end = max(out.end, reported[i]+1)
	}
	name := func(claim int32, kind uint8, word string, known int64) {
		if word == "" {
			return
		}
		e, ok := entities[word]
		if !ok {
			e = int32(len(entities))
			entities[word] = e
		}
		out.edges = append(out.edges, network.Edge{Claim: claim, Entity: e, Kind: kind, Known: known})
	}
	known := micros(t, p.Parties, "known_at")
	columns := [][]string{strs(t, p.Parties, "party_id"), strs(t, p.Parties, "vehicle_id"), strs(t, p.Parties, "phone"), strs(t, p.Parties, "account")}
	for i, id := range strs(t, p.Parties, "claim_id") {
		for kind, column := range columns {
			name(number[id], uint8(kind), column[i], known[i])
		}
	}
	assessed := micros(t, p.Claims, "assessed_at")
	for i, id := range strs(t, p.Claims, "repair_shop_id") {
		if assessed[i] > 0 {
			name(int32(i), shop, id, assessed[i])
		}
	}
	concluded, flags := micros(t, p.Outcomes, "concluded_at"), strs(t, p.Outcomes, "conclusion")
	for i, id := range strs(t, p.Outcomes, "claim_id") {
		out.outcomes = append(out.outcomes, network.Outcome{Claim: number[id], Confirmed: flags[i] == "refused_fraud" || flags[i] == "withdrawn_fraud", Known: concluded[i]})
	}
	return out
}

// listing counts what a list of gangs holds.
type listing struct {
	gangs, claims int
	of            map[string]int // claims by what they are in truth
}

func (p portfolio) list(t *testing.T, g *network.Graph, o network.GangOptions) (out listing, gangs []network.Gang) {
	t.Helper()
	gangs, err := g.Gangs(p.end, o)
	if err != nil {
		t.Fatal(err)
	}
	out.of = map[string]int{}
	for _, gang := range gangs {
		out.gangs++
		for _, c := range gang.Claims {
			out.claims++
			out.of[p.kind[c]]++
		}
	}
	return out, gangs
}

// precision is the share of listed claims that a ring made, recall the share of
// a kind of ring's claims that are listed.
func (l listing) precision() float64 {
	return float64(l.of["staged_ring"]+l.of["shop_ring"]) / float64(l.claims)
}

func (p portfolio) recall(l listing, kind string) float64 {
	n := 0
	for _, k := range p.kind {
		if k == kind {
			n++
		}
	}
	return float64(l.of[kind]) / float64(n)
}

// Rings that stage accidents rotate the roles among the same persons: they are
// found without any outcome. Shop rings look like an honest shop that is paid
// directly, but for the account and the frauds confirmed so far: they are found
// in part. The floors leave room below what was measured on these two seeds
// (staged rings: precision 0.95 and 1.00, recall 0.89 and 0.98; shop rings: recall
// 0.40 and 0.47 at precision 1.00 with two confirmed frauds, 0.48 and 0.69 at 0.67
// and 0.54 with one).
func TestRingsAreFound(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		p := simulate(t, synth.Config{Seed: seed})
		g, err := network.New(network.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Fold(p.edges, p.outcomes); err != nil {
			t.Fatal(err)
		}
		rotating, gangs := p.list(t, g, network.GangOptions{Skip: 1 << shop, People: person, MinPeople: 3, MinTurns: 2.5})
		t.Logf("seed %d, rotating roles: %+v, precision %.3f, staged recall %.3f", seed, rotating, rotating.precision(), p.recall(rotating, "staged_ring"))
		if rotating.precision() < 0.9 || p.recall(rotating, "staged_ring") < 0.83 {
			t.Errorf("seed %d: staged rings are not found", seed)
		}
		if whole := p.wholeRings(gangs); whole < 0.8 {
			t.Errorf("seed %d: only %.2f of the staged rings are a gang of their own", seed, whole)
		}
		const accounts = 1<<person | 1<<vehicle | 1<<phone | 1<<shop
		for _, c := range []struct {
			confirmed, degree int
			precision, recall float64
		}{{confirmed: 2, degree: 20, precision: 0.9, recall: 0.15}, {confirmed: 1, degree: 30, precision: 0.45, recall: 0.35}} {
			paid, _ := p.list(t, g, network.GangOptions{Skip: accounts, People: account, MinClaims: 4, LinkDegree: c.degree, MinConfirmed: c.confirmed})
			t.Logf("seed %d, accounts with %d confirmed: %+v, precision %.3f, shop recall %.3f", seed, c.confirmed, paid, paid.precision(), p.recall(paid, "shop_ring"))
			if paid.precision() < c.precision || p.recall(paid, "shop_ring") < c.recall {
				t.Errorf("seed %d: shop rings are not found by %+v", seed, c)
			}
		}
	}
}

// Memberships agree with the gangs of a portfolio, large components that are
// divided among them.
func TestMembershipsOfAPortfolio(t *testing.T) {
	p := simulate(t, synth.Config{Seed: 3})
	g, err := network.New(network.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Fold(p.edges, p.outcomes); err != nil {
		t.Fatal(err)
	}
	for _, o := range []network.GangOptions{{LinkDegree: 10}, {}, {LinkDegree: 60, MinConfirmed: 1, MinTurns: 1.5, Skip: 1 << phone}} {
		_, gangs := p.list(t, g, o)
		m, err := g.Memberships(p.end, o)
		if err != nil {
			t.Fatal(err)
		}
		want := map[int32][2]int32{}
		for _, gang := range gangs {
			size := [2]int32{int32(len(gang.Claims)), int32(gang.Confirmed)}
			for _, e := range gang.Members {
				if old := want[e.Entity]; size[0] > old[0] || size[0] == old[0] && size[1] > old[1] {
					want[e.Entity] = size
				}
			}
		}
		for e := range int32(g.Entities()) {
			if claims, confirmed := m.Of(e); want[e] != [2]int32{claims, confirmed} {
				t.Fatalf("%+v: entity %d is in a gang of %d claims, %d confirmed; the list says %v", o, e, claims, confirmed, want[e])
			}
		}
		t.Logf("%+v: %d gangs, %d entities", o, len(gangs), len(want))
	}
}

// wholeRings returns the share of staged rings of three or more claims that one
// gang has at least half of, and that are at least half of that gang.
func (p portfolio) wholeRings(gangs []network.Gang) float64 {
	size := map[string]int{}
	for i, r := range p.ring {
		if p.kind[i] == "staged_ring" {
			size[r]++
		}
	}
	rings, found := 0, map[string]bool{}
	for _, n := range size {
		if n >= 3 {
			rings++
		}
	}
	for _, g := range gangs {
		in := map[string]int{}
		for _, c := range g.Claims {
			in[p.ring[c]]++
		}
		for r, n := range in {
			if size[r] >= 3 && 2*n >= size[r] && 2*n >= len(g.Claims) {
				found[r] = true
			}
		}
	}
	return float64(len(found)) / float64(rings)
}

// Each indicator tells claims of rings from honest ones as of their report,
// when nothing of the claim itself is known but who is in it. The measure is
// the area under the ROC curve, ties half.
func TestIndicatorsSeparateRings(t *testing.T) {
	p := simulate(t, synth.Config{})
	g, err := network.New(network.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Fold(p.edges, p.outcomes); err != nil {
		t.Fatal(err)
	}
	answers, err := g.Answer(p.questions, network.MonthBegin, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		of    func(i network.Indicators) float64
		floor float64
	}{
		{"shared persons", func(i network.Indicators) float64 { return float64(i.Shared[person]) }, 0.7},
		{"shared phones", func(i network.Indicators) float64 { return float64(i.Shared[phone]) }, 0.7},
		{"cycles", func(i network.Indicators) float64 { return float64(i.Cycles) }, 0.7},
		{"parties in reach", func(i network.Indicators) float64 { return float64(i.Parties[person]) }, 0.7},
		{"component", func(i network.Indicators) float64 { return float64(i.Claims) }, 0.65},
		{"frauds within 4", func(i network.Indicators) float64 { return float64(i.Fraud4) }, 0.7},
		{"BiRank", func(i network.Indicators) float64 { return i.Rank }, 0.7},
	} {
		auc := p.auc("staged_ring", answers, c.of)
		t.Logf("%s: AUC %.3f staged, %.3f shop", c.name, auc, p.auc("shop_ring", answers, c.of))
		if auc < c.floor {
			t.Errorf("%s has an AUC of %.3f for staged rings, want %.2f", c.name, auc, c.floor)
		}
	}
}

func (p portfolio) auc(kind string, answers []network.Indicators, of func(network.Indicators) float64) float64 {
	var ring, honest []float64
	for i, k := range p.kind {
		switch k {
		case kind:
			ring = append(ring, of(answers[i]))
		case "honest":
			honest = append(honest, of(answers[i]))
		}
	}
	slices.Sort(honest)
	sum := 0.0
	for _, v := range ring {
		below, _ := slices.BinarySearch(honest, v)
		notAbove, _ := slices.BinarySearchFunc(honest, v, func(h, v float64) int {
			if h <= v {
				return -1
			}
			return 1
		})
		sum += float64(below+notAbove) / 2
	}
	return sum / float64(len(ring)) / float64(len(honest))
}

// BenchmarkAskPortfolio asks as of the report of each claim of a simulated
// portfolio of 200,000 claims, with about 14 edges each.
func BenchmarkAskPortfolio(b *testing.B) {
	p := simulate(b, synth.Config{Claims: 200_000})
	g, err := network.New(network.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := g.Fold(p.edges, p.outcomes); err != nil {
		b.Fatal(err)
	}
	a, i := g.NewAsker(), 0
	var times []time.Duration
	for b.Loop() {
		i = (i + 7919) % len(p.questions)
		from := time.Now()
		if _, err := a.Ask(p.questions[i], nil); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(from))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds()), "p99-ns")
}
