package backtest

import (
	"math"
	"time"

	"claimsieve/screen/audit"
	"claimsieve/screen/metric"
	"claimsieve/screen/policy"
)

// Figure is one measured number with its basis. Value, Low and High are null
// in JSON, NaN in Go, where there is none.
type Figure struct {
	Identified   bool            `json:"identified"`
	Reason       string          `json:"reason,omitempty"` // why it is not identified
	Basis        Basis           `json:"basis,omitempty"`
	Value        metric.Optional `json:"value"`
	Low          metric.Optional `json:"low"` // interval of 95 %
	High         metric.Optional `json:"high"`
	Numerator    metric.Optional `json:"numerator"` // of a rate; weighted when audit-weighted
	Denominator  metric.Optional `json:"denominator"`
	Insufficient bool            `json:"insufficient"` // too few cases to decide by it
}

var none = metric.Optional(math.NaN())

func unidentified(reason string) Figure {
	return Figure{Reason: reason, Value: none, Low: none, High: none, Numerator: none, Denominator: none, Insufficient: true}
}

func fromRate(r metric.Rate, b Basis) Figure {
	return Figure{true, "", b, metric.Optional(r.Value), metric.Optional(r.Low), metric.Optional(r.High), metric.Optional(r.Numerator), metric.Optional(r.Denominator), r.Insufficient}
}

func fromEstimate(e metric.Estimate, b Basis) Figure {
	return Figure{true, "", b, metric.Optional(e.Value), metric.Optional(e.Low), metric.Optional(e.High), none, none, e.Insufficient}
}

func fromAudit(e audit.Estimate) Figure {
	if !e.Identified {
		return unidentified(e.Reason)
	}
	return Figure{true, e.Reason, AuditWeighted, metric.Optional(e.Value), metric.Optional(e.Low), metric.Optional(e.High), none, none, e.Insufficient}
}

// Month is a calendar month (UTC) of the decisions. Counts of alerts, frauds
// and hits are of claims whose outcome is known or assumed, weighted when
// audit-weighted.
type Month struct {
	Month     string           `json:"month"`  // 2006-01
	Claims    int              `json:"claims"` // mature, known or not
	Known     float64          `json:"known"`
	Frauds    float64          `json:"frauds"`
	Alerts    float64          `json:"alerts"`
	Hits      float64          `json:"hits"`
	Precision metric.Rate      `json:"precision"`
	Deviation metric.Deviation `json:"deviation"`
	Savings   metric.Optional  `json:"savings"`
}

// Report is the evaluation of a threshold over a table of past claims.
type Report struct {
	Format      int           `json:"format"`
	From        time.Time     `json:"from,omitzero"` // first and last decision of the population
	To          time.Time     `json:"to,omitzero"`
	Model       policy.Model  `json:"model"` // as the policy names it
	Method      policy.Method `json:"method,omitempty"`
	Threshold   float64       `json:"threshold"`
	Costs       metric.Costs  `json:"costs"`
	Claims      int           `json:"claims"` // given
	Labels      Labels        `json:"labels"`
	Basis       Basis         `json:"basis"`
	Assumptions []string      `json:"assumptions"`

	AUC               Figure `json:"auc"`
	AveragePrecision  Figure `json:"average_precision"`
	Prevalence        Figure `json:"prevalence"`
	Brier             Figure `json:"brier"`
	LogLoss           Figure `json:"log_loss"`
	Precision         Figure `json:"precision"`
	Recall            Figure `json:"recall"`
	FalsePositiveRate Figure `json:"false_positive_rate"`
	AlertRate         Figure `json:"alert_rate"`
	Lift              Figure `json:"lift"`
	ValueDetection    Figure `json:"value_detection"`
	Savings           Figure `json:"savings"`

	// Deviation is observed by expected frauds, Local the same near the threshold.
	Deviation metric.Deviation `json:"deviation"`
	Local     metric.Deviation `json:"deviation_at_threshold"`
	// Confusion counts claims whose outcome is known or assumed, weighted when
	// audit-weighted.
	Confusion metric.Confusion `json:"confusion"`
	Months    []Month          `json:"months"`
	// Curve is the effect of other thresholds on the same claims, at most 200.
	Curve metric.Curve `json:"curve"`
}
