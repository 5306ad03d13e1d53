package forest

import (
	"fmt"
	"math"
)

// Validate checks everything that the walks rely on and returns the first
// fault, naming tree and node: equal lengths, features and children in range,
// each node and leaf reached exactly once (so no cycles), thresholds that are
// not NaN, finite leaf values, category sets in range and only on categorical
// features, counts that are not negative, unique feature names, and at least
// one tree for an average. Gains, weights and node values are information and
// may be any number.
func (f *Forest) Validate() error {
	if err := f.validateFeatures(); err != nil {
		return fmt.Errorf("cannot use forest: %w", err)
	}
	if f.Average && len(f.Trees) == 0 {
		return fmt.Errorf("cannot use forest: it averages its trees but has none")
	}
	for i := range f.Trees {
		if err := f.validateTree(&f.Trees[i]); err != nil {
			return fmt.Errorf("cannot use forest: tree %d: %w", i, err)
		}
	}
	return nil
}

func (f *Forest) validateFeatures() error {
	n := len(f.Features)
	if n > math.MaxInt32 {
		return fmt.Errorf("%d features, want at most %d", n, math.MaxInt32)
	}
	seen := make(map[string]int, n)
	for j, name := range f.Features {
		if name == "" {
			return fmt.Errorf("feature %d has no name", j)
		}
		if first, ok := seen[name]; ok {
			return fmt.Errorf("features %d and %d are both named %q", first, j, name)
		}
		seen[name] = j
	}
	if f.Categories != nil && len(f.Categories) != n {
		return fmt.Errorf("categories of %d features, want %d or nil", len(f.Categories), n)
	}
	if f.Min != nil && len(f.Min) != n {
		return fmt.Errorf("minima of %d features, want %d or nil", len(f.Min), n)
	}
	if f.Max != nil && len(f.Max) != n {
		return fmt.Errorf("maxima of %d features, want %d or nil", len(f.Max), n)
	}
	return nil
}

func (f *Forest) validateTree(t *Tree) error {
	if err := t.validateLengths(); err != nil {
		return err
	}
	if err := t.validateSets(); err != nil {
		return err
	}
	for n := range t.Feature {
		if err := f.validateNode(t, n); err != nil {
			return fmt.Errorf("node %d: %w", n, err)
		}
	}
	for l, v := range t.LeafValue {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("leaf %d: value %v is not finite", l, v)
		}
		if t.LeafCount[l] < 0 {
			return fmt.Errorf("leaf %d: count %d is negative", l, t.LeafCount[l])
		}
	}
	return t.validateShape()
}

func (t *Tree) validateLengths() error {
	n := len(t.Feature)
	if n >= math.MaxInt32 {
		return fmt.Errorf("%d nodes, want fewer than %d", n, math.MaxInt32)
	}
	for _, a := range [...]struct {
		name      string
		len, want int
	}{
		{"thresholds", len(t.Threshold), n},
		{"categorical marks", len(t.Categorical), n},
		{"default sides", len(t.DefaultLeft), n},
		{"kinds of missing value", len(t.Missing), n},
		{"left children", len(t.Left), n},
		{"right children", len(t.Right), n},
		{"gains", len(t.Gain), n},
		{"node values", len(t.NodeValue), n},
		{"node counts", len(t.NodeCount), n},
		{"node weights", len(t.NodeWeight), n},
		{"leaf values", len(t.LeafValue), n + 1},
		{"leaf counts", len(t.LeafCount), n + 1},
		{"leaf weights", len(t.LeafWeight), n + 1},
	} {
		if a.len != a.want {
			return fmt.Errorf("%d %s for %d nodes, want %d", a.len, a.name, n, a.want)
		}
	}
	return nil
}
