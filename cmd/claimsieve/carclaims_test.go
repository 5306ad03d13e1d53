package main

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"
)

// carClaims imports the public file and returns dataset and registry folders.
func carClaims(t *testing.T) (data, reg string) {
	t.Helper()
	dir := t.TempDir()
	data, reg = filepath.Join(dir, "carclaims"), filepath.Join(dir, "registry")
	must(t, "data", "import", "carclaims", "--from", carClaimsCSV(t), "--out", data)
	return data, reg
}

// carSettings are the settings of the trees that were compared for the car
// claims, the one of the README first.
var carSettings = [][]string{
	{"learning_rate=0.03", "num_leaves=15", "min_data_in_leaf=50"},
	{"learning_rate=0.1"},
	{"learning_rate=0.05"},
	{"learning_rate=0.05", "num_leaves=7"},
	{"learning_rate=0.05", "num_leaves=7", "min_data_in_leaf=100"},
	{"learning_rate=0.05", "num_leaves=4", "min_data_in_leaf=100", "cat_smooth=50"},
	{"learning_rate=0.05", "num_leaves=7", "min_data_in_leaf=100", "lambda_l2=10", "cat_smooth=50", "cat_l2=50"},
}

// TestCarSettingsAreTheBestBefore1996 shows how the README's settings were
// chosen: by the mean AUC of three rolling folds that end before 1996, each
// judged on the quarter after the one that set the number of trees.
func TestCarSettingsAreTheBestBefore1996(t *testing.T) {
	data, reg := carClaims(t)
	folds := [][3]string{{"1995-01-01", "1995-04-01", "1995-07-01"}, {"1995-04-01", "1995-07-01", "1995-10-01"}, {"1995-07-01", "1995-10-01", "1996-01-01"}}
	best, chosen := 0.0, 0
	for i, settings := range carSettings {
		mean := 0.0
		for _, f := range folds {
			args := []string{"train", "--data", data, "--pipeline", "carclaims", "--name", "cars", "--registry", reg, "--unknown", "negative",
				"--average-loss", "2640", "--investigation-cost", "203", "--calibration", "identity", "--valid-from", f[0], "--calibrate-from", f[1], "--until", f[2]}
			for _, s := range settings {
				args = append(args, "--set", s)
			}
			var p publishedModel
			mustJSON(t, &p, args...)
			mean += p.Metrics.Calibrate.AUC.Value / float64(len(folds))
		}
		t.Logf("%.4f %v", mean, settings)
		if mean > best {
			best, chosen = mean, i
		}
	}
	if chosen != 0 {
		t.Errorf("the best settings before 1996 are %v, not the README's %v", carSettings[chosen], carSettings[0])
	}
}

// trainCars is the command of the README: fitted, validated, calibrated and
// given its threshold before 1996.
func trainCars(data, reg string, more ...string) []string {
	args := []string{"train", "--data", data, "--pipeline", "carclaims", "--name", "cars", "--registry", reg,
		"--valid-from", "1995-07-01", "--calibrate-from", "1995-10-01", "--until", "1996-01-01", "--unknown", "negative",
		"--average-loss", "2640", "--investigation-cost", "203"}
	for _, s := range carSettings[0] {
		args = append(args, "--set", s)
	}
	return append(args, more...)
}

var backtestCars = []string{"backtest", "cars", "--from", "1996-01-01", "--until", "1997-01-01", "--unknown", "negative",
	"--rule", "fault = Policy Holder and base_policy != Liability"}

// TestCarClaims runs the README's evaluation on real claims.
func TestCarClaims(t *testing.T) {
	data, reg := carClaims(t)
	must(t, trainCars(data, reg, "--promote")...)
	var r backtestResult
	mustJSON(t, &r, append(backtestCars, "--registry", reg, "--data", data)...)
	if auc := float64(r.Report.AUC.Value); auc < 0.755 {
		t.Errorf("AUC on 1996 is %.4f, want at least 0.755 with the raw columns", auc)
	}
	if got, want := r.Report.Threshold, 203.0/2640; math.Abs(got-want) > 1e-12 {
		t.Errorf("the threshold is %v; expected cost fixes it at %v before 1996", got, want)
	}
	c := r.Comparison
	if c.Other.TP != 196 || c.Other.Alerts() != 1812 || c.Savings.Second.Value != 149604 {
		t.Errorf("the two-condition rule has %v hits in %v alerts and saves %v; published are 196, 1812 and 149,604", c.Other.TP, c.Other.Alerts(), c.Savings.Second.Value)
	}
	if got, want := c.Savings.First.Value, 2640*c.Policy.TP-203*c.Policy.Alerts(); got != want {
		t.Errorf("savings are %v, want 2640 x hits - 203 x alerts = %v", got, want)
	}
	if r.NoOutcome != 0 || r.Report.Labels.Confirmed != 213 || r.Report.Labels.AssumedNegative != 3870 {
		t.Errorf("1996 has %+v and %d without outcome, want 213 and 3870", r.Report.Labels, r.NoOutcome)
	}
	t.Logf("1996: AUC %.4f, %v hits in %v alerts, savings %v; rule 149604; difference %s", float64(r.Report.AUC.Value), c.Policy.TP, c.Policy.Alerts(), c.Savings.First.Value, c.Savings)
}

// TestShuffledLabelsRankNothing: with permuted labels nothing but chance is
// left, so the mean AUC over seeds must be near 0.5.
func TestShuffledLabelsRankNothing(t *testing.T) {
	data, reg := carClaims(t)
	const seeds = 10
	sum := 0.0
	for seed := range seeds {
		var p publishedModel
		mustJSON(t, &p, trainCars(data, reg, "--shuffle-labels", "--calibration", "identity", "--seed", fmt.Sprint(seed+1))...)
		var r backtestResult
		mustJSON(t, &r, "backtest", "cars", fmt.Sprint(p.Version), "--registry", reg, "--data", data, "--from", "1996-01-01", "--until", "1997-01-01", "--unknown", "negative", "--replicates", "2")
		auc := float64(r.Report.AUC.Value)
		t.Logf("seed %d: AUC %.4f", seed+1, auc)
		sum += auc
	}
	if mean := sum / seeds; math.Abs(mean-0.5) > 0.04 {
		t.Errorf("the mean AUC on shuffled labels is %.4f, want 0.5 +- 0.04", mean)
	}
}

// TestThreadsAndRepetitionDoNotChangeTheBundle holds the digest still.
func TestThreadsAndRepetitionDoNotChangeTheBundle(t *testing.T) {
	data, reg := carClaims(t)
	digests := map[string]string{}
	for _, more := range [][]string{{"--threads", "1"}, {"--threads", "2"}, {"--threads", "2"}} {
		var p publishedModel
		mustJSON(t, &p, trainCars(data, reg, append(more, "--set", "feature_fraction=0.7", "--set", "bagging_fraction=0.8", "--set", "bagging_freq=1")...)...)
		digests[p.Digest] = fmt.Sprint(more)
	}
	if len(digests) != 1 {
		t.Errorf("the same data, settings and seed gave %d bundles: %v", len(digests), digests)
	}
	var p publishedModel
	mustJSON(t, &p, trainCars(data, reg, "--seed", "2", "--set", "bagging_fraction=0.8", "--set", "bagging_freq=1")...)
	if digests[p.Digest] != "" {
		t.Error("another seed gave the same bundle")
	}
}
