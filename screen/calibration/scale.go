package calibration

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"
)

// Steps is the highest score.
const Steps = 1000

// Scale turns a margin (or probability) into a score of 0-1000: the share, in
// thousandths rounded down, of a reference population that lies strictly below.
// Score 990 is above 99 % of the reference claims, in every version of a model
// whose scale was fitted on the same population. Claims that are equal score
// equal, and the claims of the lowest value score 0.
type Scale struct {
	Format int `json:"format"`
	// Of says what is ranked: "margin" or "probability".
	Of string `json:"of"`
	// Rows is the weight of the reference population.
	Rows float64 `json:"rows"`
	// Cuts[k-1] is the smallest reference value with at least k thousandths of
	// the population at or below it: 1000 never-falling numbers, the last one
	// being the largest value. The score of v is the number of cuts below v.
	Cuts []float64 `json:"cuts"`
}

// FitScale builds the table of a reference population, in any order. of is
// "margin" or "probability"; weight is nil for one each.
func FitScale(of string, values, weight []float64) (*Scale, error) {
	if weight != nil && len(weight) != len(values) {
		return nil, fmt.Errorf("cannot fit a score scale: %d weights and %d values: want one weight per row, or nil", len(weight), len(values))
	}
	type row struct{ value, weight float64 }
	rows := make([]row, 0, len(values))
	for i, v := range values {
		w := weightAt(weight, i)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("cannot fit a score scale: value %v in row %d: want a finite number", v, i)
		}
		if !(w >= 0) || math.IsInf(w, 0) {
			return nil, fmt.Errorf("cannot fit a score scale: weight %v in row %d: want a finite number >= 0", w, i)
		}
		if w > 0 {
			rows = append(rows, row{v + 0, w})
		}
	}
	if len(rows) == 0 {
		return nil, errors.New("cannot fit a score scale: the reference population has no rows")
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.weight, b.weight))
	})
	s := &Scale{Format: FormatVersion, Of: of}
	for _, r := range rows {
		s.Rows += r.weight
	}
	passed := 0.0
	for _, r := range rows {
		passed += r.weight
		for len(s.Cuts) < Steps && float64(passed*Steps) >= float64(s.Rows*float64(len(s.Cuts)+1)) {
			s.Cuts = append(s.Cuts, r.value)
		}
	}
	return s, s.Validate()
}

// Score returns the number of cuts below v: 0 to 1000, never falling in v. NaN
// has no score: -1.
func (s *Scale) Score(v float64) int {
	if math.IsNaN(v) {
		return -1
	}
	return sort.SearchFloat64s(s.Cuts, v)
}

// Validate lists every fault at once.
func (s *Scale) Validate() error {
	var faults []error
	if s.Format != FormatVersion {
		faults = append(faults, fmt.Errorf("format %d: this program reads %d", s.Format, FormatVersion))
	}
	if s.Of != "margin" && s.Of != "probability" {
		faults = append(faults, fmt.Errorf("of %q: want margin or probability", s.Of))
	}
	if !(s.Rows > 0) || math.IsInf(s.Rows, 0) {
		faults = append(faults, fmt.Errorf("rows %v: want a finite number above 0", s.Rows))
	}
	if len(s.Cuts) != Steps {
		faults = append(faults, fmt.Errorf("%d cuts: want %d", len(s.Cuts), Steps))
	}
	for i, c := range s.Cuts {
		if math.IsNaN(c) || math.IsInf(c, 0) || i > 0 && c < s.Cuts[i-1] {
			faults = append(faults, fmt.Errorf("cut %d is %v: want finite numbers that never fall", i, c))
			break
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("cannot use score scale: %w", errors.Join(faults...))
	}
	return nil
}

// ParseScale reads and validates a scale's JSON. Unknown fields are refused.
func ParseScale(text []byte) (*Scale, error) {
	s := &Scale{}
	if err := strict(text, s); err != nil {
		return nil, fmt.Errorf("cannot read score scale: %w", err)
	}
	return s, s.Validate()
}

// strict reads one JSON document without unknown fields or anything behind it.
func strict(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more behind the document")
	}
	return nil
}
