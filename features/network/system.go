package network

import "math"

// system is the equations of BiRank for the claims of a linkage. With n the
// number of entities that a claim names, k of them named by no other claim, and
// v = c / sqrt(n), it is
//
//	(n - alpha k) v - sum of the claim's bundles' t = sqrt(n) (1-alpha) r
//	t = alpha / degree * size * (sum of the bundle's claims' v)
//
// which is the system of Ranking with the entities eliminated, scaled from both
// sides. Claims and bundles with one neighbour are then eliminated again and
// again: that fills nothing in, and leaves the cycles and what joins them.
type system struct {
	claims, bundles rows      // the bundles of each claim, and the reverse
	part            []float64 // by bundle: size / degree
	own             []float64 // by claim: the factor of v
	given           []float64 // by claim: the right side
	pull            []float64 // by bundle: t = pull * (sum of v + fixed)
	fixed           []float64 // by bundle: from claims that were eliminated
	gain            []float64 // by bundle: the same, in proportion to t; pull takes it up
	v, t            []float64

	order                 []elimination
	claimLeft, bundleLeft []int32 // neighbours that are not eliminated; gone for what is
}

// elimination is a claim, or a bundle b as ^b, with its last neighbour.
type elimination struct{ node, last int32 }

const gone = -1

// newSystem sets the equations up; restart is (1-alpha) r by claim number.
func newSystem(l *linkage, restart []float64, alpha float64) *system {
	n, m := len(l.claims), len(l.size)
	s := &system{claims: l.shared, bundles: l.shared.transpose(m), own: make([]float64, n), given: make([]float64, n), v: make([]float64, n),
		part: make([]float64, m), pull: make([]float64, m), fixed: make([]float64, m), gain: make([]float64, m), t: make([]float64, m)}
	for i, c := range l.claims {
		s.own[i] = float64(l.named[c]) - float64(alpha*float64(l.only[i]))
		if restart[c] != 0 {
			s.given[i] = math.Sqrt(float64(l.named[c])) * restart[c]
		}
	}
	for b, d := range l.degree {
		s.part[b] = float64(l.size[b]) / float64(d)
		s.pull[b] = alpha * s.part[b]
	}
	return s
}

// peel eliminates what has one neighbour or none.
func (s *system) peel() {
	s.claimLeft, s.bundleLeft = lengths(&s.claims), lengths(&s.bundles)
	for c, n := range s.claimLeft {
		if n <= 1 {
			s.order = append(s.order, elimination{node: int32(c)})
		}
	}
	for i := 0; i < len(s.order); i++ {
		if node := s.order[i].node; node >= 0 {
			s.order[i].last = s.dropClaim(node)
		} else {
			s.order[i].last = s.dropBundle(^node)
		}
	}
	for b, n := range s.bundleLeft {
		if n != gone {
			s.settle(int32(b))
		}
	}
}

func lengths(r *rows) []int32 {
	out := make([]int32, r.n())
	for i := range out {
		out[i] = r.start[i+1] - r.start[i]
	}
	return out
}

// dropClaim puts v = (given + t) / own into the claim's last bundle.
func (s *system) dropClaim(c int32) (last int32) {
	last = remaining(s.claims.row(c), s.bundleLeft)
	s.claimLeft[c] = gone
	if last == gone {
		return gone
	}
	s.fixed[last] += s.given[c] / s.own[c]
	s.gain[last] += 1 / s.own[c]
	if s.bundleLeft[last]--; s.bundleLeft[last] == 1 {
		s.order = append(s.order, elimination{node: ^last})
	}
	return last
}

// dropBundle puts t = pull (v + fixed) into the bundle's last claim.
func (s *system) dropBundle(b int32) (last int32) {
	s.settle(b)
	last = remaining(s.bundles.row(b), s.claimLeft)
	s.bundleLeft[b] = gone
	if last == gone {
		return gone
	}
	s.own[last] -= s.pull[b]
	s.given[last] += float64(s.pull[b] * s.fixed[b])
	if s.claimLeft[last]--; s.claimLeft[last] == 1 {
		s.order = append(s.order, elimination{node: last})
	}
	return last
}

// settle solves t = pull (sum + fixed + gain t) for t.
func (s *system) settle(b int32) { s.pull[b] /= 1 - float64(s.pull[b]*s.gain[b]) }

// remaining returns the first of some nodes that is not eliminated, or gone.
func remaining(nodes, left []int32) int32 {
	for _, n := range nodes {
		if left[n] != gone {
			return n
		}
	}
	return gone
}

// recover works v and t out for what was eliminated, backwards.
func (s *system) recover() {
	for i := len(s.order) - 1; i >= 0; i-- {
		o, from := s.order[i], 0.0
		if o.node >= 0 {
			if o.last != gone {
				from = s.t[o.last]
			}
			s.v[o.node] = (s.given[o.node] + from) / s.own[o.node]
			continue
		}
		if o.last != gone {
			from = s.v[o.last]
		}
		s.t[^o.node] = s.pull[^o.node] * (from + s.fixed[^o.node])
	}
}
