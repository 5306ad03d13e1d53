package network

import (
	"math"
	"slices"
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
	entities   []float64
	byRoot     []float64 // entities' scores over the root of their degrees
	iterations int
}

// At returns the refresh time, in microseconds since 1970 UTC.
func (r *Ranking) At() int64 { return r.at }

// Iterations returns how many steps the solver took.
func (r *Ranking) Iterations() int { return r.iterations }

// Claim returns the score of a claim at the refresh; 0 for one not known then.
func (r *Ranking) Claim(claim int32) float64 { return scoreOf(r.claims, claim) }

// Entity returns the score of an entity at the refresh; 0 for one not known then.
func (r *Ranking) Entity(entity int32) float64 { return scoreOf(r.entities, entity) }

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
		sum += scoreOf(r.byRoot, o.entity)
	}
	return r.damping * sum / math.Sqrt(float64(len(own)))
}

// Refresh computes BiRank as of t. It depends only on what was known strictly
// before t: computed again later, from a graph that has grown, it is the same
// to the last bit. The system is symmetric and positive definite, and is solved
// by conjugate gradients, whose residual bounds the error: every score of a
// claim is within Options.Tolerance of the exact one.
func (g *Graph) Refresh(t int64) *Ranking {
	s := g.system(t)
	r := &Ranking{at: t, damping: g.options.Damping}
	r.claims, r.iterations = s.solve(s.restart(g, g.verdicts.cut(t)), g.options.Damping, g.options.Tolerance)
	r.byRoot = make([]float64, g.entities.n)
	s.toEntities(r.byRoot, r.claims) // De^-1 W' Dc^-1/2 c: the scores over the roots of degrees
	r.entities = make([]float64, len(r.byRoot))
	for i, v := range r.byRoot {
		if s.inverse[i] > 0 {
			r.entities[i] = v / math.Sqrt(s.inverse[i])
		}
	}
	return r
}

// system is the graph as of a refresh in rows of claims; within a row entities
// rise, so that sums do not depend on the order of rows with equal times.
type system struct {
	start   []int32 // of every claim's entities in cols, and the end
	cols    []int32
	root    []float64 // 1/sqrt of every claim's degree; 0 without an edge
	inverse []float64 // 1/degree of every entity; 0 without an edge
	mid     []float64
}

func (g *Graph) system(t int64) *system {
	before := g.log.cut(t)
	s := &system{
		start:   make([]int32, 1, g.claims.n+1),
		cols:    make([]int32, 0, g.Edges()),
		root:    make([]float64, g.claims.n),
		inverse: make([]float64, g.entities.n),
		mid:     make([]float64, g.entities.n),
	}
	for c := range int32(g.claims.n) {
		from := len(s.cols)
		s.cols = g.appendNames(s.cols, c, 0, before)
		for _, e := range s.cols[from:] {
			s.inverse[e]++
		}
		slices.Sort(s.cols[from:])
		if n := len(s.cols) - from; n > 0 {
			s.root[c] = 1 / math.Sqrt(float64(n))
		}
		s.start = append(s.start, int32(len(s.cols)))
	}
	for e, d := range s.inverse {
		if d > 0 {
			s.inverse[e] = 1 / d
		}
	}
	return s
}

func (s *system) restart(g *Graph, before int32) []float64 {
	r := make([]float64, g.claims.n)
	for c := range r {
		if g.confirmed(int32(c), before) {
			r[c] = 1
		}
	}
	return r
}

// toEntities sets to = De^-1 W' Dc^-1/2 x.
func (s *system) toEntities(to, x []float64) {
	clear(to)
	for c, v := range x {
		if v == 0 {
			continue
		}
		v *= s.root[c]
		for _, e := range s.cols[s.start[c]:s.start[c+1]] {
			to[e] += v
		}
	}
	for e := range to {
		to[e] *= s.inverse[e]
	}
}

// apply sets to = (I - alpha S S') x.
func (s *system) apply(to, x []float64, alpha float64) {
	s.toEntities(s.mid, x)
	for c := range to {
		sum := 0.0
		for _, e := range s.cols[s.start[c]:s.start[c+1]] {
			sum += s.mid[e]
		}
		to[c] = x[c] - float64(alpha*float64(s.root[c]*sum))
	}
}

// solve returns the solution of (I - alpha S S') c = (1-alpha) r. The
// eigenvalues of the matrix lie between 1-alpha and 1, so that the error is at
// most the residual over 1-alpha, and the residual falls by a steady factor.
func (s *system) solve(r []float64, alpha, tolerance float64) (x []float64, steps int) {
	x = make([]float64, len(r))
	for i := range r {
		r[i] *= 1 - alpha
	}
	enough := tolerance * (1 - alpha)
	d, ad := slices.Clone(r), make([]float64, len(r))
	rr := dot(r, r)
	const bound = 10_000 // rounding may keep a hard tolerance out of reach
	for ; math.Sqrt(rr) > enough && steps < bound; steps++ {
		s.apply(ad, d, alpha)
		step := rr / dot(d, ad)
		for i := range x {
			x[i] += float64(step * d[i])
			r[i] -= float64(step * ad[i])
		}
		next := dot(r, r)
		ratio := next / rr
		for i := range d {
			d[i] = r[i] + float64(ratio*d[i])
		}
		rr = next
	}
	return x, steps
}

// dot returns the scalar product; the conversion forbids fused multiply-add,
// which would give other bits on other machines.
func dot(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += float64(v * b[i])
	}
	return sum
}
