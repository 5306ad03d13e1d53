package history

import (
	"fmt"
	"math"

	"claimsieve/features/network"
)

// checkLinks refuses a row by which its claim would name more entities than the
// graph takes: the graph folds rows later than they come, when there is nobody
// left to tell.
func (f *folding) checkLinks(r *row) error {
	if f.graph == nil || len(f.table.edges) == 0 || r.claim < 0 {
		return nil
	}
	bound := f.d.n * len(f.table.edges)
	if int(r.claim) < len(f.claims.links) {
		bound += int(f.claims.links[r.claim])
	}
	if bound <= network.MaxClaimEntities {
		return nil
	}
	named := f.named(r.claim)
	for i := range f.d.n {
		if f.d.claim[i] == r.claim {
			f.table.eachEdge(r.claim, func(k int) int32 { return f.d.keys[k][i] }, func(e edge, _ *edgeUnit) { named[e] = true })
		}
	}
	if len(named) > network.MaxClaimEntities {
		return fmt.Errorf("claim %q names %d entities, and the graph takes %d: leave out what does not identify anybody",
			f.codes.claims.word(r.claim), len(named), network.MaxClaimEntities)
	}
	return nil
}

// eachEdge calls each with the edges of a row.
func (t *tableLayout) eachEdge(claim int32, key func(k int) int32, each func(edge, *edgeUnit)) {
	for i := range t.edges {
		u := &t.edges[i]
		if code := key(u.key); code >= 0 {
			each(edge{claim, u.space, code, u.kind}, u)
		}
	}
}

// named returns the entities that a claim names, known or to come.
func (s *State) named(claim int32) map[edge]bool {
	named := map[edge]bool{}
	for _, e := range s.graph.edges {
		if e.claim == claim {
			named[e] = true
		}
	}
	for i := range s.ahead {
		if p := &s.ahead[i]; p.story < 0 && p.edge.claim == claim {
			named[p.edge] = true
		}
	}
	_ = s.waiting.of(s.layout, claim, func(w *waits) error {
		s.layout.tables[s.layout.names[w.place]].eachEdge(claim, func(k int) int32 { return w.keys[k] }, func(e edge, _ *edgeUnit) { named[e] = true })
		return nil
	})
	if int(claim) >= len(s.graph.claims) || s.graph.claims[claim] < 0 {
		return named
	}
	asker := s.graph.net.NewAsker()
	if _, err := asker.Ask(network.Question{Claim: s.graph.claims[claim], At: math.MaxInt64, Want: network.WantDegrees}, nil); err != nil {
		panic("history: BUG: the graph does not know its own claim: " + err.Error())
	}
	inside := map[int32]bool{}
	for _, o := range asker.Own() {
		inside[o.Entity] = true
	}
	for e := range named { // what the graph has counts once
		if number := s.graph.entityOf(e.space, e.code); number >= 0 && inside[number] {
			delete(named, e)
		}
	}
	for number := range inside {
		named[edge{claim: claim, space: -1, code: number}] = true
	}
	return named
}

// entityOf returns the number of an entity, -1 before it has one.
func (g *graph) entityOf(space int, code int32) int32 {
	if code < 0 || int(code) >= len(g.entities[space]) {
		return -1
	}
	return g.entities[space][code]
}

// claimOf returns the number of a claim, -1 before it has one.
func (g *graph) claimOf(claim int32) int32 {
	if claim < 0 || int(claim) >= len(g.claims) {
		return -1
	}
	return g.claims[claim]
}

// linked counts the entities of a row for the bound on them.
func (s *State) linked(t *tableLayout, r *row, clock int) {
	for _, u := range t.edges {
		if u.row == clock && r.keys[u.key] >= 0 && r.claim >= 0 {
			if n := &s.claims.links[r.claim]; *n < math.MaxUint16 {
				*n++
			}
		}
	}
}

func (g *graph) size() int {
	n := g.net.Size() + 4*cap(g.claims) + 20*cap(g.edges) + 8*cap(g.verdicts)
	for _, e := range g.entities {
		n += 4 * cap(e)
	}
	return n
}
