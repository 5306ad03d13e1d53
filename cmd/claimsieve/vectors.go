package main

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
	"claimsieve/datasets/parquetfile"
	"claimsieve/features"
)

// table returns a writer that aligns tab-separated columns.
func table(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 2, 8, 2, ' ', 0) }

// outside refuses an output that would lie in the dataset's own folder.
func outside(data, out string) error {
	folder, err := filepath.Abs(data)
	if err == nil {
		var file string
		if file, err = filepath.Abs(out); err == nil {
			if rel, e := filepath.Rel(folder, file); e == nil && filepath.IsLocal(rel) {
				return usageError{fmt.Errorf("cannot write %s: it lies in the dataset that is read; choose a place outside of %s", out, data)}
			}
		}
	}
	return err
}

// claimColumns reads the claims with the given columns plus key and time.
func claimColumns(d *datasets.Dataset, columns []string) (*datasets.Table, error) {
	spec := d.Spec.Tables["claims"]
	for _, c := range []string{spec.Key, spec.KnownAt} {
		if !slices.Contains(columns, c) {
			columns = append(columns, c)
		}
	}
	return d.Table("claims", columns...)
}

// buildVectors computes all vectors and writes them with the claims' keys and
// times; it returns the number of claims.
func buildVectors(d *datasets.Dataset, p *features.Pipeline, before int64, out string) (int, error) {
	spec := d.Spec.Tables["claims"]
	claims, err := claimColumns(d, p.Inputs())
	if err != nil {
		return 0, err
	}
	known, err := claims.Micros(spec.KnownAt)
	if err != nil {
		return 0, err
	}
	var rows []int
	for i, t := range known {
		if before == 0 || t < before {
			rows = append(rows, i)
		}
	}
	fitted, err := p.Fit(claims, rows)
	if err != nil {
		return 0, err
	}
	matrix, err := fitted.Run(claims)
	if err != nil {
		return 0, err
	}
	ids, err := claims.Strings(spec.Key)
	if err != nil {
		return 0, err
	}
	record := vectorRecord(spec, ids, known, matrix)
	options := parquetfile.WriteOptions{Metadata: map[string]string{"claimsieve.pipeline": p.Spec().Name, "claimsieve.pipeline_digest": p.Spec().Digest()}}
	if err := parquetfile.Write(out, record.Schema(), []arrow.Record{record}, options); err != nil {
		return 0, err
	}
	return len(ids), nil
}

// vectorRecord lays a matrix out as an arrow record: key, time, indicators.
func vectorRecord(spec *datasets.TableSpec, ids []string, known []int64, m *features.Matrix) arrow.Record {
	fields := []arrow.Field{{Name: spec.Key, Type: arrow.BinaryTypes.String}, {Name: spec.KnownAt, Type: datasets.TimeType, Nullable: true}}
	for j, name := range m.Names {
		if name == spec.Key || name == spec.KnownAt {
			name = fmt.Sprintf("indicator.%s", name)
		}
		typ := arrow.DataType(arrow.PrimitiveTypes.Float64)
		if m.Categories[j] != nil {
			typ = datasets.CategoryType
		}
		fields = append(fields, arrow.Field{Name: name, Type: typ, Nullable: true})
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	b.Field(0).(*array.StringBuilder).AppendValues(ids, nil)
	for _, t := range known {
		if t == datasets.NoTime {
			b.Field(1).AppendNull()
			continue
		}
		b.Field(1).(*array.TimestampBuilder).Append(arrow.Timestamp(t))
	}
	for j, column := range m.Columns {
		appendIndicator(b.Field(j+2), column, m.Categories[j])
	}
	return b.NewRecord()
}

func appendIndicator(b array.Builder, column []float64, words []string) {
	for _, v := range column {
		if math.IsNaN(v) {
			b.AppendNull()
			continue
		}
		switch b := b.(type) {
		case *array.Float64Builder:
			b.Append(v)
		case *array.BinaryDictionaryBuilder:
			if err := b.AppendString(words[int(v)]); err != nil {
				panic(fmt.Sprintf("BUG: a word does not fit a dictionary of words: %v", err))
			}
		}
	}
}
