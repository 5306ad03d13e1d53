package metric

import (
	"fmt"
	"math"
)

// Difference is two measurements of the same rows and the first less the
// second, each with an interval from the same draws.
type Difference struct {
	First      Estimate `json:"first"`
	Second     Estimate `json:"second"`
	Difference Estimate `json:"difference"`
	// Better is the share of replicates in which First was above Second,
	// counting half where equal; NaN (null) when none was defined.
	Better Optional `json:"better"`
}

// SavingsDifference measures the savings of two sets of alerts over the same
// rows, with each claim's own loss (nil: the average). The interval of the
// difference is that of the bootstrap: it is narrow where both sets alert on
// the same claims.
func (b Bootstrap) SavingsDifference(first, second []bool, y, loss, weight []float64, costs Costs) (Difference, error) {
	for _, alerts := range [...][]bool{first, second} {
		if err := costs.check(alerts, y, loss, weight); err != nil {
			return Difference{}, err
		}
	}
	sums := func(draw []float64) []float64 {
		var s [2]float64
		for i := range y {
			if !first[i] && !second[i] {
				continue
			}
			w := weightAt(weight, i)
			if draw != nil {
				w *= draw[i]
			}
			g := float64(w * costs.gain(y, loss, i))
			if first[i] {
				s[0] += g
			}
			if second[i] {
				s[1] += g
			}
		}
		return s[:]
	}
	return b.difference(len(y), sums)
}

// Savings returns [Costs.SavingsOf] with a bootstrap interval: the one to take
// when weights are sampling weights or rows come in clusters.
func (b Bootstrap) Savings(alerts []bool, y, loss, weight []float64, costs Costs) (Estimate, error) {
	if err := costs.check(alerts, y, loss, weight); err != nil {
		return undefined(), err
	}
	frauds := 0.0
	for i, alert := range alerts {
		if alert {
			frauds += y[i]
		}
	}
	e, err := b.Estimate(len(y), func(draw []float64) float64 {
		sum := 0.0
		for i, alert := range alerts {
			if alert {
				w := weightAt(weight, i)
				if draw != nil {
					w *= draw[i]
				}
				sum += float64(w * costs.gain(y, loss, i))
			}
		}
		return sum
	})
	e.Insufficient = e.Insufficient || frauds < MinCases
	return e, err
}

// AUCDifference measures the AUC of two scores of the same rows.
func (b Bootstrap) AUCDifference(first, second, y, weight []float64) (Difference, error) {
	var plans [2]plan
	for k, score := range [...][]float64{first, second} {
		if err := checkRows("an AUC", score, y, weight); err != nil {
			return Difference{}, err
		}
		plans[k] = planOf(score)
	}
	return b.difference(len(y), func(draw []float64) []float64 {
		return []float64{plans[0].auc(y, weight, draw), plans[1].auc(y, weight, draw)}
	})
}

// AUC returns the AUC with a bootstrap interval: the one to take when weights
// are sampling weights or rows come in clusters.
func (b Bootstrap) AUC(score, y, weight []float64) (Estimate, error) {
	if err := checkRows("an AUC", score, y, weight); err != nil {
		return undefined(), err
	}
	ranks := planOf(score)
	return b.Estimate(len(y), func(draw []float64) float64 { return ranks.auc(y, weight, draw) })
}

// AveragePrecision returns the average precision with a bootstrap interval.
func (b Bootstrap) AveragePrecision(score, y, weight []float64) (Estimate, error) {
	if err := checkRows("an average precision", score, y, weight); err != nil {
		return undefined(), err
	}
	ranks := planOf(score)
	return b.Estimate(len(y), func(draw []float64) float64 { return ranks.averagePrecision(y, weight, draw) })
}

// Estimate returns statistic(nil) with the interval of its replicates. A nil
// draw stands for weight one each; otherwise see [Bootstrap.Run].
func (b Bootstrap) Estimate(rows int, statistic func(draw []float64) float64) (Estimate, error) {
	runs, err := b.Run(rows, func(draw []float64) []float64 { return []float64{statistic(draw)} })
	if err != nil {
		return undefined(), err
	}
	values := make([]float64, len(runs))
	for i, r := range runs {
		values[i] = r[0]
	}
	return b.Interval(statistic(nil), values), nil
}

// difference runs a statistic of two numbers.
func (b Bootstrap) difference(rows int, statistic func(draw []float64) []float64) (Difference, error) {
	runs, err := b.Run(rows, statistic)
	if err != nil {
		return Difference{}, err
	}
	values := [3][]float64{}
	var better, defined float64
	for _, r := range runs {
		d := r[0] - r[1]
		values[0] = append(values[0], r[0])
		values[1] = append(values[1], r[1])
		values[2] = append(values[2], d)
		if math.IsNaN(d) {
			continue
		}
		defined++
		if d > 0 {
			better++
		} else if d == 0 {
			better += 0.5
		}
	}
	point := statistic(nil)
	return Difference{
		First:      b.Interval(point[0], values[0]),
		Second:     b.Interval(point[1], values[1]),
		Difference: b.Interval(point[0]-point[1], values[2]),
		Better:     Optional(better / defined),
	}, nil
}

// String writes the difference for people.
func (d Difference) String() string {
	return fmt.Sprintf("%.6g against %.6g: difference %.6g [%.6g, %.6g]", d.First.Value, d.Second.Value, d.Difference.Value, d.Difference.Low, d.Difference.High)
}
