package calibration

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// FitPlatt fits a line in the margin by maximum likelihood on targets
// (N+ + 1)/(N+ + 2) for frauds and 1/(N- + 2) for others (Platt 1999), by Newton
// steps with backtracking (Lin, Lin and Weng 2007). Slope and Intercept are
// their -A and -B. A negative slope, a model that ranks backwards, is an error.
func FitPlatt(margin, y, weight []float64) (*Calibrator, error) {
	pos, neg, err := checkRows(Platt, margin, y, weight)
	if err != nil {
		return nil, err
	}
	target := make([]float64, len(y))
	for i, v := range y {
		target[i] = 1 / (neg + 2)
		if v == 1 {
			target[i] = (pos + 1) / (pos + 2)
		}
	}
	theta, err := fitLogit([][]float64{margin}, target, weight, nil)
	if err != nil {
		return nil, fmt.Errorf("cannot fit platt calibration: %w", err)
	}
	if theta[0] < 0 {
		return nil, fmt.Errorf("cannot fit platt calibration: slope %g is negative: the margin ranks frauds below others on this window", theta[0])
	}
	return &Calibrator{Format: FormatVersion, Method: Platt, Slope: settle(theta[0]), Intercept: settle(theta[1]), Rows: pos + neg, Positives: pos}, nil
}

// FitIntercept shifts the log-odds so that probabilities sum to the number of
// frauds. It keeps the ranking and the slope; preferred for small windows.
func FitIntercept(margin, y, weight []float64) (*Calibrator, error) {
	pos, neg, err := checkRows(Intercept, margin, y, weight)
	if err != nil {
		return nil, err
	}
	theta, err := fitLogit(nil, y, weight, margin)
	if err != nil {
		return nil, fmt.Errorf("cannot fit intercept calibration: %w", err)
	}
	return &Calibrator{Format: FormatVersion, Method: Intercept, Slope: 1, Intercept: settle(theta[0]), Rows: pos + neg, Positives: pos}, nil
}

// FitBeta fits log-odds = a ln s - b ln(1-s) + c with a, b >= 0, s being the
// logistic function of the margin (Kull, Silva Filho and Flach 2017), by
// maximum likelihood on Platt's targets. A coefficient that would be negative
// is held at 0 and the rest fitted again.
func FitBeta(margin, y, weight []float64) (*Calibrator, error) {
	pos, neg, err := checkRows(Beta, margin, y, weight)
	if err != nil {
		return nil, err
	}
	target := make([]float64, len(y))
	lnS, lnRest := make([]float64, len(y)), make([]float64, len(y))
	for i, m := range margin {
		lnS[i], lnRest[i] = -softplus(-m), softplus(m)
		target[i] = 1 / (neg + 2)
		if y[i] == 1 {
			target[i] = (pos + 1) / (pos + 2)
		}
	}
	c := &Calibrator{Format: FormatVersion, Method: Beta, Rows: pos + neg, Positives: pos}
	theta, err := fitLogit([][]float64{lnS, lnRest}, target, weight, nil)
	if err == nil && (theta[0] < 0 || theta[1] < 0) {
		first := theta[0] >= theta[1]
		column := lnRest
		if first {
			column = lnS
		}
		var one []float64
		one, err = fitLogit([][]float64{column}, target, weight, nil)
		if err == nil && one[0] < 0 {
			err = fmt.Errorf("both coefficients are negative: the margin ranks frauds below others on this window")
		}
		if err == nil && first {
			theta = []float64{one[0], 0, one[1]}
		} else if err == nil {
			theta = []float64{0, one[0], one[1]}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("cannot fit beta calibration: %w", err)
	}
	c.A, c.B, c.Intercept = settle(theta[0]), settle(theta[1]), settle(theta[2])
	return c, nil
}

// settle rounds to 12 significant digits; see the package comment.
func settle(x float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64)
	if err != nil {
		panic("BUG: a formatted number does not parse: " + err.Error())
	}
	return r
}

// fitLogit maximises the likelihood of targets in [0, 1] under log-odds =
// columns*theta + theta_last + offset, by Newton steps that are halved until
// the loss falls. Columns are centred and scaled first, so that the result does
// not depend on their units; a constant column gets coefficient 0.
func fitLogit(columns [][]float64, target, weight, offset []float64) ([]float64, error) {
	n, k := len(target), len(columns)+1
	design := make([][]float64, k)
	mean, spread := make([]float64, k), make([]float64, k)
	for j, column := range columns {
		design[j], mean[j], spread[j] = standardise(column, weight)
		if math.IsInf(spread[j], 0) || math.IsNaN(spread[j]) {
			return nil, errRange
		}
	}
	design[k-1] = make([]float64, n)
	for i := range n {
		design[k-1][i] = 1
	}
	theta := make([]float64, k)
	p := problem{design, target, weight, offset}
	loss := p.loss(theta)
	for range 200 {
		gradient, hessian := p.derivatives(theta)
		step, size := solve(hessian, gradient), 1.0
		next, nextLoss := theta, loss
		for ; size > 1e-12; size /= 2 {
			next = make([]float64, k)
			for j := range next {
				next[j] = theta[j] - float64(size*step[j])
			}
			if nextLoss = p.loss(next); nextLoss < loss {
				break
			}
		}
		// No smaller loss along the step: at the optimum, up to rounding.
		if size <= 1e-12 {
			break
		}
		done := loss-nextLoss <= 1e-15*math.Abs(loss)
		theta, loss = next, nextLoss
		if done {
			break
		}
	}
	theta = p.polish(theta)
	for j := range columns {
		theta[j] /= spread[j]
		theta[k-1] -= float64(theta[j] * mean[j])
	}
	for _, v := range theta {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, errRange
		}
	}
	return theta, nil
}

var errRange = errors.New("margins span too wide a range: want log-odds, which rarely pass 50")

// standardise returns a column with mean 0 and spread 1.
func standardise(column, weight []float64) (out []float64, mean, spread float64) {
	total, largest := 0.0, 0.0
	for i, v := range column {
		total += weightAt(weight, i)
		largest = max(largest, math.Abs(v))
	}
	for i, v := range column {
		mean += float64(weightAt(weight, i) / total * v)
	}
	for i, v := range column {
		d := v - mean
		spread += float64(weightAt(weight, i) / total * float64(d*d))
	}
	spread = math.Sqrt(spread)
	if spread <= 1e-12*largest || spread == 0 {
		return make([]float64, len(column)), mean, 1
	}
	out = make([]float64, len(column))
	for i, v := range column {
		out[i] = (v - mean) / spread
	}
	return out, mean, spread
}
