package backtest

import (
	"math"

	"claimsieve/screen/audit"
	"claimsieve/screen/metric"
)

const unknowable = "there are claims without a conclusion: it needs an audit arm with recorded propensities, or a stated assumption about them"

// ranking fills what depends on the order of scores.
func (e *evaluation) ranking(r *Report) error {
	ranked, err := metric.Rank(e.p, e.y, e.weight)
	if err != nil {
		return err
	}
	r.Curve = ranked.Curve().Thin(curvePoints)
	switch e.pop.basis {
	case ConcludedOnly:
		r.AUC, r.AveragePrecision = unidentified(unknowable), unidentified(unknowable)
	case AuditWeighted:
		auc, err := e.bootstrap().AUC(e.p, e.y, e.weight)
		if err != nil {
			return err
		}
		ap, err := e.bootstrap().AveragePrecision(e.p, e.y, e.weight)
		if err != nil {
			return err
		}
		few := e.frauds() < metric.MinCases
		auc.Insufficient, ap.Insufficient = auc.Insufficient || few, ap.Insufficient || few
		r.AUC, r.AveragePrecision = fromEstimate(auc, AuditWeighted), fromEstimate(ap, AuditWeighted)
	default:
		r.AUC, r.AveragePrecision = fromEstimate(ranked.AUC(), e.pop.basis), fromEstimate(ranked.AveragePrecision(), e.pop.basis)
	}
	return nil
}

// blank takes back the figures of concluded claims when only frauds were
// recorded as concluded.
func (e *evaluation) blank(r *Report) error {
	if !e.pop.oneSided() {
		return nil
	}
	for _, f := range []*Figure{&r.Brier, &r.LogLoss, &r.Precision, &r.Savings} {
		*f = unidentified(oneSided)
	}
	r.Deviation, r.Local = metric.NewDeviation(0, 0), metric.NewDeviation(0, 0)
	for i := range r.Months {
		m := &r.Months[i]
		m.Precision, m.Deviation, m.Savings = metric.NewRate(0, 0), metric.NewDeviation(0, 0), metric.Optional(math.NaN())
	}
	return nil
}

// frauds counts confirmed rows, not weighted.
func (e *evaluation) frauds() (n float64) {
	for _, v := range e.y {
		n += v
	}
	return n
}

// probability fills what depends on the values of probabilities.
func (e *evaluation) probability(r *Report) error {
	brier, err := metric.Brier(e.p, e.y, e.weight)
	if err != nil {
		return err
	}
	loss, err := metric.LogLoss(e.p, e.y, e.weight)
	if err != nil {
		return err
	}
	if e.pop.basis == AuditWeighted {
		// The closed-form intervals take weights for repeated rows.
		brier.Low, brier.High, loss.Low, loss.High = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	}
	r.Brier, r.LogLoss = fromEstimate(brier, e.pop.basis), fromEstimate(loss, e.pop.basis)
	if r.Deviation, err = metric.ObservedExpected(e.p, e.y, e.weight); err != nil {
		return err
	}
	if r.Local, err = metric.LocalDeviation(e.p, e.y, e.weight, e.threshold, 0.1); err != nil {
		return err
	}
	if e.pop.basis == AuditWeighted {
		for _, d := range []*metric.Deviation{&r.Deviation, &r.Local} {
			d.Low, d.High = math.NaN(), math.NaN()
		}
		r.Deviation.Low, r.Deviation.High, err = e.deviationInterval()
	}
	return err
}

// deviationInterval is the bootstrap one of weighted sums.
func (e *evaluation) deviationInterval() (low, high float64, err error) {
	d, err := e.bootstrap().Estimate(len(e.p), func(draw []float64) float64 {
		var observed, expected float64
		for i, p := range e.p {
			w := e.weight[i]
			if draw != nil {
				w *= draw[i]
			}
			observed += float64(w * e.y[i])
			expected += float64(w * p)
		}
		return observed / expected
	})
	return d.Low, d.High, err
}

// alerting fills the rates at the threshold.
func (e *evaluation) alerting(r *Report) error {
	c, err := metric.ConfusionOf(e.alerts, e.y, e.weight)
	if err != nil {
		return err
	}
	r.Confusion = c
	flagged := 0.0
	for _, i := range e.pop.row {
		if e.s.alert(i, e.threshold) {
			flagged++
		}
	}
	r.AlertRate = fromRate(metric.NewRate(flagged, float64(len(e.pop.row))), AllClaims)
	r.Precision = fromRate(c.Precision(), e.pop.basis)
	switch e.pop.basis {
	case ConcludedOnly:
		for _, f := range []*Figure{&r.Recall, &r.FalsePositiveRate, &r.Prevalence, &r.Lift} {
			*f = unidentified(unknowable)
		}
	case AuditWeighted:
		r.Recall, r.FalsePositiveRate, r.Prevalence = fromAudit(e.rates.Recall), fromAudit(e.rates.FalsePositiveRate), fromAudit(e.rates.Prevalence)
		r.Precision = fromRate(e.effectivePrecision(), AuditWeighted)
		lift := c.Lift()
		lift.Low, lift.High = math.NaN(), math.NaN()
		r.Lift = fromEstimate(lift, AuditWeighted)
	default:
		r.Recall, r.FalsePositiveRate, r.Prevalence = fromRate(c.Recall(), e.pop.basis), fromRate(c.FalsePositiveRate(), e.pop.basis), fromRate(c.BaseRate(), e.pop.basis)
		r.Lift = fromEstimate(c.Lift(), e.pop.basis)
	}
	return nil
}

// audited estimates from the whole population, concluded or not.
func (e *evaluation) audited() (audit.Rates, error) {
	n := len(e.pop.row)
	sample := audit.Sample{Flagged: make([]bool, n), Concluded: make([]bool, n), Fraud: make([]bool, n), Propensity: make([]float64, n)}
	for k, i := range e.pop.row {
		sample.Flagged[k] = e.s.alert(i, e.threshold)
		sample.Concluded[k] = !math.IsNaN(e.pop.y[k])
		sample.Fraud[k] = e.pop.y[k] == 1
		sample.Propensity[k] = e.s.Propensity[i]
	}
	return sample.Estimate(audit.Hajek)
}

// effectivePrecision is the weighted precision with the interval of as many
// equal rows as the weights are worth (Kish 1965; Korn and Graubard 1998).
func (e *evaluation) effectivePrecision() metric.Rate {
	var sum, square, hits float64
	for i, alert := range e.alerts {
		if alert {
			w := e.weight[i]
			sum += w
			square += float64(w * w)
			hits += float64(w * e.y[i])
		}
	}
	if sum == 0 {
		return metric.NewRate(0, 0)
	}
	n := sum * sum / square
	r := metric.NewRate(hits/sum*n, n)
	r.Numerator, r.Denominator = hits, sum
	return r
}

// money fills what depends on losses.
func (e *evaluation) money(r *Report) error {
	savings, err := e.bootstrap().Savings(e.alerts, e.y, e.loss, e.weight, e.costs)
	if err != nil {
		return err
	}
	r.Savings = fromEstimate(savings, e.pop.basis)
	if e.pop.basis == ConcludedOnly {
		r.ValueDetection = unidentified(unknowable)
		return nil
	}
	value, err := metric.ValueDetection(e.alerts, e.y, e.loss, e.weight)
	if err != nil {
		return err
	}
	if e.pop.basis == AuditWeighted {
		value.Low, value.High = math.NaN(), math.NaN()
	}
	r.ValueDetection = fromEstimate(value, e.pop.basis)
	return nil
}
