package portable

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestExpAndLog(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200000 {
		x := 40 * r.NormFloat64()
		if got, want := Exp(x), math.Exp(x); math.Abs(got-want) > 1e-15*want {
			t.Fatalf("exp(%v) = %v, want %v", x, got, want)
		}
		v := math.Exp(x / 2)
		if got, want := Log(v), math.Log(v); math.Abs(got-want) > 4e-16*(1+math.Abs(want)) {
			t.Fatalf("log(%v) = %v, want %v", v, got, want)
		}
	}
	for _, x := range []float64{1e-300, 1e-20, -1e-20, 1e-9, -0.2499, -0.25, 0.1, 0.3999, 0.4, 1, 7, -0.9} {
		if got, want := Log1p(x), math.Log1p(x); math.Abs(got-want) > 1e-15*math.Abs(want) {
			t.Errorf("log1p(%v) = %v, want %v", x, got, want)
		}
	}
	for _, x := range []float64{-1e300, -700, 0, 700, 1e300} {
		if p := Sigmoid(x); !(p > 0 && p <= 1) {
			t.Errorf("sigmoid(%v) = %v", x, p)
		}
	}
	if Exp(0) != 1 || Log(1) != 0 || Sigmoid(0) != 0.5 || Log1p(0) != 0 {
		t.Error("exp(0), log(1) or sigmoid(0) is not exact")
	}
}
