package golearn

import (
	"fmt"
	"math"
	"strings"
)

// ForestConfig is the settings of a forest, all of which change the model.
type ForestConfig struct {
	Trees int `yaml:"trees" json:"trees"`
	// FeaturesPerTree is how many columns each tree is offered; 0 means the
	// square root of their number, rounded up, but at least 3.
	FeaturesPerTree int   `yaml:"features_per_tree" json:"features_per_tree"`
	Bins            int   `yaml:"bins" json:"bins"`         // most quantile bins of a numeric column
	MaxRows         int   `yaml:"max_rows" json:"max_rows"` // more rows are refused, since golearn's time grows faster than they
	Seed            int64 `yaml:"seed" json:"seed"`
	// Leaves says what a leaf holds: [Shares] or [Votes].
	Leaves Leaves `yaml:"leaves" json:"leaves"`
}

// Leaves is what the leaves of an exported tree hold.
type Leaves string

// The contents of leaves.
const (
	// Shares is the share of frauds among the training rows in the leaf. Where
	// fraud is rare hardly any leaf votes for it, and only shares rank claims.
	Shares Leaves = "shares"
	// Votes is golearn's own answer: 1 where fraud has the majority, else 0.
	Votes Leaves = "votes"
)

// DefaultForestConfig returns the settings to start from: 20 trees on 32 bins
// with shares in their leaves, for at most 20000 rows.
func DefaultForestConfig() ForestConfig {
	return ForestConfig{Trees: 20, Bins: 32, MaxRows: 20000, Leaves: Shares}
}

// Validate returns nil, or one error that lists every fault with its name,
// value and bound.
func (c ForestConfig) Validate() error {
	var faults []string
	check := func(ok bool, name string, value int, want string) {
		if !ok {
			faults = append(faults, fmt.Sprintf("%s is %d, want %s", name, value, want))
		}
	}
	check(c.Trees >= 1, "trees", c.Trees, "at least 1")
	check(c.FeaturesPerTree == 0 || c.FeaturesPerTree >= 2, "features_per_tree", c.FeaturesPerTree, "0 or at least 2: golearn leaves the last column of a path unused")
	check(c.Bins >= 2 && c.Bins <= 1<<16, "bins", c.Bins, "2 to 65536")
	check(c.MaxRows >= 1, "max_rows", c.MaxRows, "at least 1")
	if c.Leaves != Shares && c.Leaves != Votes {
		faults = append(faults, fmt.Sprintf("leaves is %q, want shares or votes", c.Leaves))
	}
	if len(faults) == 0 {
		return nil
	}
	return fmt.Errorf("cannot use forest settings: %s", strings.Join(faults, "; "))
}

// featuresPerTree returns the number of columns of each tree, of columns in all.
func (c ForestConfig) featuresPerTree(columns int) int {
	if c.FeaturesPerTree > 0 {
		return c.FeaturesPerTree
	}
	return min(columns, max(3, int(math.Ceil(math.Sqrt(float64(columns))))))
}
