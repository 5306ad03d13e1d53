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
	claims, err := d.Table(datasets.ClaimsTable, union(p.Inputs(), append([]string{spec.Key, spec.KnownAt, at}, more...))...)
	if err != nil {
		return nil, err
	}
	in := &Input{claims: claims, joined: map[string][]arrow.Array{}}
	if in.instants, err = claims.Micros(at); err != nil {
		return nil, err
	}
	if p.plan == nil {
		return in, nil
	}
	if in.answers, err = p.plan.Batch(d, opt); err != nil {
		return nil, fmt.Errorf("cannot compute the history's indicators: %w", err)
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
