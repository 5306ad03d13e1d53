package features

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
	"claimsieve/features/history"
)

// Input is what a pipeline reads of a dataset: the columns of its claims and
// the answers of its history as of each claim's instant.
type Input struct {
	claims   *datasets.Table
	instants []int64
	answers  *history.Answers         // nil when nothing of the history is asked
	joined   map[string][]arrow.Array // chunks of other tables' columns, by table.column
}

// ReadOptions are the settings of reading a dataset; see [history.BatchOptions].
type ReadOptions = history.BatchOptions

// Read reads the columns of all claims and answers what the pipeline asks of
// the history. Further columns of the claims may be named; key and known_at
// are always there.
func (p *Pipeline) Read(d *datasets.Dataset, opt ReadOptions, more ...string) (*Input, error) {
	spec := d.Spec.Tables[datasets.ClaimsTable]
	at := spec.StageTime(p.spec.Stage)
	if at == "" {
		at = spec.KnownAt
	}
	in := &Input{joined: map[string][]arrow.Array{}}
	columns := union(p.Inputs(), append([]string{spec.Key, spec.KnownAt, at}, more...))
	claims := func() error { return in.readClaims(d, at, columns) }
	answers := func() error { return in.readHistory(p.plan, d, opt) }
	if err := beside(claims, answers, opt.Threads); err != nil {
		return nil, err
	}
	for _, j := range p.joined {
		t, err := d.Table(j.table, j.column)
		if err != nil {
			return nil, err
		}
		for _, rec := range t.Chunks() {
			in.joined[j.name()] = append(in.joined[j.name()], rec.Column(0))
		}
	}
	return in, nil
}

// readClaims reads columns of the claims, and their instants.
func (in *Input) readClaims(d *datasets.Dataset, at string, columns []string) (err error) {
	if in.claims, err = d.Table(datasets.ClaimsTable, columns...); err != nil {
		return err
	}
	in.instants, err = in.claims.Micros(at)
	return err
}

// readHistory answers what a plan asks; nil asks nothing.
func (in *Input) readHistory(plan *history.Plan, d *datasets.Dataset, opt ReadOptions) (err error) {
	if plan == nil {
		return nil
	}
	if in.answers, err = plan.Batch(d, opt); err != nil {
		return fmt.Errorf("cannot compute the history's indicators: %w", err)
	}
	return nil
}

// beside decodes the claims' columns while the history is worked out, which
// begins with tables too; one thread does one after the other. Of two errors it
// returns that of the columns.
func beside(claims, answers func() error, threads int) error {
	if threads != 1 {
		return together(2, 2, func(i int) error { return []func() error{claims, answers}[i]() })
	}
	if err := claims(); err != nil {
		return err
	}
	return answers()
}

// InputOf is claims alone, for a pipeline that asks nothing of the history. They
// have no instants.
func InputOf(claims *datasets.Table) *Input { return &Input{claims: claims} }

// union returns the names of both, each once, in order.
func union(a, b []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, names := range [][]string{a, b} {
		for _, n := range names {
			if !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	return out
}

// Claims returns the claims that were read.
func (in *Input) Claims() *datasets.Table { return in.claims }

// Instants returns, per claim, the instant of its vector: when it reached the
// pipeline's stage, datasets.NoTime when it never did or nobody knows. Where
// the dataset names no time of the stage and the pipeline asks nothing of the
// history, that is when the claim became known.
func (in *Input) Instants() []int64 { return in.instants }

// Rows returns the number of claims.
func (in *Input) Rows() int { return in.claims.Rows() }
