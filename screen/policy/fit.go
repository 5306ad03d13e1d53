package policy

import (
	"fmt"
	"time"

	"claimsieve/screen/metric"
)

// DefaultReviewRatio is the review threshold as a part of the investigate
// threshold: a claim is looked at again from half the probability at which an
// investigation pays. A second look costs far less than an investigation, and
// half is where the first is worth it at half of the second's cost.
const DefaultReviewRatio = 0.5

// Options are what goes into a policy beside its thresholds.
type Options struct {
	Model       Model
	Costs       metric.Costs // needed: savings are part of every policy's evidence
	Window      Window
	AsOf        time.Time // before which the outcomes were known
	Assumptions []string  // which claims counted as what, in words
	Sampled     bool      // the weights are inverse chances of being investigated, not counts
	ReviewRatio float64   // in (0, 1]; 0 is DefaultReviewRatio
	Reason      string
	Author      string
	Approver    string
	ValidFrom   time.Time
	ValidTo     time.Time
	Audit       Audit
}

// FitExpectedCost sets the threshold to Investigation/(Recovered*AverageLoss):
// from there on an investigation is expected to pay for itself (Elkan 2001). It
// depends on the costs alone; the rows give the evidence. p are calibrated
// probabilities of concluded claims, y their outcomes (1 or 0), weight nil for
// one each; no rows at all are allowed. Costs that no probability below 1 meets
// are an error.
func FitExpectedCost(p, y, weight []float64, o Options) (*Policy, error) {
	if err := o.Costs.Validate(); err != nil {
		return nil, fmt.Errorf("cannot fit expected_cost policy: %w", err)
	}
	t := o.Costs.Threshold()
	if !(t > 0 && t < 1) {
		return nil, fmt.Errorf("cannot fit expected_cost policy: the cost of an investigation %v over what it recovers %v is %.4g: want a threshold in (0, 1); check the costs",
			o.Costs.Investigation, o.Costs.Recovered*o.Costs.AverageLoss, t)
	}
	return build(ExpectedCost, t, p, y, weight, o)
}

// FitAlertRate sets the lowest threshold that alerts on at most the given share
// of the rows (in (0, 1]). Rows of one probability alert together, so that the
// share may not be used up. The rows should be all claims of the window for
// which y is known or assumed.
func FitAlertRate(p, y, weight []float64, share float64, o Options) (*Policy, error) {
	if !(share > 0 && share <= 1) {
		return nil, fmt.Errorf("cannot fit alert_rate policy: share %v: want a share in (0, 1]", share)
	}
	r, err := metric.Rank(p, y, weight)
	if err != nil {
		return nil, fmt.Errorf("cannot fit alert_rate policy: %w", err)
	}
	c := r.Curve()
	// A rounding error of the product must not cost an alert.
	point, ok := c.WithinBudget(share * c.Rows * (1 + 1e-12))
	if !ok {
		return nil, fmt.Errorf("cannot fit alert_rate policy: the highest probability alone is held by more than %v of %g rows: want a higher share or a finer calibration", share, c.Rows)
	}
	return build(AlertRate, point.Threshold, p, y, weight, o)
}

// FitSavingsMax sets the threshold that would have saved most on the rows. It
// is a choice with hindsight: its evidence flatters it, and a threshold of
// [FitExpectedCost] on a calibrated model moves less from window to window. No
// savings at any threshold are an error.
func FitSavingsMax(p, y, weight []float64, o Options) (*Policy, error) {
	if err := o.Costs.Validate(); err != nil {
		return nil, fmt.Errorf("cannot fit savings_max policy: %w", err)
	}
	r, err := metric.Rank(p, y, weight)
	if err != nil {
		return nil, fmt.Errorf("cannot fit savings_max policy: %w", err)
	}
	best, _, ok := r.Curve().BestSavings(o.Costs)
	if !ok {
		return nil, fmt.Errorf("cannot fit savings_max policy: no threshold saves anything on %d rows: check the costs and the model", len(p))
	}
	return build(SavingsMax, best.Threshold, p, y, weight, o)
}

// SetManual makes a policy of a threshold in (0, 1) that a person chose, with
// its evidence on the rows.
func SetManual(threshold float64, p, y, weight []float64, o Options) (*Policy, error) {
	return build(Manual, threshold, p, y, weight, o)
}

func build(method Method, threshold float64, p, y, weight []float64, o Options) (*Policy, error) {
	ratio := o.ReviewRatio
	if ratio == 0 {
		ratio = DefaultReviewRatio
	}
	if !(ratio > 0 && ratio <= 1) {
		return nil, fmt.Errorf("cannot fit %s policy: review ratio %v: want a number in (0, 1]", method, o.ReviewRatio)
	}
	evidence, err := Observe(threshold, p, y, weight, o.Costs)
	if err != nil {
		return nil, fmt.Errorf("cannot fit %s policy: %w", method, err)
	}
	if o.Sampled {
		plain, err := Observe(threshold, p, y, nil, o.Costs)
		if err != nil {
			return nil, fmt.Errorf("cannot fit %s policy: %w", method, err)
		}
		evidence = evidence.Sampled(plain)
	}
	out := &Policy{
		Format: FormatVersion, Model: o.Model, Method: method,
		Thresholds: Thresholds{Investigate: threshold, Review: ratio * threshold},
		Costs:      o.Costs, Window: o.Window, AsOf: o.AsOf, Assumptions: o.Assumptions, Evidence: evidence, Reason: o.Reason,
		Author: o.Author, Approver: o.Approver, ValidFrom: o.ValidFrom, ValidTo: o.ValidTo, Audit: o.Audit,
	}
	if err := out.Validate(); err != nil {
		return nil, err
	}
	return out, nil
}

// Observe measures a threshold on concluded claims. A weight is a number of
// claims; see [Evidence.Sampled] for weights that are not.
func Observe(threshold float64, p, y, weight []float64, costs metric.Costs) (Evidence, error) {
	c, err := metric.ConfusionAt(p, y, weight, threshold)
	if err != nil {
		return Evidence{}, err
	}
	savings, err := costs.SavingsOf(metric.Alerts(p, threshold), y, nil, weight)
	if err != nil {
		return Evidence{}, err
	}
	deviation, err := metric.ObservedExpected(p, y, weight)
	if err != nil {
		return Evidence{}, err
	}
	local, err := metric.LocalDeviation(p, y, weight, threshold, 0.1)
	if err != nil {
		return Evidence{}, err
	}
	return Evidence{
		Rows: c.Total(), Positives: c.Frauds(), Alerts: c.Alerts(), Hits: c.TP,
		AlertRate: c.AlertRate(), Precision: c.Precision(), Savings: savings, Deviation: deviation, Local: local,
	}, nil
}

// Sampled returns evidence whose weights were inverse chances of being
// investigated: without intervals (NaN), because such a weight is not a number
// of cases, and insufficient where plain, the same measured without weights,
// has too few.
func (e Evidence) Sampled(plain Evidence) Evidence {
	e.AlertRate = e.AlertRate.WithoutInterval(plain.AlertRate.Insufficient)
	e.Precision = e.Precision.WithoutInterval(plain.Precision.Insufficient)
	e.Savings = e.Savings.WithoutInterval(plain.Savings.Insufficient)
	e.Deviation = e.Deviation.WithoutInterval(plain.Deviation.Insufficient)
	e.Local = e.Local.WithoutInterval(plain.Local.Insufficient)
	return e
}
