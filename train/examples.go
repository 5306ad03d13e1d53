package train

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
	"claimsieve/models"
)

// selfTestSize is the number of claims in a bundle's self-test.
const selfTestSize = 20

// selfTestClaims composes examples with the columns that the pipeline reads:
// every value comes from a claim of the reference population, but each column
// from another one, so that a bundle carries no claim.
func selfTestClaims(h *history, f *fittedModel, spec *datasets.TableSpec, reference []int) ([]models.Example, error) {
	n := min(selfTestSize, len(reference))
	var out []models.Example
	for k := range n {
		claim, err := composedClaim(h.input.Claims(), spec, f.pipeline.Inputs(), fmt.Sprintf("selftest-%02d", k+1), func(column int) int {
			return reference[(k*len(reference)/n+(column+1)*columnStep)%len(reference)]
		})
		if err != nil {
			continue // an infinite number has no place in JSON; the other claims do
		}
		out = append(out, models.Example{Claim: claim, History: composedHistory(f, reference, k)})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("cannot make a self-test: none of %d claims can be written as JSON", n)
	}
	return out, nil
}

// composedHistory is what the history is to have said about self-test claim k:
// every value of another claim.
func composedHistory(f *fittedModel, reference []int, k int) map[string]float64 {
	out := map[string]float64{}
	for j, answer := range f.pipeline.Answered() {
		row := reference[(k*len(reference)/min(selfTestSize, len(reference))+(j+1)*columnStep)%len(reference)]
		if value := f.matrix.Columns[j][row]; answer >= 0 && !math.IsNaN(value) && !math.IsInf(value, 0) {
			out[f.matrix.Names[j]] = value
		}
	}
	return out
}

// columnStep is how many claims lie between the sources of two columns: a
// prime, so that hardly any size of the population brings them together.
const columnStep = 7919

// composedClaim writes a claim with the given columns, each from the row that
// source names for it, and an id of its own.
func composedClaim(claims *datasets.Table, spec *datasets.TableSpec, columns []string, id string, source func(column int) int) ([]byte, error) {
	key := array.NewStringBuilder(memory.DefaultAllocator)
	key.Append(id)
	fields := []arrow.Field{{Name: spec.Key, Type: arrow.BinaryTypes.String}}
	arrays := []arrow.Array{key.NewArray()}
	for c, name := range columns {
		if name == spec.Key {
			continue
		}
		rec, i := chunkOf(claims, source(c))
		j := rec.Schema().FieldIndices(name)[0]
		fields = append(fields, rec.Schema().Field(j))
		arrays = append(arrays, array.NewSlice(rec.Column(j), i, i+1))
	}
	return datasets.RowJSON(array.NewRecord(arrow.NewSchema(fields, nil), arrays, 1), 0)
}

// chunkOf returns the chunk that holds a row, and the row's place in it.
func chunkOf(t *datasets.Table, row int) (arrow.Record, int64) {
	for _, rec := range t.Chunks() {
		if n := int(rec.NumRows()); row >= n {
			row -= n
			continue
		}
		return rec, int64(row)
	}
	panic("BUG: a row beyond the end of the claims")
}
