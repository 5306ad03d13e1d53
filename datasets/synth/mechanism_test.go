package synth

import (
	"math"
	"slices"
	"sort"
	"testing"
)

// The shares that the package promises, within five standard errors.
func TestMarginalRates(t *testing.T) {
	p := sample()
	kinds := strs(t, p.Truth, "kind")
	n := float64(len(kinds))
	within := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 5*math.Sqrt(want*(1-want)/n)+0.02*want {
			t.Errorf("share of %s is %.4f, want %.4f", what, got, want)
		}
	}
	count := map[string]float64{}
	for _, k := range kinds {
		count[k]++
	}
	within("fraud", 1-count["honest"]/n, 0.05)
	within("staged_ring", count["staged_ring"]/n, 0.05*stagedShare)
	within("shop_ring", count["shop_ring"]/n, 0.05*shoppedShare)
	for name, want := range map[string]float64{"driver_age": .04, "vehicle_price": .03, "witnesses": .08, "estimated_loss": .05, "police_reported": .02} {
		missing := 0.0
		for _, x := range floats(t, p.Claims, name) {
			if math.IsNaN(x) {
				missing++
			}
		}
		within("missing "+name, missing/n, want)
	}
	if len(kinds) != 20_000 {
		t.Errorf("%d claims by default", len(kinds))
	}
}

// true_probability is a probability: claims given p are fraud in about p of
// the cases, over ten bands; and it tells frauds apart as well as promised.
func TestTrueProbabilityIsCalibrated(t *testing.T) {
	chance, fraud := pooledTruth(t, 3)
	order := make([]int, len(chance))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return chance[order[a]] < chance[order[b]] })
	for band := range 10 {
		part := order[band*len(order)/10 : (band+1)*len(order)/10]
		var p, f, v float64
		for _, i := range part {
			p += chance[i]
			f += fraud[i]
			v += chance[i] * (1 - chance[i])
		}
		// A tenth of slack: a ring's members claim more often than others,
		// which the probability leaves out.
		if math.Abs(f-p) > 4*math.Sqrt(v)+0.1*p {
			t.Errorf("band %d: %v frauds, expected %.1f", band, f, p)
		}
	}
	if auc := rankAUC(chance, fraud); auc < 0.84 || auc > 0.90 {
		t.Errorf("AUC of the true probability is %.3f, promised 0.84 to 0.90", auc)
	}
}

func pooledTruth(t *testing.T, seeds int) (chance, fraud []float64) {
	t.Helper()
	for seed := range seeds {
		p, err := Generate(Config{Seed: uint64(100 + seed)})
		if err != nil {
			t.Fatal(err)
		}
		chance = append(chance, floats(t, p.Truth, "true_probability")...)
		fraud = append(fraud, floats(t, p.Truth, "fraud")...)
	}
	return chance, fraud
}

// rankAUC is the Mann-Whitney statistic, ties counted half.
func rankAUC(score, y []float64) float64 {
	var pos, neg []float64
	for i, s := range score {
		if y[i] == 1 {
			pos = append(pos, s)
		} else {
			neg = append(neg, s)
		}
	}
	slices.Sort(neg)
	wins := 0.0
	for _, s := range pos {
		below := sort.SearchFloat64s(neg, s)
		upTo := sort.Search(len(neg), func(i int) bool { return neg[i] > s })
		wins += float64(below) + float64(upTo-below)/2
	}
	return wins / float64(len(pos)) / float64(len(neg))
}

// Single signs raise the odds of fraud, each at least 1.4 times.
func TestSignsRaiseTheOdds(t *testing.T) {
	p := sample()
	fraud := floats(t, p.Truth, "fraud")
	happened, reported, start := micros(t, p.Claims, "happened_at"), micros(t, p.Claims, "reported_at"), micros(t, p.Claims, "policy_start_on")
	hour, police := floats(t, p.Claims, "hour_of_loss"), floats(t, p.Claims, "police_reported")
	previous, channel, region := floats(t, p.Claims, "previous_claims_12m"), strs(t, p.Claims, "channel"), strs(t, p.Claims, "region")
	signs := map[string]func(i int) bool{
		"short cover": func(i int) bool { return happened[i]-start[i] < 30*dayMicros },
		"night":       func(i int) bool { return hour[i] >= 22 || hour[i] < 5 },
		"no police":   func(i int) bool { return police[i] == 0 },
		"late report": func(i int) bool { return reported[i]-happened[i] > 3*dayMicros },
		"previous":    func(i int) bool { return previous[i] >= 2 },
		"online":      func(i int) bool { return channel[i] == "online" },
		"region":      func(i int) bool { return region[i] == "central" },
	}
	for name, sign := range signs {
		var a, b, c, d float64
		for i, y := range fraud {
			switch {
			case sign(i) && y == 1:
				a++
			case sign(i):
				b++
			case y == 1:
				c++
			default:
				d++
			}
		}
		if odds := a * d / (b * c); odds < 1.4 {
			t.Errorf("%s: odds ratio %.2f", name, odds)
		}
	}
}

func TestFraudDrifts(t *testing.T) {
	fraud := floats(t, sample().Truth, "fraud")
	third := len(fraud) / 3
	var first, last float64
	for i := range third {
		first += fraud[i]
		last += fraud[len(fraud)-1-i]
	}
	if last < 1.15*first {
		t.Errorf("%v frauds in the first third, %v in the last: no drift", first, last)
	}
}
