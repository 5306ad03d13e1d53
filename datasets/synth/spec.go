package synth

import (
	"fmt"
	"time"

	"claimsieve/datasets"
)

// Spec returns the dataset.yaml of the portfolio. It does not mention the truth.
func (p *Portfolio) Spec() *datasets.Spec {
	return &datasets.Spec{
		Format:      datasets.FormatVersion,
		Name:        "synthetic-motor",
		Title:       title("Simulated motor portfolio", "模拟车险业务"),
		Line:        "motor",
		Source:      fmt.Sprintf("simulated by claimsieve data synth, seed %d", p.Config.Seed),
		Assumptions: p.assumptions(),
		Tables: map[string]*datasets.TableSpec{
			"policies": {Files: []string{"policies.parquet"}, Key: "policy_id", KnownAt: "issued_on", Columns: specsOf(policyTableColumns())},
			"claims":   {Files: []string{"claims.parquet"}, Key: "claim_id", HappenedAt: "happened_at", KnownAt: "reported_at", Columns: specsOf(claimColumns())},
			"parties":  {Files: []string{"parties.parquet"}, KnownAt: "known_at", Columns: specsOf(partyColumns())},
			"outcomes": {Files: []string{"outcomes.parquet"}, KnownAt: "concluded_at", Columns: specsOf(outcomeColumns())},
		},
	}
}

func (p *Portfolio) assumptions() []string {
	c := p.Config
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
		"conclusions: of investigated frauds 85% are confirmed, of investigated honest claims 98% are neither confirmed nor suspected. A claim that was not investigated is closed, which is unknown.",
		"times to conclusion: log-normal with a median of 45 days for honest claims that are investigated, 68 days for frauds that are, 20 days for the others, and never before the assessment.",
		"missing values: 1% to 10% in several columns of the claims table and 5% of the parties' telephones, completely at random.",
		"stages: surveyed_at and assessed_at are the times of those stages; columns of a stage are null before it and for claims that were not surveyed.",
	}
}
