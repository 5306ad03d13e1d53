package conformance

import (
	"math"
	"slices"

	"claimsieve/datasets"
)

// rate is a declared rate.
type rate struct {
	key                keying
	window             span
	prior              float64 // NaN is the share over all claims
	strength           float64 // negative says nothing
	unknown, suspected string
	do                 string
}

// conclusion is the latest one of a claim that was known strictly before t.
func (w *world) conclusion(claim row, t micros) string {
	last, out := -never, ""
	for _, r := range w.rows["outcomes"] {
		if c, ok := at(r, "concluded_at"); ok && r["claim_id"] == claim["claim_id"] && c < t && c >= last {
			last, out = c, r["conclusion"].(string)
		}
	}
	return out
}

// counts says what a conclusion amounts to: 1 fraud, 0 none, -1 does not count.
func (x *rate) counts(conclusion string) int {
	treat := ""
	switch conclusion {
	case "refused_fraud", "withdrawn_fraud", "confirmed_fraud":
		return 1
	case "cleared":
		return 0
	case "suspected":
		treat = x.suspected
	case "closed", "inconclusive":
		treat = x.unknown
	}
	switch treat {
	case "positive":
		return 1
	case "negative":
		return 0
	}
	return -1
}

// evidence counts the confirmed and the concluded among the claims that hold.
func (w *world) evidence(x *rate, asking row, t micros, holds func(c row) bool) (confirmed, concluded float64) {
	stage := w.stageOf("claims", append(slices.Clone(x.key.matches), x.key.tuple...)...)
	for _, c := range w.rows["claims"] {
		h, ok := w.happened("claims", c)
		if c["claim_id"] == asking["claim_id"] || !ok || w.known("claims", c, stage) >= t || !x.window.covers(t, h) || !holds(c) {
			continue
		}
		if v := x.counts(w.conclusion(c, t)); v >= 0 {
			concluded++
			confirmed += float64(v)
		}
	}
	return confirmed, concluded
}

// rate answers a declared rate for a claim.
func (w *world) rate(x *rate, claim row, stage datasets.Stage) float64 {
	t, ok := w.instant(claim, stage)
	if !ok {
		return missing
	}
	prior, strength := x.prior, x.strength
	if math.IsNaN(prior) {
		everyone := *x
		everyone.key = keying{}
		a, b := w.evidence(&everyone, claim, t, func(row) bool { return true })
		prior = a / b
	}
	if strength < 0 {
		strength = 10
	}
	var answers []float64
	for _, k := range w.asked(claim, t, x.key) {
		confirmed, concluded := w.evidence(x, claim, t, func(c row) bool { return slices.Contains(w.keysOf("claims", c, x.key), k) })
		v := (confirmed + prior*strength) / (concluded + strength)
		switch x.do {
		case "confirmed":
			v = confirmed
		case "concluded":
			v = concluded
		}
		if !math.IsNaN(v) {
			answers = append(answers, v)
		}
	}
	return join(x.key.over, answers)
}
