package calibration

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

func TestScoreIsTheShareBelow(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 7))
	for range 20 {
		n := 1 + rng.IntN(3000)
		values := make([]float64, n)
		for i := range values {
			values[i] = math.Round(rng.NormFloat64()*50) / 10
		}
		s, err := FitScale("margin", values, nil)
		if err != nil {
			t.Fatal(err)
		}
		last := 0
		for v := -25.0; v <= 25; v += .1 {
			below := 0
			for _, r := range values {
				if r < v {
					below++
				}
			}
			got := s.Score(v)
			if want := below * Steps / n; got != want {
				t.Fatalf("n=%d: score of %v is %d, want %d", n, v, got, want)
			}
			if got < last {
				t.Fatalf("the score falls at %v", v)
			}
			last = got
		}
	}
}

func TestScoreSurvivesAMonotoneRetrain(t *testing.T) {
	var values, stretched []float64
	rng := rand.New(rand.NewPCG(2, 7))
	for range 5000 {
		v := rng.NormFloat64()
		values, stretched = append(values, v), append(stretched, 3*v+1)
	}
	a, err := FitScale("margin", values, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := FitScale("margin", stretched, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range values {
		if a.Score(values[i]) != b.Score(stretched[i]) {
			t.Fatalf("claim %d scores %d and %d", i, a.Score(values[i]), b.Score(stretched[i]))
		}
	}
	if a.Score(math.NaN()) != -1 || a.Score(math.Inf(1)) != 1000 || a.Score(math.Inf(-1)) != 0 {
		t.Error("NaN and infinities are not -1, 1000 and 0")
	}
}

func TestScaleWeights(t *testing.T) {
	a, err := FitScale("margin", []float64{1, 2, 3}, []float64{2, 0, 3})
	if err != nil {
		t.Fatal(err)
	}
	b, err := FitScale("margin", []float64{3, 1, 3, 1, 3}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Error("weights are not repetitions")
	}
	if a.Score(1) != 0 || a.Score(2) != 400 || a.Score(3) != 400 || a.Score(4) != 1000 {
		t.Errorf("scores %d %d %d %d, want 0 400 400 1000", a.Score(1), a.Score(2), a.Score(3), a.Score(4))
	}
	for _, bad := range [][]float64{nil, {math.NaN()}, {math.Inf(1)}} {
		if _, err := FitScale("margin", bad, nil); err == nil {
			t.Errorf("a scale of %v was fitted", bad)
		}
	}
}

func FuzzParseScale(f *testing.F) {
	s, err := FitScale("probability", []float64{.1, .2, .7}, nil)
	if err != nil {
		f.Fatal(err)
	}
	text, err := json.Marshal(s)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"format":1,"of":"margin","rows":3,"cuts":[2,1]}`))
	f.Add([]byte(`{"cuts":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ParseScale(text)
		if err == nil && (s.Score(-1e300) < 0 || s.Score(math.Inf(1)) != Steps) {
			t.Errorf("a valid scale scores outside of 0 to %d", Steps)
		}
	})
}
