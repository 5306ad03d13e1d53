package features

import "github.com/apache/arrow/go/v17/arrow"

// Past is what the history says about one claim as of its instant.
type Past struct {
	Answers []float64 // one per answer of the pipeline's plan, NaN where missing
	// Stranger says that the history does not hold the claim itself, so that nothing
	// is known of its own rows in other tables.
	Stranger bool
	Lacks    []string      // tables that the pipeline reads and of which no row is known
	Joined   []arrow.Array // one element per joined column of the pipeline, null where missing; nil when all are
}

// Answered returns, per indicator, the place of its answer among those of the
// pipeline's plan, -1 for an indicator that is computed from the claim's row.
func (p *Pipeline) Answered() []int {
	out := make([]int, len(p.indicators))
	for j := range p.indicators {
		out[j] = p.indicators[j].answer
	}
	return out
}

// lacking returns the tables of which nothing is known about the claim.
func (p *Pipeline) lacking(past *Past) []string {
	if past != nil {
		return past.Lacks
	}
	var all []string
	for _, ind := range p.indicators {
		all = append(all, ind.tables...)
	}
	return all
}
