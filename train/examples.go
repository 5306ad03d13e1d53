package train

import (
	"fmt"
	"sort"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
)

// selfTestSize is the number of claims in a bundle's self-test.
const selfTestSize = 20

// selfTestClaims picks claims spread evenly over the ranks of the reference
// population and returns them as JSON with the columns that the pipeline
// reads. Their ids are replaced: a bundle names no claim.
func selfTestClaims(h *history, f *fittedModel, spec *datasets.TableSpec, reference []int) ([][]byte, error) {
	margins := marginsOf(f.learned.Forest, f.matrix, reference)
	order := make([]int, len(reference))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return margins[order[a]] < margins[order[b]] })
	n := min(selfTestSize, len(order))
	var out [][]byte
	for k := range n {
		row := reference[order[k*(len(order)-1)/max(n-1, 1)]]
		claim, err := claimJSON(h.claims, spec, f.pipeline.Inputs(), row, fmt.Sprintf("selftest-%02d", k+1))
		if err != nil {
			continue // an infinite number has no place in JSON; the other claims do
		}
		out = append(out, claim)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("cannot make a self-test: none of %d claims can be written as JSON", n)
	}
	return out, nil
}

// claimJSON writes one claim of a table with only the given columns and
// another id.
func claimJSON(claims *datasets.Table, spec *datasets.TableSpec, columns []string, row int, id string) ([]byte, error) {
	rec, i := chunkOf(claims, row)
	key := array.NewStringBuilder(memory.DefaultAllocator)
	key.Append(id)
	fields := []arrow.Field{{Name: spec.Key, Type: arrow.BinaryTypes.String}}
	arrays := []arrow.Array{key.NewArray()}
	for _, c := range columns {
		if c == spec.Key {
			continue
		}
		j := rec.Schema().FieldIndices(c)[0]
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
