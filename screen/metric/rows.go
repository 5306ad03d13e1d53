package metric

import (
	"fmt"
	"math"
)

// checkRows refuses rows that no metric can use, naming the first one.
func checkRows(what string, score, y, weight []float64) error {
	if len(score) != len(y) {
		return fmt.Errorf("cannot measure %s: %d scores and %d outcomes: want one outcome per score", what, len(score), len(y))
	}
	for i, s := range score {
		if math.IsNaN(s) || math.IsInf(s, 0) {
			return fmt.Errorf("cannot measure %s: score %v in row %d: want a finite number; leave claims that could not be scored out and count them", what, s, i)
		}
	}
	return checkOutcomes(what, y, weight)
}

// checkOutcomes refuses outcomes and weights that no metric can use.
func checkOutcomes(what string, y, weight []float64) error {
	for i, v := range y {
		if v != 0 && v != 1 {
			return fmt.Errorf("cannot measure %s: outcome %v in row %d: want 0 or 1; leave claims without a conclusion out", what, v, i)
		}
	}
	if weight == nil {
		return nil
	}
	if len(weight) != len(y) {
		return fmt.Errorf("cannot measure %s: %d weights and %d outcomes: want one weight per row, or nil", what, len(weight), len(y))
	}
	for i, w := range weight {
		if !(w >= 0) || math.IsInf(w, 0) {
			return fmt.Errorf("cannot measure %s: weight %v in row %d: want a finite number >= 0", what, w, i)
		}
	}
	return nil
}

// checkProbabilities refuses rows whose score is not a probability.
func checkProbabilities(what string, p, y, weight []float64) error {
	if err := checkRows(what, p, y, weight); err != nil {
		return err
	}
	for i, v := range p {
		if v < 0 || v > 1 {
			return fmt.Errorf("cannot measure %s: probability %v in row %d: want 0 to 1; calibrate margins first", what, v, i)
		}
	}
	return nil
}

// checkAlerts refuses alerts that do not belong to the outcomes.
func checkAlerts(what string, alerts []bool, y, weight []float64) error {
	if len(alerts) != len(y) {
		return fmt.Errorf("cannot measure %s: %d alerts and %d outcomes: want one outcome per alert", what, len(alerts), len(y))
	}
	return checkOutcomes(what, y, weight)
}

// weightAt is weight[i], or 1 where there are none.
func weightAt(weight []float64, i int) float64 {
	if weight == nil {
		return 1
	}
	return weight[i]
}

// Alerts returns which scores alert at the threshold: score >= threshold. A
// NaN score never does.
func Alerts(score []float64, threshold float64) []bool {
	out := make([]bool, len(score))
	for i, s := range score {
		out[i] = s >= threshold
	}
	return out
}
