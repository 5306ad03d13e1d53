package models

import (
	"encoding/json"
	"fmt"
	"math"

	"claimsieve/datasets"
	"claimsieve/features"
)

// selfTest is one claim of selftest.json with the answer it must get.
type selfTest struct {
	Claim       json.RawMessage    `json:"claim"`
	History     map[string]float64 `json:"history,omitempty"` // see [Example]
	Margin      float64            `json:"margin"`
	Probability float64            `json:"probability"`
	Score       int                `json:"score"`
}

// probabilityTolerance allows for exp and log of different processors; the
// margin, being sums of stored numbers, must agree bit for bit.
const probabilityTolerance = 1e-12

// expectations scores the examples of c with c's own parts.
func expectations(c *Contents) ([]selfTest, error) {
	b := &Bundle{Tables: c.Pipeline.Tables(), Pipeline: c.Pipeline, Forest: c.Forest, Calibrate: c.Calibration}
	if len(c.Examples) == 0 {
		return nil, fmt.Errorf("cannot write bundle %q: it has no examples for its self-test", c.Name)
	}
	tests := make([]selfTest, len(c.Examples))
	for i, e := range c.Examples {
		margin, probability, score, err := b.answer(e.Claim, e.History)
		if err != nil {
			return nil, fmt.Errorf("cannot write bundle %q: self-test %d: %w", c.Name, i, err)
		}
		tests[i] = selfTest{Claim: e.Claim, History: e.History, Margin: margin, Probability: probability, Score: score}
	}
	return tests, nil
}

// passes runs the self-test.
func (b *Bundle) passes(tests []selfTest) error {
	if len(tests) == 0 {
		return fmt.Errorf("its self-test is empty")
	}
	for i, t := range tests {
		margin, probability, score, err := b.answer(t.Claim, t.History)
		if err != nil {
			return fmt.Errorf("self-test %d: %w", i, err)
		}
		if margin != t.Margin || math.Abs(probability-t.Probability) > probabilityTolerance || score != t.Score {
			return fmt.Errorf("self-test %d: it answers margin %v, probability %v, score %d; when it was made the answer was %v, %v, %d", i, margin, probability, score, t.Margin, t.Probability, t.Score)
		}
	}
	return nil
}

func (b *Bundle) answer(claim []byte, history map[string]float64) (margin, probability float64, score int, err error) {
	row, err := datasets.ParseRow(b.Claims(), claim)
	if err != nil {
		return 0, 0, 0, err
	}
	past := &features.Past{}
	if plan := b.Pipeline.Plan(); plan != nil {
		past.Answers = make([]float64, plan.Answers)
		for a := range past.Answers {
			past.Answers[a] = math.NaN()
		}
	}
	for j, a := range b.Pipeline.Answered() {
		if value, there := history[b.Pipeline.Names()[j]]; there && a >= 0 {
			past.Answers[a] = value
		}
	}
	x, err := b.Pipeline.Vector(nil, row.Record, past)
	if err != nil {
		return 0, 0, 0, err
	}
	margin = b.Forest.Raw(x)
	probability = b.Calibrate.Calibrator.Probability(margin)
	return margin, probability, b.Calibrate.Scale.Score(margin), nil
}
