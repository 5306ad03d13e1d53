package synth

import (
	"context"
	"fmt"
	"path/filepath"

	"claimsieve/datasets"
	"claimsieve/datasets/parquetfile"
)

// TruthFile is the name of the file with the truth, in the dataset's folder
// but not in its dataset.yaml: a test or a demonstration opens it by name.
const TruthFile = "truth.parquet"

// Portfolio is a simulated portfolio.
type Portfolio struct {
	Config   Config // as simulated, with every default written out
	Policies *datasets.Table
	Claims   *datasets.Table // in the order of report
	Parties  *datasets.Table // grouped by claim, in the order of report
	Outcomes *datasets.Table // those concluded within the period, in the order of conclusion

	// Truth has one row per claim, in the order of Claims: claim_id, fraud
	// (bool), kind (honest, opportunist, staged_ring, shop_ring), ring_id
	// (null outside rings) and true_probability, the chance that a claim with
	// these facts at report is fraud, before any value went missing and
	// without regard to earlier claims of a ring's members or to who else is
	// in it. For tests and demonstrations only.
	Truth *datasets.Table
}

// Generate simulates a portfolio. Equal configurations give equal portfolios,
// on every machine. The error lists what is out of bounds in cfg.
func Generate(cfg Config) (*Portfolio, error) {
	return generate(context.Background(), cfg, func(int, int) {})
}

func generate(ctx context.Context, cfg Config, progress func(done, total int)) (*Portfolio, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s, err := simulate(ctx, cfg.withDefaults(), progress)
	if err != nil {
		return nil, err
	}
	p := &Portfolio{Config: s.cfg}
	claims := s.claimRows()
	build := []func() error{
		func() (err error) {
			p.Policies, err = buildTable("policies", policyTableColumns(), s.policyRows())
			return
		},
		func() (err error) { p.Claims, err = buildTable("claims", claimColumns(), claims); return },
		func() (err error) { p.Parties, err = buildTable("parties", partyColumns(), s.partyRows()); return },
		func() (err error) {
			p.Outcomes, err = buildTable("outcomes", outcomeColumns(), s.outcomeRows())
			return
		},
		func() (err error) { p.Truth, err = buildTable("truth", truthColumns(), claims); return },
	}
	for _, table := range build {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("cannot simulate a portfolio: %w", err)
		}
		if err := table(); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Write simulates a portfolio and creates a dataset in dir, which must be new
// or empty as for [datasets.Create], with the truth beside it in [TruthFile].
// The tables of equal configurations have equal bytes. progress, which may be
// nil, hears from time to time how much is done, last done == total; it is
// called from this goroutine.
func Write(ctx context.Context, dir string, cfg Config, progress func(done, total int)) error {
	if progress == nil {
		progress = func(int, int) {}
	}
	p, err := generate(ctx, cfg, progress)
	if err != nil {
		return err
	}
	tables := map[string]*datasets.Table{"policies": p.Policies, "claims": p.Claims, "parties": p.Parties, "outcomes": p.Outcomes}
	if err := datasets.Create(dir, p.Spec(), tables); err != nil {
		return fmt.Errorf("cannot write simulated portfolio: %w", err)
	}
	if err := parquetfile.Write(filepath.Join(dir, TruthFile), p.Truth.Schema(), p.Truth.Chunks(), parquetfile.WriteOptions{}); err != nil {
		return fmt.Errorf("cannot write the truth beside the simulated portfolio: %w", err)
	}
	progress(2*p.Config.Claims, 2*p.Config.Claims)
	return nil
}
