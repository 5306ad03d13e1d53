package metric

import (
	"errors"
	"fmt"
	"math"
)

// Costs is what an investigation costs and what a found fraud is worth, in one
// currency.
type Costs struct {
	AverageLoss   float64 `json:"average_loss"`    // loss of a fraud where a claim's own is not known, > 0
	Recovered     float64 `json:"recovered_share"` // share of the loss that a found fraud saves, in (0, 1]
	Investigation float64 `json:"investigation"`   // cost of one investigation, >= 0
}

// Validate lists every fault at once.
func (c Costs) Validate() error {
	var faults []error
	if !(c.AverageLoss > 0) || math.IsInf(c.AverageLoss, 0) {
		faults = append(faults, fmt.Errorf("average_loss %v: want a finite amount above 0", c.AverageLoss))
	}
	if !(c.Recovered > 0 && c.Recovered <= 1) {
		faults = append(faults, fmt.Errorf("recovered_share %v: want a share in (0, 1]", c.Recovered))
	}
	if !(c.Investigation >= 0) || math.IsInf(c.Investigation, 0) {
		faults = append(faults, fmt.Errorf("investigation %v: want a finite cost >= 0", c.Investigation))
	}
	return errors.Join(faults...)
}

// Threshold returns the probability from which an investigation pays for
// itself: Investigation / (Recovered * AverageLoss) (Elkan 2001, the costs of
// a hit and a false alarm being those of the investigation). It may lie above
// 1: then none ever does.
func (c Costs) Threshold() float64 {
	return c.Investigation / float64(c.Recovered*c.AverageLoss)
}

// Savings (减损金额) is Recovered*AverageLoss*hits - Investigation*alerts (Phua,
// Alahakoon and Lee 2004), against investigating nothing.
func (c Costs) Savings(hits, alerts float64) float64 {
	return float64(float64(c.Recovered*c.AverageLoss)*hits) - float64(c.Investigation*alerts)
}

// gain is what row i adds to savings when it alerts.
func (c Costs) gain(y, loss []float64, i int) float64 {
	if y[i] != 1 {
		return -c.Investigation
	}
	l := c.AverageLoss
	if loss != nil {
		l = loss[i]
	}
	return float64(c.Recovered*l) - c.Investigation
}

// SavingsOf sums Recovered*loss over hits less Investigation over alerts, with
// each claim's own loss (nil: AverageLoss for all). Its interval is the normal
// one of a sum over rows drawn from a population; [Bootstrap] gives others.
func (c Costs) SavingsOf(alerts []bool, y, loss, weight []float64) (Estimate, error) {
	if err := c.check(alerts, y, loss, weight); err != nil {
		return undefined(), err
	}
	var sum, square, rows, frauds float64
	for i, alert := range alerts {
		w := weightAt(weight, i)
		rows += w
		if alert {
			g := c.gain(y, loss, i)
			sum += float64(w * g)
			square += float64(w * float64(g*g))
			frauds += float64(w * y[i])
		}
	}
	if rows == 0 {
		return undefined(), nil
	}
	// The variance of the sum with the number of rows fixed.
	half := normalDeviate(Level) * math.Sqrt(max(0, square-float64(sum*sum)/rows))
	return Estimate{sum, sum - half, sum + half, frauds < MinCases}, nil
}

func (c Costs) check(alerts []bool, y, loss, weight []float64) error {
	if err := c.Validate(); err != nil {
		return fmt.Errorf("cannot measure savings: %w", err)
	}
	if err := checkAlerts("savings", alerts, y, weight); err != nil {
		return err
	}
	if loss == nil {
		return nil
	}
	return checkLoss("savings", loss, len(y))
}

func checkLoss(what string, loss []float64, n int) error {
	if len(loss) != n {
		return fmt.Errorf("cannot measure %s: %d losses and %d outcomes: want one loss per row", what, len(loss), n)
	}
	for i, l := range loss {
		if !(l >= 0) || math.IsInf(l, 0) {
			return fmt.Errorf("cannot measure %s: loss %v in row %d: want a finite amount >= 0; fill unknown losses with the average", what, l, i)
		}
	}
	return nil
}

// CostMatrix is the cost of each row by what was decided and what was true,
// parallel slices (Bahnsen, Aouada and Ottersten 2014).
type CostMatrix struct{ FP, FN, TP, TN []float64 }

// CostLoss is the sum of the costs of the decisions alerts.
func CostLoss(alerts []bool, y []float64, m CostMatrix) (float64, error) {
	if err := checkAlerts("the cost", alerts, y, nil); err != nil {
		return math.NaN(), err
	}
	for _, column := range [][]float64{m.FP, m.FN, m.TP, m.TN} {
		if len(column) != len(y) {
			return math.NaN(), fmt.Errorf("cannot measure the cost: a cost column of %d rows for %d outcomes: want one cost per row", len(column), len(y))
		}
		for i, v := range column {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return math.NaN(), fmt.Errorf("cannot measure the cost: cost %v in row %d: want a finite number", v, i)
			}
		}
	}
	sum := 0.0
	for i, alert := range alerts {
		switch {
		case alert && y[i] == 1:
			sum += m.TP[i]
		case alert:
			sum += m.FP[i]
		case y[i] == 1:
			sum += m.FN[i]
		default:
			sum += m.TN[i]
		}
	}
	return sum, nil
}

// SavingsScore (节省率) is 1 - cost / cost of the cheaper of alerting on all and
// on none (Bahnsen): 1 is free, 0 no better than the cheaper of the two. NaN
// when that baseline costs nothing.
func SavingsScore(alerts []bool, y []float64, m CostMatrix) (float64, error) {
	cost, err := CostLoss(alerts, y, m)
	if err != nil {
		return math.NaN(), err
	}
	all := make([]bool, len(y))
	none, err := CostLoss(all, y, m)
	if err != nil {
		return math.NaN(), err
	}
	for i := range all {
		all[i] = true
	}
	every, err := CostLoss(all, y, m)
	if err != nil {
		return math.NaN(), err
	}
	if base := min(none, every); base != 0 {
		return 1 - cost/base, nil
	}
	return math.NaN(), nil
}
