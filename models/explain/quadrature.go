package explain

import "math"

// blockPoints is how many quadrature points one pass over a tree carries. A
// rule of n points is exact for polynomials up to degree 2n-1, and a path with
// D distinct features needs degree D-1: one block is enough for 8 of them.
const blockPoints = 4

// rule is a Gauss-Legendre rule on [0, 1], in blocks: the integral of p is the
// sum of weights[b][q] * p(points[b][q]).
type rule struct {
	points  [][blockPoints]float64
	weights [][blockPoints]float64
}

// gaussLegendre returns the rule with blocks*blockPoints points, its points in
// ascending order. The points are the roots of the Legendre polynomial, found
// by Newton's method from Tricomi's approximation.
func gaussLegendre(blocks int) rule {
	n := blocks * blockPoints
	r := rule{points: make([][blockPoints]float64, blocks), weights: make([][blockPoints]float64, blocks)}
	for i := range n / 2 {
		x := math.Cos(math.Pi * (float64(i) + 0.75) / (float64(n) + 0.5))
		slope := 0.0
		for range 100 {
			var value float64
			value, slope = legendre(n, x)
			step := value / slope
			x -= step
			if math.Abs(step) <= 1e-16 {
				break
			}
		}
		_, slope = legendre(n, x)
		// On [-1, 1] the weight is 2/((1-x²)P'(x)²); halving both maps to [0, 1].
		// The distance from the nearer end is kept exact: (1-x)/2 of a root near 1.
		w := 1 / ((1 - x) * (1 + x) * slope * slope)
		lo, hi := i, n-1-i
		r.points[lo/blockPoints][lo%blockPoints] = (1 - x) / 2
		r.points[hi/blockPoints][hi%blockPoints] = (1 + x) / 2
		r.weights[lo/blockPoints][lo%blockPoints] = w
		r.weights[hi/blockPoints][hi%blockPoints] = w
	}
	return r
}

// legendre returns the value and the slope of the Legendre polynomial of
// degree n at x, for -1 < x < 1, by its three-term recurrence.
func legendre(n int, x float64) (value, slope float64) {
	before, value := 0.0, 1.0
	for k := 1; k <= n; k++ {
		m := float64(k)
		before, value = value, (float64((2*m-1)*x*value)-float64((m-1)*before))/m
	}
	slope = float64(n) * (float64(x*value) - before) / (float64(x*x) - 1)
	return value, slope
}
