package calibration

import (
	"fmt"
	"math"
	"sort"

	"claimsieve/screen/portable"
)

// Method is the form of the map from margin to probability.
type Method string

// The methods.
const (
	// Identity is the logistic function of the margin as it is.
	Identity Method = "identity"
	// Intercept adds a constant to the margin: for a small recent window in
	// which the level is wrong and the slope is not.
	Intercept Method = "intercept"
	// Platt is a line in the margin (Platt 1999).
	Platt Method = "platt"
	// Beta is a line in ln s and ln(1-s) for s the logistic function of the
	// margin (Kull, Silva Filho and Flach 2017); the identity is a member.
	Beta Method = "beta"
	// Isotonic is monotone and piecewise linear between the centres of pooled
	// blocks.
	Isotonic Method = "isotonic"
)

// FormatVersion is the version of calibration.json that this program writes.
const FormatVersion = 1

// Calibrator maps margins to probabilities. Its JSON is calibration.json of a
// bundle. The zero value is not valid; see [Logistic] and the Fit functions.
// It is read-only and safe for concurrent use.
type Calibrator struct {
	Format int    `json:"format"`
	Method Method `json:"method"`
	// Slope and Intercept: log-odds = Slope*margin + Intercept, for identity
	// (1, 0), intercept (1, fitted) and platt.
	Slope     float64 `json:"slope"`
	Intercept float64 `json:"intercept"`
	// A and B are for beta: log-odds = A ln s - B ln(1-s) + Intercept, >= 0.
	A float64 `json:"a,omitempty"`
	B float64 `json:"b,omitempty"`
	// Knots are for isotonic: strictly rising margins and the probability at
	// each, never falling and inside of (0, 1); constant beyond the ends.
	Margins       []float64 `json:"margins,omitempty"`
	Probabilities []float64 `json:"probabilities,omitempty"`
	// Rows and Positives are the weights it was fitted on, 0 for identity.
	Rows      float64 `json:"rows"`
	Positives float64 `json:"positives"`
}

// No answer is certain: probabilities stay this far inside of (0, 1).
const edge = 1e-12

// Logistic returns the calibrator that takes a margin for log-odds.
func Logistic() *Calibrator {
	return &Calibrator{Format: FormatVersion, Method: Identity, Slope: 1}
}

// Probability returns the calibrated probability, strictly between 0 and 1 and
// never falling in the margin. A NaN or infinite margin gives NaN, which no
// policy takes for a number.
func (c *Calibrator) Probability(margin float64) float64 {
	if math.IsNaN(margin) || math.IsInf(margin, 0) {
		return math.NaN()
	}
	switch c.Method {
	case Identity, Intercept, Platt:
		return inside(logistic(float64(c.Slope*margin) + c.Intercept))
	case Beta:
		return inside(logistic(float64(c.B*softplus(margin)) - float64(c.A*softplus(-margin)) + c.Intercept))
	case Isotonic:
		return c.interpolate(margin)
	}
	return math.NaN()
}

// ProbabilityAll fills dst, which is grown where it is too short, with the
// probability of each margin, and returns it.
func (c *Calibrator) ProbabilityAll(dst, margins []float64) []float64 {
	dst = dst[:0]
	for _, m := range margins {
		dst = append(dst, c.Probability(m))
	}
	return dst
}

func (c *Calibrator) interpolate(margin float64) float64 {
	n := len(c.Margins)
	if n == 0 || len(c.Probabilities) != n {
		return math.NaN()
	}
	k := sort.SearchFloat64s(c.Margins, margin)
	switch {
	case k == 0:
		return c.Probabilities[0]
	case k == n:
		return c.Probabilities[n-1]
	}
	x0, x1, p0, p1 := c.Margins[k-1], c.Margins[k], c.Probabilities[k-1], c.Probabilities[k]
	// Halves, because the difference of two finite margins may not be finite.
	share := (margin/2 - x0/2) / (x1/2 - x0/2)
	return min(p1, max(p0, p0+float64(share*(p1-p0))))
}

func inside(p float64) float64 { return min(1-edge, max(edge, p)) }

func logistic(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + portable.Exp(-x))
	}
	e := portable.Exp(x)
	return e / (1 + e)
}

// softplus is ln(1 + e^x), so that ln s is -softplus(-x) and ln(1-s) is -softplus(x).
func softplus(x float64) float64 {
	if x > 0 {
		return x + portable.Log1p(portable.Exp(-x))
	}
	return portable.Log1p(portable.Exp(x))
}

// checkRows refuses what cannot be fitted, naming the row, and returns the
// weights of frauds and of others.
func checkRows(method Method, x, y, weight []float64) (pos, neg float64, err error) {
	switch {
	case len(x) != len(y):
		return 0, 0, fmt.Errorf("cannot fit %s calibration: %d margins and %d outcomes: want one outcome per margin", method, len(x), len(y))
	case weight != nil && len(weight) != len(y):
		return 0, 0, fmt.Errorf("cannot fit %s calibration: %d weights and %d outcomes: want one weight per row, or nil", method, len(weight), len(y))
	}
	for i, v := range x {
		w := weightAt(weight, i)
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0):
			return 0, 0, fmt.Errorf("cannot fit %s calibration: margin %v in row %d: want a finite number", method, v, i)
		case y[i] != 0 && y[i] != 1:
			return 0, 0, fmt.Errorf("cannot fit %s calibration: outcome %v in row %d: want 0 or 1; leave claims without a conclusion out", method, y[i], i)
		case !(w >= 0) || math.IsInf(w, 0):
			return 0, 0, fmt.Errorf("cannot fit %s calibration: weight %v in row %d: want a finite number >= 0", method, w, i)
		}
		pos += float64(w * y[i])
		neg += float64(w * (1 - y[i]))
	}
	if pos == 0 || neg == 0 {
		return 0, 0, fmt.Errorf("cannot fit %s calibration: %g frauds and %g others: want both; take a longer window", method, pos, neg)
	}
	return pos, neg, nil
}

func weightAt(weight []float64, i int) float64 {
	if weight == nil {
		return 1
	}
	return weight[i]
}
