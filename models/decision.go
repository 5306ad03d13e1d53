package models

import (
	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/screen/policy"
)

// Margin is the raw output of the trees: the log-odds of a boosted forest, the
// share of votes of a bagged one.
type Margin float64

// Probability is a calibrated probability of confirmed fraud, in [0, 1].
type Probability float64

// Score is the rank of a margin in the model's reference population, 0 to
// 1000: 900 means riskier than nine tenths of that population. It means the
// same in every version, which the probability's distribution does not.
type Score int

// SelectedBy says why a claim is to be investigated. The zero value is not
// selected.
type SelectedBy string

// The reasons to be selected.
const (
	NotSelected     SelectedBy = ""
	SelectedByAlert SelectedBy = "alert" // the policy's tier is Investigate
	SelectedByAudit SelectedBy = "audit" // the random audit arm
)

// Decision is the answer for one claim at one stage. It routes the claim; it
// never refuses or delays one.
type Decision struct {
	ClaimID     string         `json:"claim_id"`
	Stage       datasets.Stage `json:"stage"`
	Margin      Margin         `json:"margin"`
	Probability Probability    `json:"probability"`
	Score       Score          `json:"score"`
	Tier        policy.Tier    `json:"tier"`
	TierTitle   datasets.Title `json:"tier_title"`
	// Rules are the indicators of the policy's expert rules that are true; they
	// may have raised the tier above that of the probability.
	Rules []string `json:"rules"`
	// Propensity is the probability with which this claim was to be chosen
	// for investigation by this decision: 1 for an alert, else the share of
	// the audit arm.
	Propensity float64    `json:"propensity"`
	SelectedBy SelectedBy `json:"selected_by"`

	// Reasons are the indicators that raise the margin most, largest first.
	Reasons []Reason `json:"reasons"`
	// Dimensions are the sums of all contributions by risk dimension; together
	// with Expected they sum to the margin.
	Dimensions []DimensionShare `json:"dimensions"`
	Expected   float64          `json:"expected_margin"` // mean margin of the training rows

	// Missing names the indicators that could not be computed because the
	// request did not carry their columns; the answer is then Degraded.
	Missing  []string `json:"missing"`
	Degraded bool     `json:"degraded"`

	Model  ModelRef  `json:"model"`
	Policy PolicyRef `json:"policy"`
}

// Reason is one indicator's part in a margin.
type Reason struct {
	Indicator    string             `json:"indicator"`
	Title        datasets.Title     `json:"title"`
	Dimension    features.Dimension `json:"dimension"`
	Value        any                `json:"value"`        // a number, a word, or null when missing
	Contribution float64            `json:"contribution"` // exact Shapley value in units of the margin
	Text         datasets.Title     `json:"text"`
}

// DimensionShare is the sum of the contributions of one risk dimension.
type DimensionShare struct {
	Dimension    features.Dimension `json:"dimension"`
	Title        datasets.Title     `json:"title"`
	Contribution float64            `json:"contribution"`
}

// ModelRef names the bundle that decided.
type ModelRef struct {
	Name    string `json:"name"`
	Version int    `json:"version"`
	Digest  string `json:"digest"`
}

// PolicyRef names the policy that decided.
type PolicyRef struct {
	Version int `json:"version"`
}
