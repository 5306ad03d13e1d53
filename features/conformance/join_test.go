package conformance

import (
	"claimsieve/datasets"
)

// asOf is what an expression over a claim may see: the claim's own row, and the
// version of its policy that was known last before the instant.
type asOf struct {
	w      *world
	claim  row
	t      micros
	known  bool // whether there is an instant
	policy row  // empty where there is none
}

func (w *world) asOf(claim row, stage datasets.Stage) *asOf {
	a := &asOf{w: w, claim: claim, policy: row{}}
	if a.t, a.known = w.instant(claim, stage); !a.known {
		return a
	}
	id, ok := word(claim, "policy_id")
	last := -never
	for _, r := range w.rows["policies"] {
		k := w.known("policies", r, datasets.Report)
		if !ok || r["policy_id"] != id || k >= a.t || k < last {
			continue
		}
		last, a.policy = k, r
	}
	return a
}

// term is an expression over a claim and what it refers to.
type term struct {
	text   string
	stage  datasets.Stage
	truth  bool
	number func(a *asOf) float64
}

// oneOrNone writes a truth as a number.
func oneOrNone(v int) float64 {
	switch v {
	case isTrue:
		return 1
	case isFalse:
		return 0
	}
	return missing
}

func truthTerm(text string, stage datasets.Stage, meaning func(a *asOf) int) term {
	return term{text: text, stage: stage, truth: true, number: func(a *asOf) float64 { return oneOrNone(meaning(a)) }}
}

func numberTerm(text string, stage datasets.Stage, meaning func(a *asOf) float64) term {
	return term{text: text, stage: stage, number: func(a *asOf) float64 { return finite(meaning(a)) }}
}

// terms are the expressions of random pipelines.
var terms = []term{
	numberTerm("amount / policies.sum_insured", datasets.Report, func(a *asOf) float64 {
		return number(a.claim, "amount") / number(a.policy, "sum_insured")
	}),
	numberTerm("policies.sum_insured ?? -1", datasets.Report, func(a *asOf) float64 { return orElse(number(a.policy, "sum_insured"), -1) }),
	numberTerm(`policies.kind == "gold" ? 1 : severity`, datasets.Report, func(a *asOf) float64 {
		switch isWord(a.policy, "kind", "gold") {
		case isTrue:
			return 1
		case isFalse:
			return number(a.claim, "severity")
		}
		return missing
	}),
	truthTerm("isnull(policies.vip)", datasets.Report, func(a *asOf) int { return truthOf(a.policy["vip"] == nil) }),
	truthTerm("policies.vip or police", datasets.Report, func(a *asOf) int { return or(truth(a.policy, "vip"), truth(a.claim, "police")) }),
	truthTerm("policies.holder == holder_id", datasets.Report, func(a *asOf) int {
		x, ok := word(a.policy, "holder")
		y, too := word(a.claim, "holder_id")
		if !ok || !too {
			return isMissing
		}
		return truthOf(x == y)
	}),
	numberTerm("days(loss_at - policies.start_on)", datasets.Report, func(a *asOf) float64 {
		x, ok := a.claim["loss_at"].(micros)
		y, too := a.policy["start_on"].(micros)
		if !ok || !too {
			return missing
		}
		return float64(x-y) / float64(day)
	}),
	numberTerm("loss - amount", datasets.Assessment, func(a *asOf) float64 { return number(a.claim, "loss") - number(a.claim, "amount") }),
	numberTerm("depth * 2", datasets.Survey, func(a *asOf) float64 { return number(a.claim, "depth") * 2 }),
}
