package explain

import (
	"math"
	"testing"

	"claimsieve/models/forest/foresttest"
)

// TestGaussLegendre holds the rules to what defines them: exact for every
// power up to degree 2n-1, positive weights, points inside (0, 1) in order.
// The 4-point rule is also held to the closed form of its roots.
func TestGaussLegendre(t *testing.T) {
	for _, blocks := range []int{1, 2, 3, 5, 16, 64} {
		r := gaussLegendre(blocks)
		last := 0.0
		for b := range blocks {
			for q, x := range r.points[b] {
				if !(x > last && x < 1 && r.weights[b][q] > 0) {
					t.Fatalf("%d blocks: point %v after %v, weight %v", blocks, x, last, r.weights[b][q])
				}
				last = x
			}
		}
		for degree := range 2 * blockPoints * blocks {
			sum := 0.0
			for b := range blocks {
				for q, x := range r.points[b] {
					sum += r.weights[b][q] * math.Pow(x, float64(degree))
				}
			}
			if want := 1 / float64(degree+1); math.Abs(sum-want) > 2e-15*float64(blocks+1) {
				t.Errorf("%d blocks: integral of x^%d is %v, want %v", blocks, degree, sum, want)
			}
		}
	}
	inner := math.Sqrt(3.0/7 - 2.0/7*math.Sqrt(6.0/5))
	if got := gaussLegendre(1).points[0][2]; math.Abs(got-(1+inner)/2) > 1e-16 {
		t.Errorf("third point %v, want %v", got, (1+inner)/2)
	}
}

// TestTablesNotKept wants the same bits whether tables are kept or not.
func TestTablesNotKept(t *testing.T) {
	f := foresttest.Random(3, foresttest.Shape{Trees: 6, Leaves: 40, Features: 20, Categorical: 2, Codes: 9})
	kept, err := New(f)
	if err != nil {
		t.Fatal(err)
	}
	anew, err := New(f)
	if err != nil {
		t.Fatal(err)
	}
	for i := range anew.tables {
		if i%2 == 0 {
			anew.tables[i] = nil
		}
	}
	columns := foresttest.Columns(3, f, 50)
	anew.scratch.New = func() any {
		return &scratch{state: make([]uint8, 200), values: make([][blockPoints]float64, 200), tables: make([]table, 200)}
	}
	for i := range 50 {
		x := foresttest.Row(columns, i)
		a, b := kept.Contributions(nil, x), anew.Contributions(nil, x)
		for j := range a {
			if a[j] != b[j] {
				t.Fatalf("row %d, feature %d: %v with kept tables, %v without", i, j, a[j], b[j])
			}
		}
	}
}
