package metric

import "math"

// Brier (布里尔分数) is the mean of (p-y)^2, with the normal interval of a
// mean. Lower is better; NaN without rows.
func Brier(p, y, weight []float64) (Estimate, error) {
	if err := checkProbabilities("the Brier score", p, y, weight); err != nil {
		return undefined(), err
	}
	return meanOf(weight, len(p), func(i int) float64 { return float64((p[i] - y[i]) * (p[i] - y[i])) }), nil
}

// LogLoss (对数损失) is the mean of -ln of the probability given to what
// happened, with the normal interval of a mean. It is +Inf, without an
// interval, when something happened that was given probability 0. Lower is
// better; NaN without rows.
func LogLoss(p, y, weight []float64) (Estimate, error) {
	if err := checkProbabilities("the log loss", p, y, weight); err != nil {
		return undefined(), err
	}
	e := meanOf(weight, len(p), func(i int) float64 {
		if y[i] == 1 {
			return -math.Log(p[i])
		}
		return -math.Log1p(-p[i])
	})
	if math.IsInf(e.Value, 0) {
		e.Low, e.High = math.NaN(), math.NaN()
	}
	return e, nil
}

// meanOf is the weighted mean of a value per row with its normal interval.
func meanOf(weight []float64, n int, value func(int) float64) Estimate {
	var sum, total float64
	for i := range n {
		if w := weightAt(weight, i); w > 0 {
			sum += float64(w * value(i))
			total += w
		}
	}
	if total == 0 {
		return undefined()
	}
	mean := sum / total
	e := Estimate{Value: mean, Low: math.NaN(), High: math.NaN(), Insufficient: total < MinCases}
	if total > 1 && !math.IsInf(mean, 0) {
		spread := 0.0
		for i := range n {
			if w := weightAt(weight, i); w > 0 {
				d := value(i) - mean
				spread += float64(w * float64(d*d))
			}
		}
		half := normalDeviate(Level) * math.Sqrt(spread/(total-1)/total)
		e.Low, e.High = mean-half, mean+half
	}
	return e
}
