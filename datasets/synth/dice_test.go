package synth

import (
	"math"
	"testing"
)

func TestExpAgainstMath(t *testing.T) {
	for x := -50.0; x <= 50; x += 0.00917 {
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 1e-13*want {
			t.Fatalf("exp(%v) = %v, math.Exp gives %v", x, got, want)
		}
	}
	if exp(-1e9) != exp(-50) || exp(1e9) != exp(50) {
		t.Error("exp is not bounded")
	}
}

func TestNormalMoments(t *testing.T) {
	d := roll(7, slotStream, 1)
	const n = 200_000
	var sum, square, fourth float64
	for range n {
		z := d.normal()
		sum += z
		square += z * z
		fourth += z * z * z * z
	}
	// Twelve uniforms have mean 0, variance 1 and fourth moment 3 - 1/10.
	if mean := sum / n; math.Abs(mean) > 5/math.Sqrt(n) {
		t.Errorf("mean %v", mean)
	}
	if v := square / n; math.Abs(v-1) > 0.02 {
		t.Errorf("variance %v", v)
	}
	if f := fourth / n; math.Abs(f-2.9) > 0.1 {
		t.Errorf("fourth moment %v", f)
	}
}

func TestPickFollowsWeights(t *testing.T) {
	d := roll(1, slotStream, 2)
	weights := []float64{2, 0, 5, 3}
	counts := make([]float64, len(weights))
	const n = 100_000
	for range n {
		counts[d.pick(weights)]++
	}
	for i, w := range weights {
		p := w / 10
		if math.Abs(counts[i]/n-p) > 5*math.Sqrt(p*(1-p)/n) || w == 0 && counts[i] > 0 {
			t.Errorf("index %d: share %v, want %v", i, counts[i]/n, p)
		}
	}
}

func TestIDsAreUniqueAndTellNoOrder(t *testing.T) {
	w := newWorld(Config{Claims: 100}.withDefaults())
	seen := map[string]bool{}
	last, ascending := "", 0
	const n = 20_000
	for i := range n {
		id := string(w.writeID(nil, personPrefix, i))
		if seen[id] || len(id) != 9 {
			t.Fatalf("id %q of %d is used or malformed", id, i)
		}
		seen[id] = true
		if id > last {
			ascending++
		}
		last = id
	}
	if ascending < n*3/10 || ascending > n*7/10 {
		t.Errorf("%d of %d ids ascend", ascending, n)
	}
}

// The likelihood ratio of a fact has mean 1 over the base and draws of a ring
// follow base times weight.
func TestFactRatiosAndTilts(t *testing.T) {
	for name, f := range map[string]*fact{"region": &regionFact, "channel": &channelFact, "band": &bandFact, "accident": &accidentFact,
		"witness": &witnessFact, "delay": &delayFact, "reporter": &reporterFact, "size": &sizeFact, "tone": &toneFact, "cover days": &coverDaysFact} {
		sum, mean := 0.0, [2]float64{}
		for level, b := range f.base {
			lr := ratios{1, 1}
			f.weigh(level, nil, &lr)
			sum += b
			mean[0] += b * lr.staged
			mean[1] += b * lr.shopped
		}
		for i, m := range mean {
			if math.Abs(m/sum-1) > 1e-12 {
				t.Errorf("%s: mean ratio %d is %v, want 1", name, i, m/sum)
			}
		}
		for k, tilt := range map[kind][]float64{staged: f.staged, shopped: f.shopped} {
			if tilt != nil && len(tilt) != len(f.base) {
				t.Errorf("%s: %d weights of kind %d for %d levels", name, len(tilt), k, len(f.base))
			}
		}
	}
}

func TestInterceptMeetsTheShare(t *testing.T) {
	logits := []float64{-2, -1, 0, 0.5, 3, 7}
	for _, share := range []float64{0.001, 0.05, 0.5, 0.9} {
		c, sum := intercept(logits, share), 0.0
		for _, x := range logits {
			sum += 1 / (1 + math.Exp(-x-c))
		}
		if math.Abs(sum/6-share) > 1e-9 {
			t.Errorf("share %v: mean %v", share, sum/6)
		}
	}
}
