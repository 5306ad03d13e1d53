package calibration

import (
	"errors"
	"fmt"
	"math"
)

// Parse reads and validates calibration.json. Unknown fields are refused.
func Parse(text []byte) (*Calibrator, error) {
	c := &Calibrator{}
	if err := strict(text, c); err != nil {
		return nil, fmt.Errorf("cannot read calibration: %w", err)
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return c, nil
}

// Validate lists every fault at once. A valid calibrator never falls in the
// margin and gives no NaN for a finite one.
func (c *Calibrator) Validate() error {
	var faults []error
	fault := func(format string, a ...any) { faults = append(faults, fmt.Errorf(format, a...)) }
	if c.Format != FormatVersion {
		fault("format %d: this program reads %d", c.Format, FormatVersion)
	}
	for _, v := range [...]struct {
		name  string
		value float64
	}{{"slope", c.Slope}, {"intercept", c.Intercept}, {"a", c.A}, {"b", c.B}, {"rows", c.Rows}, {"positives", c.Positives}} {
		if math.IsNaN(v.value) || math.Abs(v.value) > 1e100 {
			fault("%s %v: want a finite number", v.name, v.value)
		}
	}
	if c.Rows < 0 || c.Positives < 0 || c.Positives > c.Rows {
		fault("rows %v, positives %v: want 0 <= positives <= rows", c.Rows, c.Positives)
	}
	switch c.Method {
	case Identity:
		if c.Slope != 1 || c.Intercept != 0 {
			fault("slope %v, intercept %v: identity has 1 and 0", c.Slope, c.Intercept)
		}
	case Intercept:
		if c.Slope != 1 {
			fault("slope %v: intercept calibration has 1", c.Slope)
		}
	case Platt:
		if c.Slope < 0 {
			fault("slope %v: want >= 0, a probability must not fall in the margin", c.Slope)
		}
	case Beta:
		if c.A < 0 || c.B < 0 {
			fault("a %v, b %v: want both >= 0, a probability must not fall in the margin", c.A, c.B)
		}
	case Isotonic:
		faults = append(faults, c.checkKnots()...)
	default:
		fault("method %q: want identity, intercept, platt, beta or isotonic", c.Method)
	}
	if c.Method != Isotonic && (len(c.Margins) > 0 || len(c.Probabilities) > 0) {
		fault("knots in method %q: only isotonic has them", c.Method)
	}
	if len(faults) > 0 {
		return fmt.Errorf("cannot use calibration: %w", errors.Join(faults...))
	}
	return nil
}

// checkKnots names the first knot that is out of order or out of range.
func (c *Calibrator) checkKnots() []error {
	if len(c.Margins) == 0 || len(c.Margins) != len(c.Probabilities) {
		return []error{fmt.Errorf("%d margins and %d probabilities: want as many of each, at least one", len(c.Margins), len(c.Probabilities))}
	}
	for i, m := range c.Margins {
		p := c.Probabilities[i]
		switch {
		case math.IsNaN(m) || math.IsInf(m, 0):
			return []error{fmt.Errorf("margin %v of knot %d: want a finite number", m, i)}
		case !(p > 0 && p < 1):
			return []error{fmt.Errorf("probability %v of knot %d: want a number in (0, 1)", p, i)}
		case i > 0 && m <= c.Margins[i-1]:
			return []error{fmt.Errorf("margin %v of knot %d is not above %v: want rising margins", m, i, c.Margins[i-1])}
		case i > 0 && p < c.Probabilities[i-1]:
			return []error{fmt.Errorf("probability %v of knot %d is below %v: want probabilities that never fall", p, i, c.Probabilities[i-1])}
		}
	}
	return nil
}
