package audit

import (
	"encoding/json"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"

	"claimsieve/screen/metric"
)

// Estimate is a number that may not be identified: then Value, Low and High are
// NaN (null in JSON) and Reason says why. The zero value is not identified.
type Estimate struct {
	Identified   bool
	Reason       string  // why not, or a caution
	Value        float64 // NaN also when identified but 0/0
	Low, High    float64 // interval of 95 %
	Cases        float64 // concluded claims it rests on
	Insufficient bool    // Cases below metric.MinCases, or no value
}

// NotIdentified returns the estimate that is none, for a reason.
func NotIdentified(reason string) Estimate {
	return Estimate{Reason: reason, Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Insufficient: true}
}

type estimateJSON struct {
	Identified   bool            `json:"identified"`
	Reason       string          `json:"reason,omitempty"`
	Value        metric.Optional `json:"value"`
	Low          metric.Optional `json:"low"`
	High         metric.Optional `json:"high"`
	Cases        metric.Optional `json:"cases"`
	Insufficient bool            `json:"insufficient"`
}

// MarshalJSON writes identified, reason, value, low, high, cases, insufficient.
func (e Estimate) MarshalJSON() ([]byte, error) {
	w := estimateJSON{e.Identified, e.Reason, metric.Optional(e.Value), metric.Optional(e.Low), metric.Optional(e.High), metric.Optional(e.Cases), e.Insufficient}
	if !e.Identified {
		w.Value, w.Low, w.High = metric.Optional(math.NaN()), metric.Optional(math.NaN()), metric.Optional(math.NaN())
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (e *Estimate) UnmarshalJSON(text []byte) error {
	w := estimateJSON{Value: metric.Optional(math.NaN()), Low: metric.Optional(math.NaN()), High: metric.Optional(math.NaN())}
	if err := json.Unmarshal(text, &w); err != nil {
		return err
	}
	*e = Estimate{w.Identified, w.Reason, float64(w.Value), float64(w.Low), float64(w.High), float64(w.Cases), w.Insufficient}
	return nil
}

// String writes the estimate for people.
func (e Estimate) String() string {
	if !e.Identified {
		return "not identified: " + e.Reason
	}
	return fmt.Sprintf("%.4g [%.4g, %.4g] (%g cases)", e.Value, e.Low, e.High, e.Cases)
}

// finish marks an estimate whose interval is set.
func finish(value, low, high, cases float64) Estimate {
	return Estimate{Identified: true, Value: value, Low: low, High: high, Cases: cases, Insufficient: cases < metric.MinCases || math.IsNaN(value)}
}

// total is an estimated number of claims with its interval.
type total struct{ value, low, high float64 }

// plus adds independent totals; the interval recovers the variances from the
// parts' own limits (Zou and Donner 2008).
func (a total) plus(b total) total {
	v := a.value + b.value
	return total{v, v - math.Hypot(a.value-a.low, b.value-b.low), v + math.Hypot(a.high-a.value, b.high-b.value)}
}

// of is a/(a+b) for independent totals, from the interval of ln(b/a) by the
// same recovery of variances; where one of them is 0 from the far limits.
func (a total) of(b total) (value, low, high float64) {
	value = a.value / (a.value + b.value)
	switch {
	case math.IsNaN(value):
		return value, math.NaN(), math.NaN()
	case a.value == 0:
		return value, 0, share(a.high, b.low)
	case b.value == 0:
		return value, share(a.low, b.high), 1
	}
	ratio := math.Log(b.value / a.value)
	up := math.Hypot(math.Log(b.high/b.value), math.Log(a.value/a.low))
	down := math.Hypot(math.Log(b.value/b.low), math.Log(a.high/a.value))
	return value, 1 / (1 + math.Exp(ratio+up)), 1 / (1 + math.Exp(ratio-down))
}

// share is a/(a+b), 0 when a is 0.
func share(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return a / (a + b)
}

// gammaInterval is the interval of a sum of weights with the given variance
// (Fay and Feuer 1997). next and nextVariance are what one more case of the
// largest weight would add; they carry the upper limit when nothing was found.
func gammaInterval(sum, variance, next, nextVariance, level float64) (low, high float64) {
	tail := (1 - level) / 2
	low, high = sum, sum+next
	if sum > 0 && variance > 0 {
		low = variance / sum * mathext.GammaIncRegInv(sum*sum/variance, tail)
	}
	if v := variance + nextVariance; v > 0 && high > 0 {
		high = v / high * mathext.GammaIncRegInv(high*high/v, 1-tail)
	}
	return low, high
}
