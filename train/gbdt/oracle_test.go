package gbdt

import (
	"math"
	"math/rand/v2"
	"testing"

	"claimsieve/features"
)

// tiny returns few rows with a numeric column with missing values, and a
// categorical one of at most three words.
func tiny(r *rand.Rand) Samples {
	n := 8 + r.IntN(30)
	s := Samples{X: &features.Matrix{Names: []string{"number", "word"}, Columns: make([][]float64, 2), Categories: [][]string{nil, words(3)}}}
	for i := range n {
		number := float64(r.IntN(9)) - 4
		switch {
		case r.IntN(4) == 0:
			number = math.NaN()
		case r.IntN(12) == 0:
			number = math.Inf(1 - 2*r.IntN(2))
		}
		s.X.Columns[0] = append(s.X.Columns[0], number)
		s.X.Columns[1] = append(s.X.Columns[1], float64(r.IntN(3)))
		y := float64(r.IntN(2))
		if i < 2 {
			y = float64(i) // both outcomes
		}
		s.Y = append(s.Y, y)
		s.Weight = append(s.Weight, 0.5+r.Float64())
	}
	return s
}

// bruteGain returns the largest gain of any allowed way to part the rows in two
// at the common score, straight from the definition, and 0 when none gains.
func bruteGain(s Samples, score float64, minRows int, l2 float64) float64 {
	p := 1 / (1 + math.Exp(-score))
	best := 0.0
	try := func(left func(i int) bool) {
		var g, h [2]float64
		var n [2]int
		for i, y := range s.Y {
			side := 1
			if left(i) {
				side = 0
			}
			g[side] += s.Weight[i] * (p - y)
			h[side] += s.Weight[i] * p * (1 - p)
			n[side]++
		}
		if n[0] < minRows || n[1] < minRows {
			return
		}
		own := math.Pow(g[0]+g[1], 2) / (h[0] + h[1] + l2)
		best = max(best, g[0]*g[0]/(h[0]+l2)+g[1]*g[1]/(h[1]+l2)-own)
	}
	number, word := s.X.Columns[0], s.X.Columns[1]
	for _, t := range append([]float64{-math.MaxFloat64, math.MaxFloat64}, number...) {
		if math.IsInf(t, 1) || math.IsNaN(t) {
			continue // a threshold is finite
		}
		try(func(i int) bool { return number[i] <= t })
		try(func(i int) bool { return number[i] <= t || math.IsNaN(number[i]) })
	}
	for code := range 3 {
		try(func(i int) bool { return word[i] == float64(code) })
	}
	return best
}

// TestFirstSplitIsTheBest compares the first split with the best of all.
func TestFirstSplitIsTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	splits := 0
	for round := range 400 {
		s := tiny(r)
		cfg := DefaultConfig()
		cfg.NumIterations, cfg.NumLeaves, cfg.MinDataInLeaf, cfg.MinDataInBin, cfg.LambdaL2 = 1, 2, 1+r.IntN(3), 1, float64(r.IntN(2))
		cfg.LearningRate = 1
		f := fit(t, cfg, s).Forest
		got := 0.0
		if tree := f.Trees[0]; len(tree.Gain) > 0 {
			got = tree.Gain[0]
			splits++
			checkLeaves(t, s, cfg, f.Trees[0].LeafValue, f.Trees[0].LeafCount, func(x []float64) int { return f.Trees[0].Leaf(x) })
		}
		want := bruteGain(s, start(s), cfg.MinDataInLeaf, cfg.LambdaL2)
		if math.Abs(got-want) > 1e-9*(1+want) {
			t.Fatalf("round %d: the first split gains %v, the best of all %v\n%v", round, got, want, s.X.Columns)
		}
	}
	if splits < 300 {
		t.Fatalf("only %d of 400 samples were split: the test shows little", splits)
	}
}

// checkLeaves recomputes the leaves' values and counts from the raw rows.
func checkLeaves(t *testing.T, s Samples, cfg Config, values []float64, counts []int64, leaf func(x []float64) int) {
	t.Helper()
	g, h, n := make([]float64, len(values)), make([]float64, len(values)), make([]int64, len(values))
	p := 1 / (1 + math.Exp(-start(s)))
	for i, y := range s.Y {
		k := leaf(s.X.Row(nil, i))
		g[k] += s.Weight[i] * (p - y)
		h[k] += s.Weight[i] * p * (1 - p)
		n[k]++
	}
	for k, v := range values {
		want := start(s) - cfg.LearningRate*g[k]/(h[k]+cfg.LambdaL2)
		if math.Abs(v-want) > 1e-9*(1+math.Abs(want)) || counts[k] != n[k] {
			t.Fatalf("leaf %d: value %v of %d rows, want %v of %d", k, v, counts[k], want, n[k])
		}
	}
}

// TestGrowthTakesTheBestLeaf replays the growth of trees: at each step the split
// taken must gain at least as much as every split taken later that was open then.
func TestGrowthTakesTheBestLeaf(t *testing.T) {
	cfg := shallow()
	for _, tree := range fit(t, cfg, simulated(8, 2000)).Forest.Trees {
		above := make([]int, len(tree.Feature)) // the step that made the node a leaf
		for n := range tree.Feature {
			for _, c := range []int32{tree.Left[n], tree.Right[n]} {
				if c >= 0 {
					above[c] = n + 1
				}
			}
		}
		for n := range tree.Feature {
			for later := n + 1; later < len(tree.Feature); later++ {
				if above[later] <= n && tree.Gain[later] > tree.Gain[n] {
					t.Fatalf("node %d gains %v, but node %d, open at the time, gains %v", n, tree.Gain[n], later, tree.Gain[later])
				}
			}
		}
	}
}
