package metric

import "math"

// Confusion counts rows by alert and outcome. Counts are sums of weights.
type Confusion struct {
	TP float64 `json:"tp"` // alert, fraud: a hit
	FP float64 `json:"fp"` // alert, no fraud: a false alarm
	FN float64 `json:"fn"` // no alert, fraud: a miss
	TN float64 `json:"tn"` // no alert, no fraud
}

// ConfusionAt counts the rows with an alert where score >= threshold.
func ConfusionAt(score, y, weight []float64, threshold float64) (Confusion, error) {
	if err := checkRows("a confusion", score, y, weight); err != nil {
		return Confusion{}, err
	}
	return count(Alerts(score, threshold), y, weight), nil
}

// ConfusionOf counts the rows of a set of alerts, for example a rule's.
func ConfusionOf(alerts []bool, y, weight []float64) (Confusion, error) {
	if err := checkAlerts("a confusion", alerts, y, weight); err != nil {
		return Confusion{}, err
	}
	return count(alerts, y, weight), nil
}

func count(alerts []bool, y, weight []float64) (c Confusion) {
	for i, alert := range alerts {
		w := weightAt(weight, i)
		switch {
		case alert && y[i] == 1:
			c.TP += w
		case alert:
			c.FP += w
		case y[i] == 1:
			c.FN += w
		default:
			c.TN += w
		}
	}
	return c
}

// Total returns the number of rows.
func (c Confusion) Total() float64 { return c.TP + c.FP + c.FN + c.TN }

// Alerts returns the number of alerts.
func (c Confusion) Alerts() float64 { return c.TP + c.FP }

// Frauds returns the number of frauds.
func (c Confusion) Frauds() float64 { return c.TP + c.FN }

// Precision (命中率、精确率、查准率) is frauds among alerts, TP/(TP+FP). It is
// about alerts investigated to a conclusion, not alerts raised: leave open
// ones out.
func (c Confusion) Precision() Rate { return NewRate(c.TP, c.Alerts()) }

// Recall (召回率、查全率、检出率) is alerts among frauds, TP/(TP+FN). It needs the
// outcomes of claims without an alert.
func (c Confusion) Recall() Rate { return NewRate(c.TP, c.Frauds()) }

// FalsePositiveRate (误报率) is alerts among the honest, FP/(FP+TN). It needs
// the outcomes of claims without an alert.
func (c Confusion) FalsePositiveRate() Rate { return NewRate(c.FP, c.FP+c.TN) }

// AlertRate (预警率、触发率、提调率) is alerts among all rows.
func (c Confusion) AlertRate() Rate { return NewRate(c.Alerts(), c.Total()) }

// BaseRate (欺诈案件占比) is frauds among all rows.
func (c Confusion) BaseRate() Rate { return NewRate(c.Frauds(), c.Total()) }

// Accuracy is the share of rows whose alert agrees with the outcome. A claim
// history without any alert has a high one: report it beside others only.
func (c Confusion) Accuracy() Rate { return NewRate(c.TP+c.TN, c.Total()) }

// Lift (提升度) is precision over base rate, 1 for alerts at random. Its
// interval is that of the log of the ratio by the delta method, given the
// number of frauds and of rows (hypergeometric variance), NaN when TP is 0.
func (c Confusion) Lift() Estimate {
	n, alerts, frauds := c.Total(), c.Alerts(), c.Frauds()
	if !(alerts > 0) || !(frauds > 0) {
		return undefined()
	}
	e := Estimate{Value: float64(c.TP*n) / float64(alerts*frauds), Low: math.NaN(), High: math.NaN(), Insufficient: alerts < MinCases}
	if c.TP > 0 && n > 1 {
		variance := (n - alerts) * (n - frauds) / (alerts * frauds * (n - 1))
		z := math.Exp(normalDeviate(Level) * math.Sqrt(variance))
		e.Low, e.High = e.Value/z, e.Value*z
	}
	return e
}

// FalseAlarmRatio (误报比 1:n) is false alarms for each hit, FP/TP: NaN for
// 0/0, +Inf when all alerts were false.
func (c Confusion) FalseAlarmRatio() float64 { return c.FP / c.TP }

// F (F1值 for beta 1) is the weighted harmonic mean of precision and recall
// that holds recall beta times as important. NaN without frauds and alerts.
func (c Confusion) F(beta float64) float64 {
	b := beta * beta
	return float64((1+b)*c.TP) / (float64((1+b)*c.TP) + float64(b*c.FN) + c.FP)
}

// ValueDetection (金额检出率) is the share of the loss of all frauds that lies
// in alerts: sum of loss over hits by sum of loss over frauds. loss is per
// row, finite and >= 0. The interval is that of a ratio of sums (linearised
// variance), cut to [0, 1]; Insufficient below MinCases frauds.
func ValueDetection(alerts []bool, y, loss, weight []float64) (Estimate, error) {
	if err := checkAlerts("value detection", alerts, y, weight); err != nil {
		return undefined(), err
	}
	if err := checkLoss("value detection", loss, len(y)); err != nil {
		return undefined(), err
	}
	var found, all, frauds float64
	for i, w := range loss {
		if y[i] == 1 {
			v := float64(weightAt(weight, i) * w)
			all += v
			frauds += weightAt(weight, i)
			if alerts[i] {
				found += v
			}
		}
	}
	if !(all > 0) {
		return undefined(), nil
	}
	e := Estimate{Value: found / all, Low: math.NaN(), High: math.NaN(), Insufficient: frauds < MinCases}
	if frauds > 1 {
		sum := 0.0
		for i, v := range loss {
			if y[i] == 1 {
				d := -e.Value
				if alerts[i] {
					d++
				}
				d *= v
				sum += float64(weightAt(weight, i) * float64(d*d))
			}
		}
		half := normalDeviate(Level) * math.Sqrt(frauds/(frauds-1)*sum) / all
		e.Low, e.High = max(0, e.Value-half), min(1, e.Value+half)
	}
	return e, nil
}
