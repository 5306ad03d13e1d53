package synth

import (
	"context"

	"claimsieve/datasets"
)

// Portfolio is a simulated portfolio in memory.
type Portfolio struct {
	Config   Config // as simulated, with every default written out
	Policies *datasets.Table
	Claims   *datasets.Table // in the order of report
	Parties  *datasets.Table // grouped by claim, in the order of report
	Payments *datasets.Table // those made within the period, grouped by claim, in the order of report
	Outcomes *datasets.Table // those concluded within the period, in the order of conclusion; a corrected claim has two

	// Truth has one row per claim, in the order of Claims: claim_id, fraud
	// (bool), kind (honest, opportunist, staged_ring, shop_ring), ring_id
	// (null outside rings) and true_probability, the chance that a claim with
	// these facts at report is fraud, before any value went missing and
	// without regard to earlier claims of a ring's members or to who else is
	// in it: the broker, the handler, telephones. For tests and demonstrations
	// only.
	Truth *datasets.Table
}

// Generate simulates a portfolio in memory. Equal configurations give equal
// portfolios, on every machine. The error lists what is out of bounds in cfg.
// A large portfolio needs far less memory with [Write].
func Generate(cfg Config) (*Portfolio, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	ctx := context.Background()
	s, err := simulate(ctx, cfg.withDefaults(), func(int) {})
	if err != nil {
		return nil, err
	}
	p := &Portfolio{Config: s.cfg}
	into := map[string]**datasets.Table{"policies": &p.Policies, "claims": &p.Claims, "parties": &p.Parties,
		"payments": &p.Payments, "outcomes": &p.Outcomes, "truth": &p.Truth}
	for _, t := range append(s.tables(), s.truthTable()) {
		if *into[t.name], err = t.whole(ctx); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// tables returns the tables of the dataset.
func (s *simulation) tables() []*table {
	return []*table{
		tableOf("policies", "policy_id", 20, policyTableColumns(s.world), s.policyRows()),
		tableOf("claims", "claim_id", 35, claimColumns(), s.claimRows(true)),
		tableOf("parties", "", 25, partyColumns(s.world), s.partyRows()),
		tableOf("payments", "", 9, paymentColumns(s.world), s.paymentRows()),
		tableOf("outcomes", "", 8, outcomeColumns(), s.outcomeRows()),
	}
}

// truthTable returns the table that is no part of the dataset.
func (s *simulation) truthTable() *table {
	return tableOf("truth", "claim_id", 3, truthColumns(), s.claimRows(false))
}
