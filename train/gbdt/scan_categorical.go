package gbdt

import (
	"cmp"
	"slices"
)

// oneAgainstAll tries each code alone on the left side.
func (s *scanner) oneAgainstAll(c *column) split {
	var best split
	for b := range c.bins {
		left := s.hist[c.offset+b]
		right := s.sum.minus(left)
		if !s.allowed(left, right) {
			continue
		}
		if gain, ok := s.gain(s.loss, left, right, 0); ok && gain > best.gain {
			best = split{column: c, gain: gain, set: []int{b}, leftSum: left, rightSum: right}
		}
	}
	if best.column != nil {
		s.outputs(&best, s.loss)
	}
	return best
}

// sortedSets tries prefixes, from both ends, of the codes sorted by their
// smoothed mean gradient: the best two-way partition of codes is such a prefix
// (Fisher, "On grouping for maximum homogeneity", 1958).
func (s *scanner) sortedSets(c *column) split {
	l := s.loss
	l.l2 += s.cfg.CatL2
	order := s.sortCodes(c)
	var best split
	from := order
	for range 2 {
		if gain, n, left := s.bestPrefix(c, l, from); n > 0 && gain > best.gain {
			best = split{column: c, gain: gain, set: slices.Clone(from[:n]), leftSum: left, rightSum: s.sum.minus(left)}
		}
		from = slices.Clone(order)
		slices.Reverse(from)
	}
	if best.column != nil {
		s.outputs(&best, l)
	}
	return best
}

// sortCodes returns the bins with at least cat_smooth rows, by rising smoothed
// mean gradient, equal ones by bin.
func (s *scanner) sortCodes(c *column) []int {
	mean := make([]float64, c.bins)
	var order []int
	for b := range c.bins {
		h := s.hist[c.offset+b]
		if n := s.scale.count(h); n == 0 || float64(n) < s.cfg.CatSmooth {
			continue
		}
		mean[b] = s.scale.grad(h) / (s.scale.hess(h) + max(leastHess, s.cfg.CatSmooth))
		order = append(order, b)
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(mean[a], mean[b]), cmp.Compare(a, b))
	})
	return order
}

// bestPrefix returns the gain, length and sum of the best prefix of order;
// length 0 when none is allowed.
func (s *scanner) bestPrefix(c *column, l loss, order []int) (best float64, length int, sum cell) {
	most := min(s.cfg.MaxCatThreshold, (len(order)+1)/2)
	var left cell
	group := 0
	for k, b := range order[:min(most, len(order))] {
		h := s.hist[c.offset+b]
		left = left.plus(h)
		group += s.scale.count(h)
		right := s.sum.minus(left)
		if s.scale.count(right) < s.cfg.MinDataPerGroup {
			break
		}
		if !s.allowed(left, right) || group < s.cfg.MinDataPerGroup {
			continue
		}
		group = 0
		if gain, ok := s.gain(l, left, right, 0); ok && gain > best {
			best, length, sum = gain, k+1, left
		}
	}
	return best, length, sum
}
