package gbdt

import (
	"fmt"
	"math"
	"strings"
)

// Bounds of settings that the memory layout imposes.
const (
	maxLeaves = 1 << 17
	maxBins   = 1<<16 - 2 // a bin number fits 16 bits, one of them is kept for NaN
)

// faults collects what is wrong with a Config.
type faults []string

func (f *faults) add(ok bool, name string, value any, want string) {
	if !ok {
		*f = append(*f, fmt.Sprintf("%s is %v, want %s", name, value, want))
	}
}

func (f *faults) atLeast(name string, value, bound int) {
	f.add(value >= bound, name, value, fmt.Sprintf("at least %d", bound))
}

// notNegative refuses NaN and infinity too: NaN fails every comparison.
func (f *faults) notNegative(name string, value float64) {
	f.add(value >= 0 && value <= math.MaxFloat64, name, value, "a finite number of at least 0")
}

func (f *faults) positive(name string, value float64) {
	f.add(value > 0 && value <= math.MaxFloat64, name, value, "a finite number above 0")
}

func (f *faults) share(name string, value float64) {
	f.add(value > 0 && value <= 1, name, value, "a share above 0 and at most 1")
}

// Validate returns nil, or one error that lists every fault with its name,
// value and bound.
func (c Config) Validate() error {
	var f faults
	f.atLeast("num_iterations", c.NumIterations, 1)
	f.positive("learning_rate", c.LearningRate)
	f.add(c.NumLeaves >= 2 && c.NumLeaves <= maxLeaves, "num_leaves", c.NumLeaves, fmt.Sprintf("2 to %d", maxLeaves))
	f.add(c.MaxDepth >= -1, "max_depth", c.MaxDepth, "-1 for no limit, or a number of splits")
	f.atLeast("min_data_in_leaf", c.MinDataInLeaf, 0)
	f.notNegative("min_sum_hessian_in_leaf", c.MinSumHessianInLeaf)
	f.notNegative("lambda_l1", c.LambdaL1)
	f.notNegative("lambda_l2", c.LambdaL2)
	f.notNegative("min_gain_to_split", c.MinGainToSplit)
	f.add(c.MaxBin >= 2 && c.MaxBin <= maxBins, "max_bin", c.MaxBin, fmt.Sprintf("2 to %d", maxBins))
	f.atLeast("min_data_in_bin", c.MinDataInBin, 1)
	f.share("feature_fraction", c.FeatureFraction)
	f.share("bagging_fraction", c.BaggingFraction)
	f.atLeast("bagging_freq", c.BaggingFreq, 0)
	if c.BaggingFraction < 1 && c.BaggingFreq == 0 {
		f.add(false, "bagging_freq", 0, fmt.Sprintf("at least 1 for bagging_fraction %v to have an effect", c.BaggingFraction))
	}
	f.atLeast("early_stopping_round", c.EarlyStoppingRound, 0)
	f.add(c.Metric == MetricLogLoss || c.Metric == MetricAUC, "metric", fmt.Sprintf("%q", c.Metric), fmt.Sprintf("%s or %s", MetricLogLoss, MetricAUC))
	f.notNegative("cat_smooth", c.CatSmooth)
	f.notNegative("cat_l2", c.CatL2)
	f.atLeast("max_cat_threshold", c.MaxCatThreshold, 1)
	f.atLeast("max_cat_to_onehot", c.MaxCatToOnehot, 1)
	f.atLeast("min_data_per_group", c.MinDataPerGroup, 1)
	f.add(c.ScalePosWeight > 0 && c.ScalePosWeight <= maxWeight, "scale_pos_weight", c.ScalePosWeight, fmt.Sprintf("a number above 0 and at most %v", maxWeight))
	for j, m := range c.MonotoneConstraints {
		f.add(m >= -1 && m <= 1, fmt.Sprintf("monotone_constraints[%d]", j), m, "-1, 0 or 1")
	}
	if len(f) == 0 {
		return nil
	}
	return fmt.Errorf("cannot use training settings: %s", strings.Join(f, "; "))
}
