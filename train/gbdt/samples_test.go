package gbdt

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"claimsieve/features"
	"claimsieve/internal/testenv"
)

// public reads a file of LightGBM's binary example: outcome first, tabs between.
func public(t *testing.T, name string) Samples {
	t.Helper()
	raw, err := os.ReadFile(testenv.Data(t, "lightgbm-binary/"+name))
	if err != nil {
		t.Fatal(err)
	}
	s := Samples{X: &features.Matrix{}}
	for line := range strings.Lines(string(raw)) {
		words := strings.Fields(line)
		if s.X.Columns == nil {
			s.X.Columns = make([][]float64, len(words)-1)
			for j := range s.X.Columns {
				s.X.Names = append(s.X.Names, "c"+strconv.Itoa(j))
			}
		}
		for j, w := range words {
			v, err := strconv.ParseFloat(w, 64)
			if err != nil {
				t.Fatal(err)
			}
			if j == 0 {
				s.Y = append(s.Y, v)
			} else {
				s.X.Columns[j-1] = append(s.X.Columns[j-1], v)
			}
		}
	}
	return s
}

// simulated draws rows with numbers, missing values that carry signal, whole
// numbers, and categories of few and of many words.
func simulated(seed uint64, rows int) Samples {
	r := rand.New(rand.NewPCG(seed, 7))
	effect := make([]float64, 60)
	fixed := rand.New(rand.NewPCG(99, 7)) // the same mechanism for every seed
	for k := range effect {
		effect[k] = fixed.NormFloat64()
	}
	names := []string{"amount", "delay", "count", "weekend", "noise", "region", "garage"}
	s := Samples{X: &features.Matrix{Names: names, Categories: make([][]string, len(names))}}
	s.X.Categories[5] = words(3)
	s.X.Categories[6] = words(len(effect))
	s.X.Columns = make([][]float64, len(names))
	for range rows {
		amount, delay := math.Exp(r.NormFloat64()), r.NormFloat64()
		count, weekend, noise := float64(r.IntN(12)), float64(r.IntN(2)), r.NormFloat64()
		region, garage := float64(r.IntN(3)), math.Floor(float64(len(effect))*r.Float64()*r.Float64())
		z := -1 + 0.8*math.Log(amount) + 0.3*delay*delay - 0.2*count*weekend + 0.9*effect[int(garage)]
		if region == 1 {
			z++
		}
		if r.Float64() < 0.2 {
			delay = math.NaN()
			z += 0.7
		}
		if r.Float64() < 0.05 {
			garage = math.NaN()
		}
		for j, v := range []float64{amount, delay, count, weekend, noise, region, garage} {
			s.X.Columns[j] = append(s.X.Columns[j], v)
		}
		y := 0.0
		if r.Float64() < 1/(1+math.Exp(-z)) {
			y = 1
		}
		s.Y = append(s.Y, y)
	}
	return s
}

func words(n int) []string {
	out := make([]string, n)
	for k := range out {
		out[k] = "w" + strconv.Itoa(k)
	}
	return out
}

func fit(t testing.TB, cfg Config, s Samples) *Result {
	t.Helper()
	r, err := Fit(context.Background(), cfg, Runtime{Threads: 2}, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Forest.Validate(); err != nil {
		t.Fatal(err)
	}
	return r
}

func scores(r *Result, x *features.Matrix) []float64 {
	dst := make([]float64, x.Rows())
	r.Forest.RawBatch(dst, x.Columns, 2)
	return dst
}

// quality returns the plainest AUC (all pairs) and log loss.
func quality(scores, y []float64) (auc, loss float64) {
	var wins, pairs float64
	for i, a := range scores {
		loss += math.Log1p(math.Exp(-a*(2*y[i]-1))) / float64(len(y))
		if y[i] == 0 {
			continue
		}
		for k, b := range scores {
			if y[k] == 0 {
				pairs++
				switch {
				case a > b:
					wins++
				case a == b:
					wins += 0.5
				}
			}
		}
	}
	return wins / pairs, loss
}

// furthest returns the largest difference of two slices.
func furthest(a, b []float64) float64 {
	d := 0.0
	for i := range a {
		d = max(d, math.Abs(a[i]-b[i]))
	}
	return d
}

// shallow returns settings for small samples.
func shallow() Config {
	cfg := DefaultConfig()
	cfg.NumIterations = 20
	cfg.NumLeaves = 8
	return cfg
}
