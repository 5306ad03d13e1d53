package gbdt

import (
	"math"
	"math/bits"

	"claimsieve/screen/portable"
)

// cell is a sum over rows: grad counts units of the gradient; packed counts
// units of the hessian in its upper bits and rows in its lower ones. Sums of
// cells are exact, and so are differences.
type cell struct {
	grad   int64
	packed uint64
}

func (c cell) plus(d cell) cell  { return cell{c.grad + d.grad, c.packed + d.packed} }
func (c cell) minus(d cell) cell { return cell{c.grad - d.grad, c.packed - d.packed} }

// scale says what the units of a cell are.
type scale struct {
	gradUnit, hessUnit float64 // powers of two
	countBits          int
	countMask          uint64
}

func (s *scale) grad(c cell) float64 { return float64(float64(c.grad) * s.gradUnit) }
func (s *scale) hess(c cell) float64 {
	return float64(float64(int64(c.packed>>s.countBits)) * s.hessUnit)
}
func (s *scale) count(c cell) int { return int(c.packed & s.countMask) }

// newScale returns the finest units in which sums over at most rows rows stay
// in range, when the absolute gradients add up to sumGrad and the hessians to
// sumHess. A row adds at most half a unit of rounding.
func newScale(rows int, sumGrad, sumHess float64) scale {
	countBits := bits.Len(uint(rows))
	return scale{
		gradUnit:  unit(sumGrad, 61),
		hessUnit:  unit(sumHess, 62-countBits),
		countBits: countBits,
		countMask: 1<<countBits - 1,
	}
}

// unit returns the power of two of which sum holds fewer than 2^width, kept
// within the normal floats.
func unit(sum float64, width int) float64 {
	_, e := math.Frexp(sum) // sum < 2^e
	return math.Ldexp(1, min(max(e-width, -900), 900))
}

// objective is the weighted log loss of the rows at the present scores.
type objective struct {
	y          []float64
	weight     []float64 // with scale_pos_weight in it
	grad, hess []float64
	cells      []cell // of each row
	scale      scale
	sums       [][2]float64 // per chunk: absolute gradients, hessians
}

func newObjective(s Samples, posWeight float64) *objective {
	n := len(s.Y)
	o := &objective{
		y: s.Y, weight: make([]float64, n), grad: make([]float64, n), hess: make([]float64, n),
		cells: make([]cell, n), sums: make([][2]float64, chunks(n)),
	}
	for i, y := range s.Y {
		o.weight[i] = s.weight(i)
		if y == 1 {
			o.weight[i] *= posWeight
		}
	}
	return o
}

// update computes the rows' cells at the given scores (log-odds): the gradient
// w (p - y) and the hessian w p (1 - p) of the loss, in units that fit the sums
// of this moment.
func (o *objective) update(scores []float64, threads int) {
	n := len(scores)
	eachChunk(threads, n, func(c, begin, end int) {
		var sumGrad, sumHess float64
		for i := begin; i < end; i++ {
			p := portable.Sigmoid(scores[i])
			g := float64(o.weight[i] * (p - o.y[i]))
			h := float64(o.weight[i] * (p * (1 - p)))
			o.grad[i], o.hess[i] = g, h
			sumGrad += math.Abs(g)
			sumHess += h
		}
		o.sums[c] = [2]float64{sumGrad, sumHess}
	})
	var sumGrad, sumHess float64
	for _, s := range o.sums {
		sumGrad += s[0]
		sumHess += s[1]
	}
	o.scale = newScale(n, sumGrad, sumHess)
	perGrad, perHess, countBits := 1/o.scale.gradUnit, 1/o.scale.hessUnit, o.scale.countBits
	eachChunk(threads, n, func(_, begin, end int) {
		for i := begin; i < end; i++ {
			g := int64(math.RoundToEven(o.grad[i] * perGrad))
			h := uint64(int64(math.RoundToEven(o.hess[i] * perHess)))
			o.cells[i] = cell{g, h<<countBits | 1}
		}
	})
}

// start returns the log-odds of the weighted mean outcome. As in LightGBM,
// scale_pos_weight has no part in it.
func start(s Samples) float64 {
	var sum [2]float64
	for i, y := range s.Y {
		sum[int(y)] += s.weight(i)
	}
	const limit = 1e-15
	p := min(max(sum[1]/(sum[0]+sum[1]), limit), 1-limit)
	return portable.Log(p / (1 - p))
}
