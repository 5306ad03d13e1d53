package metric

import (
	"encoding/json"
	"math"
)

// Optional is a float64 whose JSON is null when it is NaN or infinite, because
// JSON has no such numbers. Reading null gives NaN.
type Optional float64

// MarshalJSON writes the number, or null when it is NaN or infinite.
func (o Optional) MarshalJSON() ([]byte, error) {
	v := float64(o)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(v)
}

// UnmarshalJSON reads a number, or NaN from null.
func (o *Optional) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*o = Optional(math.NaN())
		return nil
	}
	return json.Unmarshal(text, (*float64)(o))
}

type rateJSON struct {
	Numerator    Optional `json:"numerator"`
	Denominator  Optional `json:"denominator"`
	Value        Optional `json:"value"`
	Low          Optional `json:"low"`
	High         Optional `json:"high"`
	Insufficient bool     `json:"insufficient"`
}

// MarshalJSON writes numerator, denominator, value, low, high, insufficient.
func (r Rate) MarshalJSON() ([]byte, error) {
	return json.Marshal(rateJSON{Optional(r.Numerator), Optional(r.Denominator), Optional(r.Value), Optional(r.Low), Optional(r.High), r.Insufficient})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Rate) UnmarshalJSON(text []byte) error {
	v := rateJSON{Value: nan, Low: nan, High: nan}
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	*r = Rate{float64(v.Numerator), float64(v.Denominator), float64(v.Value), float64(v.Low), float64(v.High), v.Insufficient}
	return nil
}

var nan = Optional(math.NaN())

type estimateJSON struct {
	Value        Optional `json:"value"`
	Low          Optional `json:"low"`
	High         Optional `json:"high"`
	Insufficient bool     `json:"insufficient"`
}

// MarshalJSON writes value, low, high, insufficient.
func (e Estimate) MarshalJSON() ([]byte, error) {
	return json.Marshal(estimateJSON{Optional(e.Value), Optional(e.Low), Optional(e.High), e.Insufficient})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (e *Estimate) UnmarshalJSON(text []byte) error {
	v := estimateJSON{Value: nan, Low: nan, High: nan}
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	*e = Estimate{float64(v.Value), float64(v.Low), float64(v.High), v.Insufficient}
	return nil
}
