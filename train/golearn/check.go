package golearn

import (
	"fmt"
	"math"

	"claimsieve/features"
)

// check returns the first fault of the samples.
func check(cfg ForestConfig, x *features.Matrix, y []float64) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("cannot train a golearn forest: %s", fmt.Sprintf(format, args...))
	}
	if x == nil || len(x.Columns) < 2 {
		return fail("golearn needs at least 2 columns")
	}
	n := x.Rows()
	switch {
	case n == 0:
		return fail("there is no row")
	case n > cfg.MaxRows:
		return fail("%d rows, golearn is too slow beyond max_rows = %d: draw a sample, or train with gbdt", n, cfg.MaxRows)
	case len(x.Names) != len(x.Columns):
		return fail("%d names for %d columns", len(x.Names), len(x.Columns))
	case x.Categories != nil && len(x.Categories) != len(x.Columns):
		return fail("categories of %d columns, want %d or nil", len(x.Categories), len(x.Columns))
	case cfg.FeaturesPerTree > len(x.Columns):
		return fail("features_per_tree is %d, want at most the %d columns", cfg.FeaturesPerTree, len(x.Columns))
	case len(y) != n:
		return fail("%d outcomes for %d rows", len(y), n)
	}
	var rows [2]int
	for i, v := range y {
		if v != 0 && v != 1 {
			return fail("row %d has outcome %v, want 0 or 1: leave rows of unknown outcome out", i, v)
		}
		rows[int(v)]++
	}
	if rows[0] == 0 || rows[1] == 0 {
		return fail("%d rows have outcome 0 and %d outcome 1: both outcomes are needed", rows[0], rows[1])
	}
	return checkColumns(x, fail)
}

func checkColumns(x *features.Matrix, fail func(format string, args ...any) error) error {
	seen := make(map[string]int, len(x.Names))
	for j, name := range x.Names {
		if first, ok := seen[name]; ok {
			return fail("columns %d and %d are both named %q: rename one", first, j, name)
		}
		seen[name] = j
		if len(x.Columns[j]) != x.Rows() {
			return fail("column %q has %d rows, column %q has %d", name, len(x.Columns[j]), x.Names[0], x.Rows())
		}
		words := categories(x, j)
		if words == nil {
			continue
		}
		for i, v := range x.Columns[j] {
			if !math.IsNaN(v) && !(v >= 0 && v < float64(len(words)) && v == math.Trunc(v)) {
				return fail("row %d of column %q holds %v, want NaN or a whole code from 0 to %d", i, name, v, len(words)-1)
			}
		}
	}
	return nil
}
