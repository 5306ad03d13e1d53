package features

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// Past is what the history says about one claim as of its instant.
type Past struct {
	Answers []float64     // one per answer of the pipeline's plan, NaN where missing
	Lacks   []string      // tables that the pipeline reads and of which no row is known
	Joined  []arrow.Array // one element per joined column of the pipeline, null where missing; nil when all are
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

// frameOf is the frame of one claim.
func (p *Pipeline) frameOf(rec arrow.Record, past *Past) (*frame, error) {
	f := &frame{rec: rec}
	if p.plan == nil {
		return f, nil
	}
	f.answers = make([][]float64, p.plan.Answers)
	switch {
	case past == nil:
		unknown := []float64{math.NaN()}
		for a := range f.answers {
			f.answers[a] = unknown
		}
	case len(past.Answers) != p.plan.Answers:
		return nil, fmt.Errorf("cannot compute one vector: the history gives %d answers and the pipeline asks %d", len(past.Answers), p.plan.Answers)
	default:
		for a := range f.answers {
			f.answers[a] = past.Answers[a : a+1]
		}
	}
	if len(p.joined) == 0 {
		return f, nil
	}
	fields, columns := make([]arrow.Field, len(p.joined)), make([]arrow.Array, len(p.joined))
	for i, j := range p.joined {
		if past != nil && past.Joined != nil {
			columns[i] = past.Joined[i]
		} else {
			columns[i] = array.MakeArrayOfNull(memory.DefaultAllocator, gathered(j.typ.Arrow()), 1)
		}
		fields[i] = arrow.Field{Name: j.name(), Type: columns[i].DataType(), Nullable: true}
	}
	f.rec = widen(rec, fields, columns)
	return f, nil
}
