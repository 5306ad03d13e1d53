package network

import (
	"cmp"
	"fmt"
	"slices"
)

// Own is an identifier that the asking claim brings.
type Own struct {
	Entity int32
	Kind   uint8
}

// Question asks for the indicators of a claim as of an instant.
type Question struct {
	Claim int32 // may be unknown to the graph
	At    int64 // microseconds since 1970 UTC
	// Own lists identifiers beside those of the claim's edges that the graph
	// knows at At or before; in any order, repetitions do not count, entities
	// unknown to the graph are new ones. It may be nil.
	Own []Own
}

// Indicators is what the graph says about a claim. "Other claims" are claims
// but the asking one with an edge known strictly before the question's instant,
// and degrees count other claims. A distance is a number of edges: own entities
// lie at 1, claims that share one at 2.
type Indicators struct {
	Shared  [MaxKinds]int32 // different other claims that share an own entity of the kind which is no hub
	Degree  [MaxKinds]int32 // largest degree of an own entity of the kind, hubs included
	Parties [MaxKinds]int32 // different entities of the kind at distance 3 to Options.PartyHops

	Claims   int32 // other claims in the component
	Entities int32 // entities in the component, own ones and hubs at its rim included

	// Hops is the largest distance walked in full; Truncated says that there
	// was more to walk than Options.MaxEdges. Then Claims and Entities count
	// what lies within Hops, and so do Fraud4 and Parties where Hops is below
	// their distance. Shared, Degree, Fraud2, Hubs and Cycles are always exact.
	Hops      int32
	Truncated bool

	Fraud2 int32 // other claims within distance 2 whose fraud was confirmed before the instant
	Fraud4 int32 // the same within distance 4

	LargestDegree int32 // largest of Degree
	Hubs          int32 // own entities that are hubs; the hub flag is Hubs > 0

	// Cycles is the number of cycles of length 4 through the claim: pairs of
	// own entities, no hubs, that occur together in another claim, counted
	// once for each such claim.
	Cycles int64

	// Rank is the BiRank score that the claim has from the scores of its
	// entities at the last refresh, at least 0; NaN without a refresh. A claim
	// that asks again after a refresh that knew its own outcome has that in its
	// score: ask before an outcome is known.
	Rank float64
}

// own is an own entity of the asking claim.
type own struct {
	entity int32
	kind   uint8
	inside bool // the claim's own edge to it is in front of the cut
}

// Asker answers questions. It holds working memory of about 12 bytes for each
// claim and entity of its graph; one goroutine may use it at a time, while
// nobody folds.
type Asker struct {
	g       *Graph
	epoch   uint32
	claims  []uint32 // epoch in which a claim was seen
	ents    []uint32 // the same for an entity
	kindly  []uint32 // epoch in which a claim was counted for a kind
	kindGen uint32
	times   []int32 // own entities that a claim shares, valid in its epoch
	own     []own
	front   []int32
	next    []int32
}

// NewAsker returns an asker for the graph.
func (g *Graph) NewAsker() *Asker { return &Asker{g: g} }

// Ask answers a question. ranking is the last refresh at or before the
// question's instant, or nil. The error says what is wrong with the question:
// a negative number, an own entity of another kind than before, more than
// MaxClaimEntities of them, or a ranking that is later than the question.
func (a *Asker) Ask(q Question, ranking *Ranking) (Indicators, error) {
	var out Indicators
	if q.Claim < 0 {
		return out, fmt.Errorf("cannot ask for claim %d: numbers begin at 0", q.Claim)
	}
	if ranking != nil && ranking.at > q.At {
		return out, fmt.Errorf("cannot ask for claim %d as of %d: the ranking is of %d, which is later; give the last refresh before the claim", q.Claim, q.At, ranking.at)
	}
	a.begin()
	w := walk{Asker: a, claim: q.Claim, cut: cut(a.g.known, q.At), concl: cut(a.g.concl, q.At)}
	if err := a.gather(q, w.cut); err != nil {
		return out, err
	}
	w.first(&out)
	w.rest(&out)
	out.Rank = ranking.claimScore(a.own)
	return out, nil
}

// begin makes the working memory as large as the graph and forgets the last
// question.
func (a *Asker) begin() {
	a.claims = grown(a.claims, len(a.g.claims))
	a.kindly = grown(a.kindly, len(a.g.claims))
	a.times = grown(a.times, len(a.g.claims))
	a.ents = grown(a.ents, len(a.g.entities))
	const spare = MaxKinds + 1
	if a.epoch >= ^uint32(0)-spare || a.kindGen >= ^uint32(0)-spare {
		clear(a.claims)
		clear(a.ents)
		clear(a.kindly)
		a.epoch, a.kindGen = 0, 0
	}
	a.epoch++
}

// grown lengthens s with zeros, with room to spare.
func grown[T any](s []T, n int) []T {
	if n > len(s) {
		s = append(s, make([]T, n-len(s))...)
	}
	return s
}

// gather collects the own entities, sorted by kind and number.
func (a *Asker) gather(q Question, before int32) error {
	a.own = a.own[:0]
	if int(q.Claim) < len(a.g.claims) {
		for _, l := range a.g.pool.view(a.g.claims[q.Claim]) {
			if a.g.known[l.at] > q.At {
				break
			}
			a.own = append(a.own, own{l.to, a.g.kinds[l.to], l.at < before})
		}
	}
	for _, o := range q.Own {
		if o.Entity < 0 {
			return fmt.Errorf("cannot ask for claim %d: entity %d is below 0", q.Claim, o.Entity)
		}
		if err := a.g.refuseKind(o.Entity, o.Kind); err != nil {
			return fmt.Errorf("cannot ask for claim %d: %w", q.Claim, err)
		}
		a.own = append(a.own, own{o.Entity, o.Kind, false})
	}
	slices.SortFunc(a.own, func(x, y own) int {
		inside := 0
		if x.inside != y.inside {
			inside = 1
			if x.inside {
				inside = -1
			}
		}
		return cmp.Or(cmp.Compare(x.kind, y.kind), cmp.Compare(x.entity, y.entity), inside)
	})
	a.own = slices.CompactFunc(a.own, func(x, y own) bool { return x.entity == y.entity })
	if len(a.own) > MaxClaimEntities {
		return fmt.Errorf("cannot ask for claim %d: it names %d entities and may name %d", q.Claim, len(a.own), MaxClaimEntities)
	}
	return nil
}
