package gbdt

import "slices"

// split is the best way found to part a leaf. The zero split is none.
type split struct {
	column  *column // nil when there is none
	gain    float64 // above 0; what is left over lambda and min_gain_to_split
	cut     int     // numeric: bins 0..cut go left
	missing bool    // numeric: NaN goes left
	set     []int   // categorical: the bins that go left

	leftSum, rightSum cell
	left, right       float64 // outputs before the learning rate
}

// fill writes 1 into table where the bin goes left, 0 elsewhere.
func (s *split) fill(table []uint8) {
	clear(table)
	if s.column.categorical {
		for _, b := range s.set {
			table[b] = 1
		}
		return
	}
	for b := range s.cut + 1 {
		table[b] = 1
	}
	if s.missing {
		table[s.column.bins] = 1
	}
}

// scanner looks for the best split of one leaf.
type scanner struct {
	cfg     *Config
	loss    loss
	scale   *scale
	minRows int
	minHess float64

	hist   []cell
	sum    cell
	bounds bounds
	floor  float64 // gains must be above this: the parent's, min_gain_to_split and the noise
	parent float64 // what gains are counted from
}

// noise is the relative size up to which a gain may come from rounding.
const noise = 1e-12

// leastHess keeps divisions by a sum of hessians away from 0.
const leastHess = 1e-15

func newScanner(cfg *Config, sc *scale, l *leaf) scanner {
	s := scanner{
		cfg: cfg, scale: sc, hist: l.hist, sum: l.sum, bounds: l.bounds,
		loss:    loss{l1: cfg.LambdaL1, l2: cfg.LambdaL2, bounded: slices.ContainsFunc(cfg.MonotoneConstraints, func(m int) bool { return m != 0 })},
		minRows: max(1, cfg.MinDataInLeaf),
		minHess: max(leastHess, cfg.MinSumHessianInLeaf),
	}
	own := s.loss.leaf(sc.grad(l.sum), sc.hess(l.sum))
	s.parent = own + cfg.MinGainToSplit
	s.floor = s.parent + float64(noise*s.parent)
	return s
}

// best returns the best split on column c.
func (s *scanner) best(c *column) split {
	switch {
	case !c.categorical:
		return s.numeric(c)
	case c.bins+1 <= s.cfg.MaxCatToOnehot:
		return s.oneAgainstAll(c)
	default:
		return s.sortedSets(c)
	}
}

// allowed says whether both sides are large enough.
func (s *scanner) allowed(left, right cell) bool {
	return s.scale.count(left) >= s.minRows && s.scale.count(right) >= s.minRows &&
		s.scale.hess(left) >= s.minHess && s.scale.hess(right) >= s.minHess
}

// gain returns what the split into left and right gains over the floor's base,
// with the given loss; ok is false when it is not above the floor.
func (s *scanner) gain(l loss, left, right cell, monotone int) (gain float64, ok bool) {
	sum, ok := l.pair(s.scale.grad(left), s.scale.hess(left), s.scale.grad(right), s.scale.hess(right), s.bounds, monotone)
	return sum - s.parent, ok && sum > s.floor
}

// outputs fills in the outputs of a split that is found.
func (s *scanner) outputs(sp *split, l loss) {
	sp.left = l.output(s.scale.grad(sp.leftSum), s.scale.hess(sp.leftSum), s.bounds)
	sp.right = l.output(s.scale.grad(sp.rightSum), s.scale.hess(sp.rightSum), s.bounds)
}
