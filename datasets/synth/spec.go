package synth

import (
	"fmt"
	"time"

	"claimsieve/datasets"
)

// Spec returns the dataset.yaml of the portfolio. It does not mention the truth.
func (p *Portfolio) Spec() *datasets.Spec { return specOf(p.Config) }

// specOf returns the dataset.yaml of a portfolio simulated from a complete
// configuration.
func specOf(cfg Config) *datasets.Spec {
	return &datasets.Spec{
		Format:      datasets.FormatVersion,
		Name:        "synthetic-motor",
		Title:       title("Simulated motor portfolio", "模拟车险业务"),
		Line:        "motor",
		Source:      fmt.Sprintf("simulated by claimsieve data synth, seed %d", cfg.Seed),
		Assumptions: cfg.assumptions(),
		Tables: map[string]*datasets.TableSpec{
			"policies": {Files: []string{"policies.parquet"}, Key: "policy_id", KnownAt: "issued_on", Columns: specsOf(policyTableColumns(nil))},
			"claims": {Files: []string{"claims.parquet"}, Key: "claim_id", HappenedAt: "happened_at", KnownAt: "reported_at",
				Stages:  map[datasets.Stage]string{datasets.Survey: "surveyed_at", datasets.Assessment: "assessed_at", datasets.Audit: "closed_at"},
				Columns: specsOf(claimColumns())},
			"parties":  {Files: []string{"parties.parquet"}, KnownAt: "known_at", Columns: specsOf(partyColumns(nil))},
			"payments": {Files: []string{"payments.parquet"}, KnownAt: "paid_at", Columns: specsOf(paymentColumns(nil))},
			"outcomes": {Files: []string{"outcomes.parquet"}, KnownAt: "concluded_at", Columns: specsOf(outcomeColumns())},
		},
	}
}

// assumptions says what is assumed, for the readers of dataset.yaml.
func (c Config) assumptions() []string {
	audit := "there is no random arm"
	if c.AuditShare > 0 {
		audit = fmt.Sprintf("a random arm of %.4g of the claims is drawn by a keyed hash of the claim id", c.AuditShare)
	}
	return []string{
		"simulated: no person, vehicle, policy or event in it is real, and no conclusion about a real portfolio follows from it.",
		fmt.Sprintf("period: claims reported from %s until before %s; what becomes known later (surveys, assessments, payees, conclusions) is absent.",
			c.Start.Format(time.DateOnly), c.end().Format(time.DateOnly)),
		"times: the insurer's wall clock written as UTC, so that hour_of_loss is the hour of happened_at.",
		fmt.Sprintf("fraud: an expected share of %.4g of the claims, by insured who exaggerate, by rings that stage accidents, and by repair shop rings; its rate and some of its signs drift over the period.", c.FraudShare),
		fmt.Sprintf("investigation: an expected share of %.4g of the claims seems odd to the investigators' rule; %s; a few more are referred by somebody who knows something. "+
			"propensity is the chance of being chosen by the rule or the random arm; it is null for referrals, whose chance nobody knows. A claim of the random arm is marked random even when it also seems odd.", c.OddShare, audit),
		"conclusions: at first, of investigated frauds 85% are confirmed, of investigated honest claims 98% are neither confirmed nor suspected. A claim that was not investigated is closed, which is unknown.",
		"corrections: about 0.5% of the investigated claims are corrected, after a median of 110 days: frauds that were cleared are confirmed, honest claims that were refused or confirmed are cleared. The claim then has a second row of outcomes; the last one known counts.",
		"times to conclusion: log-normal with a median of 45 days for honest claims that are investigated, 68 days for frauds that are, 20 days for the others, and never before the assessment.",
		"late reports: about one claim in sixty is reported 10 to 70 days after the loss.",
		"missing values: 1% to 10% in several columns of the claims table and 5% of the parties' telephones, completely at random.",
		"stages: surveyed_at, assessed_at and closed_at are the times of the stages survey, assessment and audit; columns of a stage are null before it and for claims that were not surveyed. closed_at is the last closing: a file that was opened again and is still open has none.",
		"signs: what the survey and the assessment find depends on the kind of claim (acquainted parties, disagreeing statements, amounts above the guide, inflated injuries, makers' parts, no camera), and rings have accomplices among brokers, handlers, surveyors, hospitals and appraisal institutions; accidents that are staged happen more often on rural roads in clear weather. branch_id says nothing of fraud.",
		"payments: after the first conclusion, unless the claim was refused or withdrawn; the rest of a claim with supplements follows, and what a correction adds. What a correction recovers is no payment: paid_amount is then less than the payments.",
		"codes: fraud_types, the risk codes and refusal_reason are entries of the program's code tables; several are separated by commas.",
	}
}
