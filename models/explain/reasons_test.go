package explain_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"claimsieve/models/explain"
)

func ExampleTop() {
	names := []string{"age", "amount", "repeat_repairs", "night"}
	x := []float64{41, 90000, 3, 1}
	phi := []float64{-0.4, 0.7, 1.2, 0.7}
	for _, r := range explain.Top(names, x, phi, 3) {
		fmt.Println(r.Indicator, r.Value, r.Contribution)
	}
	// Output:
	// repeat_repairs 3 1.2
	// amount 90000 0.7
	// night 1 0.7
}

// TestTop checks order, ties and signs against the definition on random lists.
func TestTop(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		n, k := rng.IntN(12), rng.IntN(9)-1
		names, x, phi := make([]string, n), make([]float64, n), make([]float64, n)
		positive := 0
		for j := range n {
			names[j], x[j], phi[j] = fmt.Sprint(j), float64(j), float64(rng.IntN(7)-3)
			if rng.IntN(9) == 0 {
				phi[j] = math.NaN()
			}
			if phi[j] > 0 {
				positive++
			}
		}
		top := explain.Top(names, x, phi, k)
		if len(top) != max(0, min(k, positive)) {
			t.Fatalf("%d reasons of %v for k = %d", len(top), phi, k)
		}
		left := slices.Clone(phi)
		for i, r := range top {
			j := int(r.Value)
			if r.Indicator != names[j] || r.Contribution != phi[j] {
				t.Fatalf("reason %d is %+v, want feature %d with %v", i, r, j, phi[j])
			}
			for other, c := range left {
				if c > phi[j] || c == phi[j] && other < j {
					t.Fatalf("reason %d of %v is %d, but %d comes before it", i, phi, j, other)
				}
			}
			left[j] = math.Inf(-1)
		}
	}
}
