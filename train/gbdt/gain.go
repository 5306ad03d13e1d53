package gbdt

import "math"

// bounds is the range that monotone constraints leave for a leaf's output.
type bounds struct{ lower, upper float64 }

var unbounded = bounds{math.Inf(-1), math.Inf(1)}

func (b bounds) clamp(v float64) float64 { return min(max(v, b.lower), b.upper) }

// loss is the second-order approximation of a leaf's loss, with its penalties.
// G and H below are the sums of gradients and hessians.
type loss struct {
	l1, l2 float64
	// bounded: outputs may be limited, so gains are taken at the limited output.
	bounded bool
}

// shrunk returns G drawn toward 0 by l1.
func (l loss) shrunk(g float64) float64 {
	if l.l1 == 0 {
		return g
	}
	return math.Copysign(max(0, math.Abs(g)-l.l1), g)
}

// output returns the leaf value of least loss, before the learning rate.
func (l loss) output(g, h float64, b bounds) float64 {
	return b.clamp(-l.shrunk(g) / (h + l.l2))
}

// leaf returns how much the best free output lowers the loss, doubled as in LightGBM.
func (l loss) leaf(g, h float64) float64 {
	s := l.shrunk(g)
	return s * s / (h + l.l2)
}

// at is leaf for a given output.
func (l loss) at(g, h, output float64) float64 {
	return -(float64(2*l.shrunk(g)*output) + float64((h+l.l2)*output*output))
}

// pair returns the sum over two leaves of how much they lower the loss, and
// whether their outputs keep the order that monotone asks for.
func (l loss) pair(gl, hl, gr, hr float64, b bounds, monotone int) (float64, bool) {
	if !l.bounded {
		return l.leaf(gl, hl) + l.leaf(gr, hr), true
	}
	left, right := l.output(gl, hl, b), l.output(gr, hr, b)
	if (monotone > 0 && left > right) || (monotone < 0 && left < right) {
		return 0, false
	}
	return l.at(gl, hl, left) + l.at(gr, hr, right), true
}
