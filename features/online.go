package features

import (
	"fmt"
	"os"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
	"claimsieve/features/history"
)

// NewState returns an empty history for the pipeline, nil when it asks nothing
// of the history.
func (p *Pipeline) NewState() (*history.State, error) {
	if p.plan == nil {
		return nil, nil
	}
	return p.plan.NewState()
}

// Ask answers what the pipeline asks of the history about the one claim in rec.
// A nil state knows nothing: the answer is nil.
func (p *Pipeline) Ask(state *history.State, rec arrow.Record) (*Past, error) {
	if p.plan == nil || state == nil {
		return nil, nil
	}
	past := &Past{Stranger: !state.Holds(rec), Lacks: state.Lacks()}
	var err error
	if past.Answers, err = state.Answer(make([]float64, 0, p.plan.Answers), rec); err != nil {
		return nil, fmt.Errorf("cannot ask the history: %w", err)
	}
	var row arrow.Record
	for i, j := range p.joined {
		if i == 0 || j.table != p.joined[i-1].table {
			if row, err = state.Joined(j.table, rec); err != nil {
				return nil, fmt.Errorf("cannot look up %s: %w", j.table, err)
			}
		}
		past.Joined = append(past.Joined, row.Column(row.Schema().FieldIndices(j.column)[0]))
	}
	return past, nil
}

// OpenState returns the history at path for the pipeline: the rows of a dataset,
// when path is its folder, or what a file of [history.State.AppendBinary] holds.
// It is nil for a pipeline that asks nothing of the history.
func (p *Pipeline) OpenState(path string, opt ReadOptions) (*history.State, error) {
	if p.plan == nil {
		return nil, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("cannot open history: %w", err)
	}
	if !info.IsDir() {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("cannot open history: %w", err)
		}
		state, err := p.plan.Restore(data)
		if err != nil {
			return nil, fmt.Errorf("cannot open history %s: %w", path, err)
		}
		return state, nil
	}
	d, err := datasets.Open(path)
	if err != nil {
		return nil, err
	}
	if err := p.Agrees(d.Spec); err != nil {
		return nil, fmt.Errorf("cannot use %s as the history: %w", path, err)
	}
	state, err := p.plan.NewState()
	if err != nil {
		return nil, err
	}
	if err := state.Build(d, opt); err != nil {
		return nil, fmt.Errorf("cannot build the history from %s: %w", path, err)
	}
	return state, nil
}
