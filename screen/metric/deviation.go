package metric

import (
	"encoding/json"
	"fmt"
	"math"
)

// Deviation (偏差程度, Article 22) compares confirmed frauds with those that the
// probabilities expected. JSON writes null for NaN.
type Deviation struct {
	Observed  float64 // confirmed frauds
	Expected  float64 // sum of probabilities
	Ratio     float64 // Observed / Expected: below 1 the model expects too many
	Low, High float64 // exact Poisson interval of Observed, over Expected
	// Insufficient is set below MinCases expected frauds.
	Insufficient bool
}

// Off reports whether the interval excludes 1: the deviation is more than chance.
func (d Deviation) Off() bool { return d.Low > 1 || d.High < 1 }

// NewDeviation returns observed/expected with its exact Poisson interval of
// 95 %. NaN and Insufficient when expected is not above 0.
func NewDeviation(observed, expected float64) Deviation {
	d := Deviation{Observed: observed, Expected: expected, Ratio: math.NaN(), Low: math.NaN(), High: math.NaN(), Insufficient: true}
	if !(expected > 0) || !(observed >= 0) {
		return d
	}
	low, high := PoissonInterval(observed, Level)
	d.Ratio, d.Low, d.High = observed/expected, low/expected, high/expected
	d.Insufficient = expected < MinCases
	return d
}

// ObservedExpected sums outcomes and probabilities over concluded claims.
func ObservedExpected(p, y, weight []float64) (Deviation, error) {
	if err := checkProbabilities("the deviation", p, y, weight); err != nil {
		return NewDeviation(0, 0), err
	}
	var observed, expected float64
	for i, v := range p {
		w := weightAt(weight, i)
		observed += float64(w * y[i])
		expected += float64(w * v)
	}
	return NewDeviation(observed, expected), nil
}

// LocalDeviation is [ObservedExpected] of the rows next to a threshold: those
// whose rank lies within share (such as 0.1) of the number of alerts above or
// below the cut. It says whether the model is right where the decision falls.
// Rows of one probability that lie across the border count in proportion.
func LocalDeviation(p, y, weight []float64, threshold, share float64) (Deviation, error) {
	if err := checkProbabilities("the deviation at the threshold", p, y, weight); err != nil {
		return NewDeviation(0, 0), err
	}
	if !(share > 0 && share <= 1) {
		return NewDeviation(0, 0), fmt.Errorf("cannot measure the deviation at the threshold: share %v: want a number in (0, 1]", share)
	}
	r, err := Rank(p, y, weight)
	if err != nil {
		return NewDeviation(0, 0), err
	}
	alerts := 0.0
	for _, g := range r.groups {
		if g.score >= threshold {
			alerts += g.pos + g.neg
		}
	}
	var above, observed, expected float64
	for _, g := range r.groups {
		n := g.pos + g.neg
		low, high := max(above, float64((1-share)*alerts)), min(above+n, float64((1+share)*alerts))
		if high > low {
			part := (high - low) / n
			observed += float64(part * g.pos)
			expected += float64(float64(part*n) * g.score)
		}
		above += n
	}
	return NewDeviation(observed, expected), nil
}

// MarshalJSON writes observed, expected, ratio, low, high, off, insufficient.
func (d Deviation) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Observed     Optional `json:"observed"`
		Expected     Optional `json:"expected"`
		Ratio        Optional `json:"ratio"`
		Low          Optional `json:"low"`
		High         Optional `json:"high"`
		Off          bool     `json:"off"`
		Insufficient bool     `json:"insufficient"`
	}{Optional(d.Observed), Optional(d.Expected), Optional(d.Ratio), Optional(d.Low), Optional(d.High), d.Off(), d.Insufficient})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Deviation) UnmarshalJSON(text []byte) error {
	var v struct {
		Observed, Expected, Ratio, Low, High Optional
		Insufficient                         bool
	}
	v.Ratio, v.Low, v.High = nan, nan, nan
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	*d = Deviation{float64(v.Observed), float64(v.Expected), float64(v.Ratio), float64(v.Low), float64(v.High), v.Insufficient}
	return nil
}

// String writes a deviation for people with its interval and counts.
func (d Deviation) String() string {
	if math.IsNaN(d.Ratio) {
		return "insufficient"
	}
	if math.IsNaN(d.Low) || math.IsNaN(d.High) {
		return fmt.Sprintf("%.3f (%.5g observed, %.5g expected)", d.Ratio, d.Observed, d.Expected)
	}
	return fmt.Sprintf("%.3f [%.3f, %.3f] (%.5g observed, %.5g expected)", d.Ratio, d.Low, d.High, d.Observed, d.Expected)
}

// WithoutInterval is that of [Rate.WithoutInterval].
func (d Deviation) WithoutInterval(insufficient bool) Deviation {
	d.Low, d.High, d.Insufficient = math.NaN(), math.NaN(), insufficient
	return d
}
