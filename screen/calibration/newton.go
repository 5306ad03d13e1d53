package calibration

import "math"

// problem is a logistic regression on fractional targets: design holds a slice
// per coefficient.
type problem struct {
	design                 [][]float64
	target, weight, offset []float64
}

func (p problem) logOdds(theta []float64, i int) float64 {
	x := 0.0
	if p.offset != nil {
		x = p.offset[i]
	}
	for j, column := range p.design {
		x += float64(theta[j] * column[i])
	}
	return x
}

// loss is the weighted cross-entropy.
func (p problem) loss(theta []float64) float64 {
	sum := 0.0
	for i, t := range p.target {
		x := p.logOdds(theta, i)
		sum += float64(weightAt(p.weight, i) * (softplus(x) - float64(t*x)))
	}
	return sum
}

// derivatives are the gradient and the Hessian, with a breath of ridge on the
// diagonal that keeps a constant column solvable.
func (p problem) derivatives(theta []float64) (gradient []float64, hessian [][]float64) {
	k := len(p.design)
	gradient, hessian = make([]float64, k), make([][]float64, k)
	for j := range hessian {
		hessian[j] = make([]float64, k)
		hessian[j][j] = 1e-10
	}
	for i, t := range p.target {
		s := logistic(p.logOdds(theta, i))
		w := weightAt(p.weight, i)
		d, h := float64(w*(s-t)), float64(w*float64(s*(1-s)))
		for a := range k {
			gradient[a] += float64(d * p.design[a][i])
			for b := range a + 1 {
				hessian[a][b] += float64(h * float64(p.design[a][i]*p.design[b][i]))
			}
		}
	}
	for a := range k {
		for b := range a {
			hessian[b][a] = hessian[a][b]
		}
	}
	return gradient, hessian
}

// polish takes whole Newton steps as long as they shrink the gradient. Near the
// optimum the loss is flat to half of the digits, the gradient is not.
func (p problem) polish(theta []float64) []float64 {
	gradient, hessian := p.derivatives(theta)
	for range 20 {
		step := solve(hessian, append([]float64(nil), gradient...))
		next := make([]float64, len(theta))
		for j := range next {
			next[j] = theta[j] - step[j]
		}
		var after []float64
		after, hessian = p.derivatives(next)
		if !(largest(after) < largest(gradient)) {
			break
		}
		theta, gradient = next, after
	}
	return theta
}

func largest(v []float64) (m float64) {
	for _, x := range v {
		if m = max(m, math.Abs(x)); math.IsNaN(x) {
			return x
		}
	}
	return m
}

// solve is Gaussian elimination with pivots on a small matrix, which it
// overwrites.
func solve(m [][]float64, v []float64) []float64 {
	k := len(v)
	x := append([]float64(nil), v...)
	for c := range k {
		pivot := c
		for r := c + 1; r < k; r++ {
			if math.Abs(m[r][c]) > math.Abs(m[pivot][c]) {
				pivot = r
			}
		}
		m[c], m[pivot] = m[pivot], m[c]
		x[c], x[pivot] = x[pivot], x[c]
		for r := c + 1; r < k; r++ {
			f := m[r][c] / m[c][c]
			for j := c; j < k; j++ {
				m[r][j] -= float64(f * m[c][j])
			}
			x[r] -= float64(f * x[c])
		}
	}
	for c := k - 1; c >= 0; c-- {
		for j := c + 1; j < k; j++ {
			x[c] -= float64(m[c][j] * x[j])
		}
		x[c] /= m[c][c]
	}
	return x
}
