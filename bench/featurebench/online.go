package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/features/history"
)

// asked is how many claims are asked about, one by one: the last ones of the
// dataset, whose histories are the longest.
const asked = 20_000

// online folds a dataset into a state, stores and restores it, and asks the
// restored one about single claims: the history's answers and the vector.
func online(r *request) (any, error) {
	name, text, err := source(r.Pipeline)
	if err != nil {
		return nil, err
	}
	d, err := datasets.Open(r.Data)
	if err != nil {
		return nil, err
	}
	spec, err := features.ParseSpec(name, text)
	if err != nil {
		return nil, err
	}
	p, err := features.Compile(spec, d.Spec)
	if err != nil {
		return nil, err
	}
	var columns []string
	for _, c := range p.Tables().Tables[datasets.ClaimsTable].Columns {
		columns = append(columns, c.Name)
	}
	claims, err := d.Table(datasets.ClaimsTable, columns...)
	if err != nil {
		return nil, err
	}
	fitted, err := fit(p, claims)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	state, err := p.OpenState(r.Data, features.ReadOptions{Threads: r.Threads})
	if err != nil {
		return nil, err
	}
	out := map[string]any{"build": time.Since(began).Seconds(), "claims": state.Claims(), "state_bytes": state.Size()}
	stored, err := state.AppendBinary(nil)
	if err != nil {
		return nil, err
	}
	out["snapshot_bytes"] = len(stored)
	began = time.Now()
	if state, err = p.Plan().Restore(stored); err != nil {
		return nil, err
	}
	out["restore"] = time.Since(began).Seconds()
	return out, latencies(fitted, state, newest(claims, p.Plan().Instant), out)
}

// fit binds the words that the claims have.
func fit(p *features.Pipeline, claims *datasets.Table) (*features.Fitted, error) {
	vocabulary := features.Vocabulary{}
	for _, ind := range p.Spec().Indicators {
		if ind.Category == "" {
			continue
		}
		words, err := claims.Strings(ind.Category)
		if err != nil {
			return nil, err
		}
		slices.Sort(words)
		vocabulary[ind.Name] = slices.Compact(words)
	}
	return p.With(vocabulary)
}

// newest returns the rows of the claims that reached the pipeline's stage last,
// each a record of its own, in the order of their instants.
func newest(claims *datasets.Table, instant string) []arrow.Record {
	type row struct {
		rec   arrow.Record
		place int64
		at    int64
	}
	var rows []row
	at, err := claims.Micros(instant)
	if err != nil {
		panic(fmt.Sprintf("BUG: the pipeline read no %s: %v", instant, err))
	}
	first := int64(0)
	for _, rec := range claims.Chunks() {
		for i := range rec.NumRows() {
			rows = append(rows, row{rec, i, at[first+i]})
		}
		first += rec.NumRows()
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.at, b.at) })
	var out []arrow.Record
	for _, r := range rows[max(0, len(rows)-asked):] {
		out = append(out, r.rec.NewSlice(r.place, r.place+1))
	}
	return out
}

// latencies asks about each claim once and notes the quantiles in microseconds.
func latencies(fitted *features.Fitted, state *history.State, claims []arrow.Record, out map[string]any) error {
	var vector []float64
	took := make([]float64, len(claims))
	for range 2 { // the first round warms up
		for i, rec := range claims {
			began := time.Now()
			past, err := fitted.Ask(state, rec)
			if err != nil {
				return err
			}
			if vector, err = fitted.Vector(vector, rec, past); err != nil {
				return err
			}
			took[i] = float64(time.Since(began).Nanoseconds()) / 1000
		}
	}
	slices.Sort(took)
	for name, q := range map[string]float64{"p50": .5, "p90": .9, "p99": .99} {
		out[name] = took[int(q*float64(len(took)-1))]
	}
	return nil
}
