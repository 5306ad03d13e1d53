package gbdt

import (
	"fmt"
	"math"
	"slices"

	"claimsieve/features"
)

// maxRows keeps the rounding of gradients far below what matters; see [Fit].
const maxRows = 1 << 26

// maxWeight keeps sums of weights finite.
const maxWeight = 1e30

// Samples are vectors with their outcomes. They are read, never changed.
type Samples struct {
	X *features.Matrix
	Y []float64 // outcome of each row, 0 or 1
	// Weight of each row, from 0 to 1e30; nil means 1 for all. A row of
	// weight 0 still counts as a row for min_data_in_leaf and the bins.
	Weight []float64
}

func (s Samples) weight(i int) float64 {
	if s.Weight == nil {
		return 1
	}
	return s.Weight[i]
}

// check returns the first fault of s. what names the samples in its text.
func (s Samples) check(what string) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("cannot use %s samples: %s", what, fmt.Sprintf(format, args...))
	}
	if s.X == nil || len(s.X.Columns) == 0 {
		return fail("there is no column")
	}
	n := s.X.Rows()
	switch {
	case n == 0:
		return fail("there is no row")
	case n >= maxRows:
		return fail("%d rows, want fewer than %d: draw a sample", n, maxRows)
	case len(s.X.Names) != len(s.X.Columns):
		return fail("%d names for %d columns", len(s.X.Names), len(s.X.Columns))
	case s.X.Categories != nil && len(s.X.Categories) != len(s.X.Columns):
		return fail("categories of %d columns, want %d or nil", len(s.X.Categories), len(s.X.Columns))
	case len(s.Y) != n:
		return fail("%d outcomes for %d rows", len(s.Y), n)
	case s.Weight != nil && len(s.Weight) != n:
		return fail("%d weights for %d rows", len(s.Weight), n)
	}
	seen := make(map[string]int, len(s.X.Names))
	for j, name := range s.X.Names {
		if first, ok := seen[name]; ok {
			return fail("columns %d and %d are both named %q: rename one", first, j, name)
		}
		seen[name] = j
		if len(s.X.Columns[j]) != n {
			return fail("column %q has %d rows, column %q has %d", name, len(s.X.Columns[j]), s.X.Names[0], n)
		}
		if words := categories(s.X, j); words != nil {
			if i := badCode(s.X.Columns[j], len(words)); i >= 0 {
				return fail("row %d of column %q holds %v, want NaN or a whole code from 0 to %d", i, name, s.X.Columns[j][i], len(words)-1)
			}
		}
	}
	for i, y := range s.Y {
		if y != 0 && y != 1 {
			return fail("row %d has outcome %v, want 0 or 1: leave rows of unknown outcome out", i, y)
		}
		if w := s.weight(i); !(w >= 0 && w <= maxWeight) {
			return fail("row %d has weight %v, want a number from 0 to %v", i, w, maxWeight)
		}
	}
	return nil
}

// badCode returns the first row that holds neither NaN nor a code below words, or -1.
func badCode(column []float64, words int) int {
	return slices.IndexFunc(column, func(v float64) bool {
		return !math.IsNaN(v) && !(v >= 0 && v < float64(words) && v == math.Trunc(v))
	})
}

// checkClasses refuses samples in which one outcome has no weight.
func (s Samples) checkClasses(what string) error {
	var with [2]bool
	for i, y := range s.Y {
		if s.weight(i) > 0 {
			with[int(y)] = true
		}
	}
	for y, ok := range with {
		if !ok {
			return fmt.Errorf("cannot use %s samples: no row of positive weight has outcome %d: both outcomes are needed", what, y)
		}
	}
	return nil
}

// checkLike refuses validation samples whose columns are not those of training.
func (s Samples) checkLike(train Samples) error {
	if !slices.Equal(s.X.Names, train.X.Names) {
		return fmt.Errorf("cannot use validation samples: their columns %q are not those of training %q", s.X.Names, train.X.Names)
	}
	for j, name := range s.X.Names {
		a, b := categories(s.X, j), categories(train.X, j)
		if (a == nil) != (b == nil) || !slices.Equal(a, b) {
			return fmt.Errorf("cannot use validation samples: the words of column %q are not those of training", name)
		}
	}
	return nil
}

// categories returns the words of column j, nil when it is numeric.
func categories(x *features.Matrix, j int) []string {
	if x.Categories == nil {
		return nil
	}
	return x.Categories[j]
}

// checkMonotone refuses constraints that do not fit the columns.
func checkMonotone(constraints []int, x *features.Matrix) error {
	if len(constraints) == 0 {
		return nil
	}
	if len(constraints) != len(x.Columns) {
		return fmt.Errorf("cannot use training settings: monotone_constraints has %d numbers, want one for each of %d columns", len(constraints), len(x.Columns))
	}
	for j, m := range constraints {
		if m != 0 && categories(x, j) != nil {
			return fmt.Errorf("cannot use training settings: monotone_constraints[%d] is %d, want 0: column %q is categorical", j, m, x.Names[j])
		}
	}
	return nil
}
