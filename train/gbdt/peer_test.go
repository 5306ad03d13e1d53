package gbdt

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"claimsieve/features"
	"claimsieve/internal/testenv"
)

func writeCSV(t *testing.T, path string, s Samples) {
	t.Helper()
	var b []byte
	for i, y := range s.Y {
		b = strconv.AppendFloat(b, y, 'g', -1, 64)
		for _, c := range s.X.Columns {
			b = append(b, ',')
			if !math.IsNaN(c[i]) {
				b = strconv.AppendFloat(b, c[i], 'g', -1, 64)
			}
		}
		b = append(b, '\n')
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// lightGBM returns LightGBM's log-odds of the training and the test rows under
// the same settings.
func lightGBM(t *testing.T, cfg Config, train, test Samples) (onTrain, onTest []float64) {
	t.Helper()
	dir := t.TempDir()
	files := []string{filepath.Join(dir, "train.csv"), filepath.Join(dir, "test.csv"), filepath.Join(dir, "out.csv")}
	writeCSV(t, files[0], train)
	writeCSV(t, files[1], test)
	var categorical []string
	for j := range train.X.Columns {
		if categories(train.X, j) != nil {
			categorical = append(categorical, strconv.Itoa(j))
		}
	}
	if categorical == nil {
		categorical = []string{"-"}
	}
	raw, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var params map[string]any
	if err := json.Unmarshal(raw, &params); err != nil {
		t.Fatal(err)
	}
	params["objective"], params["num_threads"], params["verbose"] = "binary", 1, -1
	if raw, err = json.Marshal(params); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), testenv.Python(t), filepath.Join("testdata", "lightgbm_peer.py"),
		files[0], files[1], strings.Join(categorical, ","), string(raw), files[2])
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("lightgbm_peer.py: %v\n%s", err, out)
	}
	text, err := os.ReadFile(files[2])
	if err != nil {
		t.Fatal(err)
	}
	var all []float64
	for _, w := range strings.Fields(string(text)) {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all[:len(train.Y)], all[len(train.Y):]
}

// TestQualityOfLightGBM holds us to LightGBM's quality on unseen rows.
func TestQualityOfLightGBM(t *testing.T) {
	for _, c := range []struct {
		name        string
		train, test func() Samples
		change      func(*Config)
	}{
		{"public", func() Samples { return public(t, "binary.train") }, func() Samples { return public(t, "binary.test") }, func(*Config) {}},
		{"simulated", func() Samples { return simulated(1, 6000) }, func() Samples { return simulated(2, 4000) }, func(*Config) {}},
		{"regularised", func() Samples { return simulated(1, 6000) }, func() Samples { return simulated(2, 4000) }, func(c *Config) {
			c.LambdaL1, c.LambdaL2, c.MaxDepth, c.MinGainToSplit, c.ScalePosWeight = 0.5, 3, 4, 0.1, 2
			c.MonotoneConstraints = []int{1, 0, 0, 0, 0, 0, 0}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			train, test := c.train(), c.test()
			cfg := DefaultConfig()
			c.change(&cfg)
			_, theirs := lightGBM(t, cfg, train, test)
			ours := scores(fit(t, cfg, train), test.X)
			auc, loss := quality(ours, test.Y)
			theirAUC, theirLoss := quality(theirs, test.Y)
			t.Logf("AUC %.5f, LightGBM %.5f; log loss %.5f, LightGBM %.5f", auc, theirAUC, loss, theirLoss)
			if math.Abs(auc-theirAUC) > 0.005 || math.Abs(loss-theirLoss) > 0.005 {
				t.Errorf("AUC %v and log loss %v, LightGBM has %v and %v", auc, loss, theirAUC, theirLoss)
			}
		})
	}
}

// TestTreesOfLightGBM compares score by score where both must find the same
// trees: values of few kinds, so that the bins agree, and no binding number of
// rows in a leaf once rows have different hessians, because LightGBM estimates
// counts from hessians and we count.
func TestTreesOfLightGBM(t *testing.T) {
	all := simulated(5, 5000)
	for j := range 5 {
		for i, v := range all.X.Columns[j] {
			all.X.Columns[j][i] = 100 + math.Round(8*max(-4, min(4, v)))
		}
	}
	for _, c := range []struct {
		name    string
		columns int
		trees   int
		minRows int
		minHess float64
	}{
		{"numbers, missing values and categories", 7, 2, 20, 1e-3},
		{"numbers and missing values", 5, 30, 1, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Samples{Y: all.Y, X: &features.Matrix{Names: all.X.Names[:c.columns], Columns: all.X.Columns[:c.columns], Categories: all.X.Categories[:c.columns]}}
			cfg := DefaultConfig()
			cfg.NumIterations, cfg.MinDataInLeaf, cfg.MinSumHessianInLeaf = c.trees, c.minRows, c.minHess
			theirs, _ := lightGBM(t, cfg, s, s)
			d := furthest(scores(fit(t, cfg, s), s.X), theirs)
			t.Logf("largest difference %.3g", d)
			if d > 1e-6 {
				t.Errorf("scores differ by up to %v from LightGBM's", d)
			}
		})
	}
}
