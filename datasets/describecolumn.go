package datasets

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets/identifier"
)

const (
	distinctBound = 100_000 // values told apart before counting ends
	topValues     = 8
)

// endOfTime is after every instant but the last.
const endOfTime int64 = math.MaxInt64

// summary collects what a column holds.
type summary struct {
	out    *ColumnDescription
	counts map[string]int
	sum    float64
	n      int
	ints   *[2]int64
	floats *[2]float64
}

func describeColumn(t *Table, col *ColumnSpec) (*ColumnDescription, error) {
	s := &summary{out: &ColumnDescription{
		Name: col.Name, Type: col.Type, Stage: col.FromStage(), Role: col.Role, Class: col.Class, Title: col.Title,
	}, counts: map[string]int{}}
	chunks, err := t.arrays(col.Name)
	if err != nil {
		return nil, err
	}
	for _, a := range chunks {
		if err := s.add(a); err != nil {
			return nil, fmt.Errorf("column %q of table %q: %w", col.Name, t.name, err)
		}
	}
	s.finish(col)
	return s.out, nil
}

func (s *summary) add(a arrow.Array) error {
	s.out.Nulls += a.NullN()
	var value func(i int)
	switch a := a.(type) {
	case *array.String:
		value = func(i int) { s.count(a.Value(i)) }
	case *array.Dictionary:
		words, ok := a.Dictionary().(*array.String)
		if !ok {
			return fmt.Errorf("it holds %s", a.DataType())
		}
		value = func(i int) { s.count(words.Value(a.GetValueIndex(i))) }
	case *array.Boolean:
		value = func(i int) { s.count(strconv.FormatBool(a.Value(i))) }
	case *array.Int64:
		value = func(i int) { s.int(a.Value(i)) }
	case *array.Timestamp:
		value = func(i int) { s.int(int64(a.Value(i))) }
	case *array.Date32:
		value = func(i int) { s.int(int64(a.Value(i)) * microsPerDay) }
	case *array.Float64:
		value = func(i int) { s.float(a.Value(i)) }
	default:
		return fmt.Errorf("it holds %s", a.DataType())
	}
	for i := range a.Len() {
		if a.IsValid(i) {
			value(i)
		}
	}
	return nil
}

// count counts a value as long as the bound on different values allows it.
func (s *summary) count(word string) {
	if n, ok := s.counts[word]; ok || len(s.counts) < distinctBound {
		s.counts[word] = n + 1
	} else {
		s.out.More = true
	}
}

func (s *summary) int(x int64) {
	if s.ints == nil {
		s.ints = &[2]int64{x, x}
	}
	s.ints[0], s.ints[1] = min(s.ints[0], x), max(s.ints[1], x)
	s.sum += float64(x)
	s.n++
	s.count(strconv.FormatInt(x, 10))
}

func (s *summary) float(x float64) {
	if math.IsNaN(x) {
		s.out.NaNs++
		return
	}
	if s.floats == nil {
		s.floats = &[2]float64{x, x}
	}
	s.floats[0], s.floats[1] = min(s.floats[0], x), max(s.floats[1], x)
	s.sum += x
	s.n++
	s.count(strconv.FormatFloat(x, 'g', -1, 64))
}

// finish writes what may be shown of the values.
func (s *summary) finish(col *ColumnSpec) {
	s.out.Distinct = len(s.counts)
	if _, identifies := identifier.ByRole(col.Role); identifies || col.Class == Sensitive {
		return
	}
	switch col.Type {
	case Category, Bool:
		s.out.Top = topOf(s.counts)
	case Int, Float:
		if mean := s.sum / float64(s.n); s.n > 0 && !math.IsInf(mean, 0) && !math.IsNaN(mean) {
			s.out.Mean = &mean
		}
	}
	switch {
	case s.floats != nil:
		s.out.Min, s.out.Max = strconv.FormatFloat(s.floats[0], 'g', -1, 64), strconv.FormatFloat(s.floats[1], 'g', -1, 64)
	case s.ints != nil && col.Type == Int:
		s.out.Min, s.out.Max = strconv.FormatInt(s.ints[0], 10), strconv.FormatInt(s.ints[1], 10)
	case s.ints != nil:
		s.out.Min, s.out.Max = showInstant(s.ints[0]), showInstant(s.ints[1])
	}
}

func topOf(counts map[string]int) []ValueCount {
	all := make([]ValueCount, 0, len(counts))
	for v, n := range counts {
		all = append(all, ValueCount{v, n})
	}
	slices.SortFunc(all, func(a, b ValueCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return slices.Clone(all[:min(len(all), topValues)])
}
