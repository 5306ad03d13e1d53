package calibration

import (
	"math"
	"sort"
)

// VennAbers gives an interval of two probabilities for a score (inductive
// Venn-Abers predictors; Vovk, Petej and Fedorova 2015): one of them is
// calibrated whatever the scores are like, when rows are exchangeable. A wide
// interval says that there were few rows like this one.
type VennAbers struct {
	points []point
}

// FitVennAbers sorts the rows. Both classes must be there.
func FitVennAbers(score, y, weight []float64) (*VennAbers, error) {
	if _, _, err := checkRows("venn-abers", score, y, weight); err != nil {
		return nil, err
	}
	return &VennAbers{points(score, y, weight)}, nil
}

// Probability returns the isotonic value of the score when it is added as an
// honest claim (low) and as a fraud (high), and p = high/(1-low+high), the
// single number that loses least in log loss whichever is right. It takes time
// in proportion to the fitted rows. NaN for a NaN or infinite score.
func (v *VennAbers) Probability(score float64) (low, high, p float64) {
	if math.IsNaN(score) || math.IsInf(score, 0) {
		return math.NaN(), math.NaN(), math.NaN()
	}
	low, high = v.with(score, 0), v.with(score, 1)
	return low, high, high / (1 - low + high)
}

func (v *VennAbers) with(score, outcome float64) float64 {
	n := len(v.points)
	at := sort.Search(n, func(i int) bool { return v.points[i].margin >= score })
	means, weights := make([]float64, 0, n+1), make([]float64, 0, n+1)
	add := func(p point) {
		means, weights = append(means, p.sum/p.weight), append(weights, p.weight)
	}
	for _, p := range v.points[:at] {
		add(p)
	}
	here := point{score, 1, outcome}
	rest := v.points[at:]
	if len(rest) > 0 && rest[0].margin == score {
		here.weight += rest[0].weight
		here.sum += rest[0].sum
		rest = rest[1:]
	}
	add(here)
	for _, p := range rest {
		add(p)
	}
	return PoolAdjacent(means, weights)[at]
}
