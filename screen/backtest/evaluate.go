package backtest

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"time"

	"claimsieve/screen/audit"
	"claimsieve/screen/metric"
	"claimsieve/screen/policy"
)

// FormatVersion is the version of the report JSON that this program writes.
const FormatVersion = 1

const curvePoints = 200

// Evaluate measures the investigate threshold of a policy over the table. The
// policy must be valid; its term and model are the caller's to check, a
// backtest may well try a policy outside of them.
func Evaluate(s Scored, p *policy.Policy, o Options) (*Report, error) {
	if p == nil {
		return nil, errors.New("cannot backtest: there is no policy")
	}
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("cannot backtest: %w", err)
	}
	r, err := EvaluateThreshold(s, p.Thresholds.Investigate, p.Costs, o)
	if err != nil {
		return nil, err
	}
	r.Model, r.Method = p.Model, p.Method
	return r, nil
}

// EvaluateThreshold measures a threshold (alert at or above) over the table.
func EvaluateThreshold(s Scored, threshold float64, costs metric.Costs, o Options) (*Report, error) {
	if !(threshold >= 0 && threshold <= 1) {
		return nil, fmt.Errorf("cannot backtest: threshold %v: want a probability in [0, 1]", threshold)
	}
	e, err := prepare(s, threshold, costs, o)
	if err != nil {
		return nil, err
	}
	r := &Report{Format: FormatVersion, Threshold: threshold, Costs: costs, Claims: len(s.ClaimID), Labels: e.pop.count, Basis: e.pop.basis, Assumptions: e.pop.notes, Months: []Month{}}
	if r.Assumptions == nil {
		r.Assumptions = []string{}
	}
	for k, i := range e.pop.row {
		at := time.UnixMicro(s.Time[i]).UTC()
		if k == 0 || at.Before(r.From) {
			r.From = at
		}
		if k == 0 || at.After(r.To) {
			r.To = at
		}
	}
	for _, step := range []func(*Report) error{e.ranking, e.probability, e.alerting, e.money, e.months, e.blank} {
		if err := step(r); err != nil {
			return nil, fmt.Errorf("cannot backtest: %w", err)
		}
	}
	return r, nil
}

// evaluation is the known rows of a population, ready to be measured.
type evaluation struct {
	s         Scored
	o         Options
	pop       population
	threshold float64
	costs     metric.Costs

	row    []int // of Scored
	p, y   []float64
	loss   []float64
	weight []float64 // nil unless audit-weighted
	alerts []bool
	rates  audit.Rates // when audit-weighted
}

func prepare(s Scored, threshold float64, costs metric.Costs, o Options) (*evaluation, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	if err := s.validate(); err != nil {
		return nil, err
	}
	if err := costs.Validate(); err != nil {
		return nil, fmt.Errorf("cannot backtest: %w", err)
	}
	e := &evaluation{s: s, o: o, pop: s.population(o), threshold: threshold, costs: costs}
	if err := e.settleAudit(); err != nil {
		return nil, err
	}
	filled := 0
	for k, i := range e.pop.row {
		if math.IsNaN(e.pop.y[k]) {
			continue
		}
		loss := costs.AverageLoss
		if s.Loss != nil && !math.IsNaN(s.Loss[i]) {
			loss = s.Loss[i]
		} else {
			filled++
		}
		e.row, e.p, e.y, e.loss = append(e.row, i), append(e.p, s.Probability[i]), append(e.y, e.pop.y[k]), append(e.loss, loss)
		if e.pop.basis == AuditWeighted {
			e.weight = append(e.weight, 1/s.Propensity[i])
		}
	}
	if filled > 0 {
		e.pop.notes = append(e.pop.notes, fmt.Sprintf("%d of %d claims have no loss of their own and count with the average of %g", filled, len(e.row), costs.AverageLoss))
	}
	e.scaleWeights()
	for _, i := range e.row {
		e.alerts = append(e.alerts, s.alert(i, threshold))
	}
	return e, nil
}

// settleAudit estimates from the audit, or falls back to concluded claims when
// it cannot speak for all claims.
func (e *evaluation) settleAudit() (err error) {
	if e.pop.basis != AuditWeighted {
		return nil
	}
	if e.rates, err = e.audited(); err != nil {
		return fmt.Errorf("cannot backtest: %w", err)
	}
	if !e.rates.Recall.Identified {
		e.pop.basis = ConcludedOnly
		if e.pop.oneSided() {
			e.pop.notes = append(e.pop.notes, oneSided)
		}
		// The first note is about the basis.
		e.pop.notes[0] = fmt.Sprintf("%d claims have no conclusion, and audited ones cannot stand for them: %s", e.pop.count.Unknown, e.rates.Recall.Reason)
	}
	return nil
}

// scaleWeights makes the weights sum to the number of claims with and without
// an alert, so that counts read as claims of the period.
func (e *evaluation) scaleWeights() {
	if e.weight == nil {
		return
	}
	var claims, weights [2]float64
	side := func(i int) int {
		if e.s.alert(i, e.threshold) {
			return 1
		}
		return 0
	}
	for _, i := range e.pop.row {
		claims[side(i)]++
	}
	for k, w := range e.weight {
		weights[side(e.row[k])] += w
	}
	for k := range e.weight {
		e.weight[k] *= claims[side(e.row[k])] / weights[side(e.row[k])]
	}
}

// bootstrap draws by claim id: the same claim meets the same draws in every
// table and order.
func (e *evaluation) bootstrap() metric.Bootstrap {
	keys := make([]uint64, len(e.row))
	for k, i := range e.row {
		h := fnv.New64a()
		h.Write([]byte(e.s.ClaimID[i]))
		keys[k] = h.Sum64()
	}
	return metric.Bootstrap{Replicates: e.o.Replicates, Seed: e.o.Seed, Threads: e.o.Threads, Cluster: keys}
}
