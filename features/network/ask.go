package network

import (
	"cmp"
	"fmt"
	"math"
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
	// Within is how long before At an edge of another claim may have become
	// known to be seen, in microseconds: one known at At-Within or later is; 0
	// sees all. The ranking, and what the asking claim names itself, are not
	// concerned.
	Within int64
	// Want says which indicators to compute; 0 means all of them. What is not
	// wanted is 0, and Rank NaN. What is wanted does not depend on the rest.
	Want Parts
}

// Parts is a set of indicators that are computed together.
type Parts uint8

const (
	WantDegrees Parts = 1 << iota // Degree, LargestDegree, Hubs: one look at each own entity
	WantShared                    // Shared, Cycles: a visit to each claim that shares an own entity
	WantFraud                     // Fraud2: the same, and a look at the outcomes of these claims
	WantReach                     // Claims, Entities, Hops, Truncated, Parties, Fraud4: the whole walk
	WantRank                      // Rank
	wantAll     = WantDegrees | WantShared | WantFraud | WantReach | WantRank
	wantVisit   = WantShared | WantFraud | WantReach
)

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
	// entities at the last refresh, at least 0; NaN without a refresh. It is NaN
	// as well for a claim of which an outcome, confirmed or not, was known before
	// the refresh: its own restart would come back to it through its entities,
	// and to take that out again means to solve the system without it.
	Rank float64
}

// own is an own entity of the asking claim.
type own struct {
	entity int32
	kind   uint8
	inside bool  // the claim's own edge to it is in front of the cut
	degree int32 // other claims that name it
}

// Asker answers questions. Its working memory is as large as the largest walk,
// not as the graph; one goroutine may use it at a time, while nobody folds.
type Asker struct {
	g        *Graph
	claims   marks
	entities marks
	own      []own
	front    []int32
	next     []int32
}

// NewAsker returns an asker for the graph.
func (g *Graph) NewAsker() *Asker { return &Asker{g: g} }

// Ask answers a question. ranking is the last refresh at or before the
// question's instant, or nil. The error says what is wrong with the question:
// a negative number or span, an own entity of another kind than before, more than
// MaxClaimEntities of them, unknown Parts, or a ranking that is later than the
// question.
func (a *Asker) Ask(q Question, ranking *Ranking) (Indicators, error) {
	var out Indicators
	if q.Claim < 0 {
		return out, fmt.Errorf("cannot ask for claim %d: numbers begin at 0", q.Claim)
	}
	if q.Want&^wantAll != 0 {
		return out, fmt.Errorf("cannot ask for claim %d: Want %#x has parts that are unknown; use the constants of Parts", q.Claim, uint8(q.Want))
	}
	if q.Within < 0 {
		return out, fmt.Errorf("cannot ask for claim %d within %d microseconds: want 0 or more", q.Claim, q.Within)
	}
	if ranking != nil && ranking.at > q.At {
		return out, fmt.Errorf("cannot ask for claim %d as of %d: the ranking is of %d, which is later; give the last refresh before the claim", q.Claim, q.At, ranking.at)
	}
	w := walk{Asker: a, claim: q.Claim, want: q.Want, cut: a.g.log.cut(q.At), concl: a.g.verdicts.cut(q.At)}
	if w.want == 0 {
		w.want = wantAll
	}
	if q.Within > 0 && q.At >= math.MinInt64+q.Within {
		w.first = a.g.log.cut(q.At - q.Within)
	}
	if err := a.gather(q, w.first, w.cut); err != nil {
		return out, err
	}
	w.answer(&out)
	out.Rank = math.NaN()
	if w.want&WantRank != 0 && ranking != nil && !a.g.Concluded(q.Claim, ranking.at) {
		out.Rank = ranking.claimScore(a.own)
	}
	return out, nil
}

// Own returns the entities that the asking claim of the last question names: the
// question's own and those of the claim's edges known at its instant or before,
// each once, by kind and number.
func (a *Asker) Own() []Own {
	out := make([]Own, len(a.own))
	for i, o := range a.own {
		out[i] = Own{Entity: o.entity, Kind: o.kind}
	}
	return out
}

// gather collects the own entities, sorted by kind and number.
func (a *Asker) gather(q Question, first, before int32) error {
	a.own = a.own[:0]
	if int(q.Claim) < a.g.claims.n {
		for r := range a.g.runsOf(q.Claim, a.g.log.after(q.At)) {
			for _, e := range a.g.log.names(r) {
				a.own = append(a.own, own{entity: e, kind: a.g.entities.at(e).kind(), inside: r >= first && r < before})
			}
		}
	}
	for _, o := range q.Own {
		if o.Entity < 0 {
			return fmt.Errorf("cannot ask for claim %d: entity %d is below 0", q.Claim, o.Entity)
		}
		if err := a.g.refuseKind(o.Entity, o.Kind); err != nil {
			return fmt.Errorf("cannot ask for claim %d: %w", q.Claim, err)
		}
		a.own = append(a.own, own{entity: o.Entity, kind: o.Kind})
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
