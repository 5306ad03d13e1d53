package network

import (
	"fmt"
	"math"
)

// Ranking is BiRank at a refresh time: how strongly confirmed fraud reaches
// every entity through the claims and entities around it. It is read-only.
//
// With W the claims x entities matrix of edges known strictly before the
// refresh, D the diagonal matrices of degrees, S = Dc^-1/2 W De^-1/2, and the
// restart r of 1 for every claim whose fraud was confirmed strictly before the
// refresh, the scores c of claims and e of entities solve
//
//	c = alpha S e + (1-alpha) r,  e = S' c
//
// which is He et al. (2017), equations 5 and 6, with their alpha as
// Options.Damping, beta = 1 and no restart at entities. The restart is not
// divided by the number of frauds: a score does not change because somewhere
// out of reach another fraud was confirmed. Hubs take part, since the symmetric
// normalisation weakens what passes through a large degree by itself.
//
// Scores are at least 0, up to the tolerance. Claims and entities out of reach
// of any confirmed fraud have 0.
type Ranking struct {
	at         int64
	damping    float64
	claims     []float64
	named      []int32   // by claim: its entities
	place      []int32   // by entity, as in linkage
	byRoot     []float64 // by bundle: its entities' scores over the roots of their degrees
	degree     []int32   // by bundle
	iterations int
}

// At returns the refresh time, in microseconds since 1970 UTC.
func (r *Ranking) At() int64 { return r.at }

// Iterations returns how many steps the solver took.
func (r *Ranking) Iterations() int { return r.iterations }

// Claim returns the score of a claim at the refresh; 0 for one not known then.
func (r *Ranking) Claim(claim int32) float64 { return scoreOf(r.claims, claim) }

// Entity returns the score of an entity at the refresh; 0 for one not known then.
func (r *Ranking) Entity(entity int32) float64 {
	score := r.overRoot(entity)
	if score != 0 && r.place[entity] >= 0 {
		score *= math.Sqrt(float64(r.degree[r.place[entity]]))
	}
	return score
}

// overRoot returns the score of an entity over the root of its degree.
func (r *Ranking) overRoot(entity int32) float64 {
	if entity < 0 || int(entity) >= len(r.place) {
		return 0
	}
	switch p := r.place[entity]; {
	case p >= 0:
		return r.byRoot[p]
	case p == unnamed:
		return 0
	default:
		return r.claims[^p] / math.Sqrt(float64(r.named[^p]))
	}
}

func scoreOf(scores []float64, i int32) float64 {
	if i < 0 || int(i) >= len(scores) {
		return 0
	}
	return scores[i]
}

// claimScore returns alpha S e for a claim with these entities, whose degrees
// are those at the refresh; entities unknown then have 0.
// For an unconfirmed claim that was known at the refresh with the same entities
// it is the claim's own score.
func (r *Ranking) claimScore(own []own) float64 {
	if len(own) == 0 {
		return 0
	}
	sum := 0.0
	for _, o := range own {
		sum += r.overRoot(o.entity)
	}
	return r.damping * sum / math.Sqrt(float64(len(own)))
}

// Refresh computes BiRank as of t. For several instants a Refresher does the
// same in less time.
func (g *Graph) Refresh(t int64) *Ranking { return g.NewRefresher().Refresh(t) }

// Refresh computes BiRank as of t. It depends only on what was known strictly
// before t: computed again later, from a graph that has grown, it is the same
// to the last bit. Parts of the graph without cycles are solved exactly, the
// rest, which is symmetric and positive definite, by conjugate gradients, whose
// residual bounds the error: every score of a claim is within Options.Tolerance
// of the exact one. It runs in one goroutine; refreshes of several instants may
// run side by side and use about 200 bytes a claim each meanwhile. It panics
// when the graph has got edges since the Refresher was made.
func (r *Refresher) Refresh(t int64) *Ranking {
	g := r.g
	if g.Edges() != r.edges {
		panic(fmt.Sprintf("network: BUG: a refresher of %d edges is used on a graph of %d; make a new one", r.edges, g.Edges()))
	}
	l, alpha := r.linkage(g.log.cut(t)), g.options.Damping
	out := &Ranking{at: t, damping: alpha, claims: g.restart(t), named: l.named, place: l.place, degree: l.degree}
	s := newSystem(l, out.claims, alpha)
	s.peel()
	k := s.cycles()
	out.iterations = k.solve(g.options.Tolerance * (1 - alpha))
	k.put(s)
	s.recover()
	out.take(l, s)
	return out
}

// restart returns (1-alpha) r by claim.
func (g *Graph) restart(t int64) []float64 {
	out, cut := make([]float64, g.claims.n), g.verdicts.cut(t)
	for c := range out {
		if g.confirmed(int32(c), cut) {
			out[c] = 1 - g.options.Damping
		}
	}
	return out
}

// take writes the scores down. A claim that shares nothing has its restart in
// full, since its entities lead back to it; but for one without entities.
func (r *Ranking) take(l *linkage, s *system) {
	for c, n := range l.named {
		if n > 0 {
			r.claims[c] /= 1 - r.damping
		}
	}
	for i, c := range l.claims {
		r.claims[c] = s.v[i] * math.Sqrt(float64(l.named[c]))
	}
	r.byRoot = s.t
	for b, n := range l.size {
		r.byRoot[b] /= r.damping * float64(n)
	}
}
