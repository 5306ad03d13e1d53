package models

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// digitsKept is how many significant digits of a statistic are stored.
const digitsKept = 12

// roundNumbers writes JSON anew, indented, with every number that is not a
// whole one rounded to digitsKept significant digits. Members of objects are
// sorted by name.
func roundNumbers(data []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	v, err := roundValue(v)
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(v, "", " ")
}

func roundValue(v any) (_ any, err error) {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			if v[name], err = roundValue(v[name]); err != nil {
				return nil, err
			}
		}
	case []any:
		for i := range v {
			if v[i], err = roundValue(v[i]); err != nil {
				return nil, err
			}
		}
	case json.Number:
		if _, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return v, nil
		}
		x, err := v.Float64()
		if err != nil {
			return nil, fmt.Errorf("cannot round %s: %w", v, err)
		}
		return json.Number(strconv.FormatFloat(x, 'g', digitsKept, 64)), nil
	}
	return v, nil
}
