package history

import (
	"fmt"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
)

// row is one derived row.
type row struct {
	claim    int32 // -1 for none
	happened int64
	clocks   []int64 // instants as the row says: known, and those of Source.Stages
	known    []int64 // from when each clock's part counts; NoTime for what is not new
	keys     []int32
	values   []int64
	words    []int32
	marks    uint64
	label    datasets.Label
	texts    []string
	cells    [][]byte // per join of the table
}

// load makes r row i of d.
func (r *row) load(d *derived, i int) {
	r.claim = -1
	if d.claim != nil {
		r.claim = d.claim[i]
	}
	r.happened, r.marks, r.label = d.happened[i], 0, datasets.Unknown
	r.clocks = append(r.clocks[:0], d.known[i])
	for _, s := range d.stages {
		r.clocks = append(r.clocks, s[i])
	}
	r.keys, r.values, r.words, r.texts = r.keys[:0], r.values[:0], r.words[:0], r.texts[:0]
	for _, k := range d.keys {
		r.keys = append(r.keys, k[i])
	}
	for _, v := range d.values {
		r.values = append(r.values, v[i])
	}
	for _, w := range d.words {
		r.words = append(r.words, w[i])
	}
	if len(d.marks) > 0 {
		r.marks = d.marks[i]
	}
	if len(d.labels) > 0 {
		r.label = d.labels[i]
	}
	r.known = slices.Grow(r.known[:0], len(r.clocks))[:len(r.clocks)]
	for c := range r.known {
		r.known[c] = datasets.NoTime
	}
}

// readTexts returns the text columns of a record, "" for null.
func readTexts(rec arrow.Record, names []string) ([]func(int) (string, bool), error) {
	var out []func(int) (string, bool)
	for _, name := range names {
		a, err := field(rec, name)
		if err != nil {
			return nil, err
		}
		read, err := datasets.WordReader(a)
		if err != nil {
			return nil, fmt.Errorf("cannot read column %q as text: %w", name, err)
		}
		out = append(out, read)
	}
	return out, nil
}

// addTotal adds |v| to a total of absolute values; Missing adds nothing.
func addTotal(total uint64, v int64) uint64 {
	if v == math.MinInt64 {
		return total
	}
	return total + uint64(max(v, -v))
}
