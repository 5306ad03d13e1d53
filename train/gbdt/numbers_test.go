package gbdt

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// FuzzMidpoint checks the promise on which thresholds rest, above all for
// neighbouring floats, the largest ones and subnormal ones.
func FuzzMidpoint(f *testing.F) {
	for _, s := range [][2]float64{{0, 1}, {-1, 1}, {0, 5e-324}, {-5e-324, 5e-324}, {1, math.Nextafter(1, 2)},
		{-math.MaxFloat64, math.MaxFloat64}, {math.MaxFloat64, math.Inf(1)}, {-math.MaxFloat64, math.Inf(1)}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, a, b float64) {
		if !(a < b) || math.IsInf(a, -1) {
			return // not a pair that has a midpoint
		}
		m := midpoint(a, b)
		if !(a <= m && m < b) || math.IsInf(m, 0) || (m == 0 && math.Signbit(m)) {
			t.Errorf("midpoint(%v, %v) = %v", a, b, m)
		}
	})
}

func TestSortFloats(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, n := range []int{0, 1, 100, 2048, 10000} {
		keys := make([]float64, n)
		for i := range keys {
			keys[i] = math.Float64frombits(r.Uint64())
			if math.IsNaN(keys[i]) || r.IntN(3) == 0 {
				keys[i] = float64(r.IntN(9) - 4)
			}
		}
		want := slices.Clone(keys)
		slices.Sort(want)
		if got := sortFloats(keys, make([]float64, n)); !slices.Equal(got, want) {
			t.Errorf("%d numbers come out in the wrong order", n)
		}
	}
}

func TestChooseIsFair(t *testing.T) {
	counts := make([]int, 10)
	for seed := range uint64(4000) {
		got := choose(source(seed, 3, drawRows), 10, 4)
		if len(got) != 4 || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != 4 {
			t.Fatalf("chose %v, want 4 different rows in order", got)
		}
		for _, i := range got {
			counts[i]++
		}
	}
	for i, n := range counts { // binomial: mean 1600, standard deviation 31
		if n < 1450 || n > 1750 {
			t.Errorf("row %d was chosen %d times of 4000, want about 1600", i, n)
		}
	}
}
