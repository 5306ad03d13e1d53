package backtest

import (
	"math"
	"slices"
	"time"

	"claimsieve/screen/metric"
)

func monthOf(micros int64) string { return time.UnixMicro(micros).UTC().Format("2006-01") }

// months fills the table by month, in order of time.
func (e *evaluation) months(r *Report) error {
	table := map[string]*Month{}
	var names []string
	month := func(i int) *Month {
		name := monthOf(e.s.Time[i])
		m := table[name]
		if m == nil {
			m = &Month{Month: name}
			table[name] = m
			names = append(names, name)
		}
		return m
	}
	for _, i := range e.pop.row {
		month(i).Claims++
	}
	expected, alerts := map[string]float64{}, map[string]int{}
	for k, i := range e.row {
		m, w := month(i), 1.0
		if e.weight != nil {
			w = e.weight[k]
		}
		m.Known += w
		m.Frauds += float64(w * e.y[k])
		expected[m.Month] += float64(w * e.p[k])
		if e.alerts[k] {
			alerts[m.Month]++
			m.Alerts += w
			m.Hits += float64(w * e.y[k])
			m.Savings += metric.Optional(w * (float64(float64(e.costs.Recovered*e.loss[k])*e.y[k]) - e.costs.Investigation))
		}
	}
	slices.Sort(names)
	for _, name := range names {
		m := table[name]
		m.Precision = metric.NewRate(m.Hits, m.Alerts)
		m.Deviation = metric.NewDeviation(m.Frauds, expected[name])
		if e.weight != nil {
			// Their intervals take weights for counts of cases.
			m.Precision.Low, m.Precision.High = math.NaN(), math.NaN()
			m.Precision.Insufficient = alerts[name] < metric.MinCases
			m.Deviation.Low, m.Deviation.High = math.NaN(), math.NaN()
		}
		r.Months = append(r.Months, *m)
	}
	return nil
}
