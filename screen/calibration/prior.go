package calibration

import (
	"fmt"
	"math"
)

// UndoSampling corrects a probability ps learned on data in which only the
// share beta in (0, 1] of the negatives was kept: beta*ps/(beta*ps - ps + 1)
// (Dal Pozzolo and others 2015). It shifts log-odds by ln(beta). Do not apply
// it where class weights have undone the sampling already. NaN out of range.
func UndoSampling(ps, beta float64) float64 {
	if !(ps >= 0 && ps <= 1) || !(beta > 0 && beta <= 1) {
		return math.NaN()
	}
	return float64(beta*ps) / (float64(beta*ps) - ps + 1)
}

// MovePrior moves a probability from a population with share of frauds from
// to one with share to, both in (0, 1), the likelihood ratio staying the same.
// NaN out of range.
func MovePrior(p, from, to float64) float64 {
	if !(p >= 0 && p <= 1) || !(from > 0 && from < 1) || !(to > 0 && to < 1) {
		return math.NaN()
	}
	a, b := float64(p*to)/from, float64((1-p)*(1-to))/(1-from)
	return a / (a + b)
}

// EstimatePrior estimates the share of frauds of a new population from
// probabilities p calibrated at share train, without outcomes (Saerens, Latinne
// and Decaestecker 2002): the prior that the moved probabilities average to.
// It is right only when nothing but the share has changed; when frauds and
// others look different it overshoots, and [FitIntercept] on outcomes is the
// remedy. weight is nil for one each.
func EstimatePrior(p, weight []float64, train float64) (float64, error) {
	if !(train > 0 && train < 1) {
		return math.NaN(), fmt.Errorf("cannot estimate the prior: training share %v: want a share in (0, 1)", train)
	}
	if weight != nil && len(weight) != len(p) {
		return math.NaN(), fmt.Errorf("cannot estimate the prior: %d weights and %d probabilities: want one weight per row, or nil", len(weight), len(p))
	}
	total := 0.0
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			return math.NaN(), fmt.Errorf("cannot estimate the prior: probability %v in row %d: want 0 to 1", v, i)
		}
		w := weightAt(weight, i)
		if !(w >= 0) || math.IsInf(w, 0) {
			return math.NaN(), fmt.Errorf("cannot estimate the prior: weight %v in row %d: want a finite number >= 0", w, i)
		}
		total += w
	}
	if total == 0 {
		return math.NaN(), fmt.Errorf("cannot estimate the prior: no rows")
	}
	prior := train
	for range 10000 {
		sum := 0.0
		for i, v := range p {
			sum += float64(weightAt(weight, i) * MovePrior(v, train, prior))
		}
		next := sum / total
		if math.Abs(next-prior) <= 1e-13 {
			return settle(next), nil
		}
		if next <= 0 || next >= 1 {
			return next, nil
		}
		prior = next
	}
	return settle(prior), nil
}
