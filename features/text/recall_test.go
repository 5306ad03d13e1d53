package text

import (
	"math"
	"math/rand/v2"
	"testing"
)

// pairOf returns two sets of 64-bit hashes with Jaccard index as near to s as a
// union of 200 allows.
func pairOf(r *rand.Rand, s float64) (a, b []uint64, index float64) {
	const union = 200
	both := int(math.Round(s * union))
	for i := range union {
		h := r.Uint64()
		if i < both || i%2 == 0 {
			a = append(a, h)
		}
		if i < both || i%2 == 1 {
			b = append(b, h)
		}
	}
	return a, b, float64(both) / union
}

// The share of pairs that the bands find follows the curve, and the estimate is
// unbiased with the variance of 120 draws, at every index.
func TestBandsFollowTheCurve(t *testing.T) {
	const pairs = 1500
	r := rand.New(rand.NewPCG(21, 1))
	x := mustNew(t, Options{})
	for _, s := range []float64{0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1} {
		found, sum, square, index := 0, 0.0, 0.0, 0.0
		for range pairs {
			var a, b []uint64
			a, b, index = pairOf(r, s)
			one, two := make([]byte, x.stride), make([]byte, x.stride)
			sign(one, a, x.perms)
			sign(two, b, x.perms)
			search := newBands(x.opt, x.stride)
			search.insert(one)
			if c, _ := search.candidates(nil, two, 10, func(uint32) bool { return true }); len(c) > 0 {
				found++
			}
			e := x.estimate(differing(one, two))
			sum += e
			square += (e - index) * (e - index)
		}
		want := x.Options().Recall(index)
		if got, sd := float64(found)/pairs, math.Sqrt(want*(1-want)/pairs); math.Abs(got-want) > 4.5*sd+1e-3 {
			t.Errorf("index %.2f: bands find %.4f, the curve says %.4f", index, got, want)
		}
		sd := math.Sqrt(index*(1-index)/120) + 1e-9
		if bias := sum/pairs - index; math.Abs(bias) > 5*sd/math.Sqrt(pairs)+1e-3 {
			t.Errorf("index %.2f: the estimate is biased by %.4f", index, bias)
		}
		if got := math.Sqrt(square / pairs); got > 1.15*sd+0.005 {
			t.Errorf("index %.2f: the estimate spreads by %.4f, 120 draws by %.4f", index, got, sd)
		}
	}
}

// Recall at the default options, to be read off by who chooses others.
func TestRecallOfTheDefaults(t *testing.T) {
	var o Options
	for s, want := range map[float64]float64{0.8: 0.997, 0.9: 0.99999, 1: 1} {
		if got := o.Recall(s); got < want {
			t.Errorf("recall at %.1f is %.5f, documented as %.5f", s, got, want)
		}
	}
	if o.Recall(0.3) > 0.03 {
		t.Errorf("at 0.3 a share of %.3f is looked at", o.Recall(0.3))
	}
}
