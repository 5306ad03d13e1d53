package gbdt

// numeric tries a cut after every bin that has rows, with NaN on either side.
// A cut after an empty bin parts the rows as the one before it and is left out.
func (s *scanner) numeric(c *column) split {
	var best split
	hist := s.hist[c.offset : c.offset+c.bins]
	missing := s.hist[c.offset+c.bins]
	if missing.packed != 0 && c.top && !c.bottom {
		// All numbers cannot go left, since +Inf is above any threshold.
		s.try(&best, c, -1, missing, true)
	}
	last := c.bins - 1
	if missing.packed != 0 && !c.top {
		last = c.bins
	}
	var below cell
	for cut := 0; cut < last; cut++ {
		if hist[cut].packed == 0 {
			continue
		}
		below.grad += hist[cut].grad
		below.packed += hist[cut].packed
		s.try(&best, c, cut, below, false)
		if missing.packed != 0 && cut < c.bins-1 {
			s.try(&best, c, cut, below.plus(missing), true)
		}
	}
	if best.column != nil {
		if missing.packed == 0 {
			best.missing = s.scale.count(best.leftSum) >= s.scale.count(best.rightSum)
		}
		s.outputs(&best, s.loss)
	}
	return best
}

// try keeps the cut in best when it gains more.
func (s *scanner) try(best *split, c *column, cut int, left cell, missing bool) {
	right := s.sum.minus(left)
	if !s.allowed(left, right) {
		return
	}
	if gain, ok := s.gain(s.loss, left, right, c.monotone); ok && gain > best.gain {
		*best = split{column: c, gain: gain, cut: cut, missing: missing, leftSum: left, rightSum: right}
	}
}
