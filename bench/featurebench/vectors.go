package main

import (
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
	"claimsieve/datasets/parquetfile"
	"claimsieve/features"
	"claimsieve/features/catalog"
)

// vectors computes a pipeline over a dataset, from the files to vectors in
// memory, and writes them to r.Out after the clock has stopped.
func vectors(r *request) (any, error) {
	name, text, err := source(r.Pipeline)
	if err != nil {
		return nil, err
	}
	watch := start()
	spec, err := features.ParseSpec(name, text)
	if err != nil {
		return nil, err
	}
	d, err := datasets.Open(r.Data)
	if err != nil {
		return nil, err
	}
	p, err := features.Compile(spec, d.Spec)
	if err != nil {
		return nil, err
	}
	in, err := p.Read(d, features.ReadOptions{Threads: r.Threads})
	if err != nil {
		return nil, err
	}
	fitted, err := p.Fit(in, nil)
	if err != nil {
		return nil, err
	}
	m, err := fitted.Run(in)
	if err != nil {
		return nil, err
	}
	taken := watch.taken()
	if r.Out != "" {
		if err := keep(r.Out, d.Spec.Tables[datasets.ClaimsTable].Key, in, m); err != nil {
			return nil, err
		}
	}
	taken["rows"] = m.Rows()
	return taken, nil
}

// source returns the YAML of a pipeline of the catalogue, or of a file.
func source(nameOrFile string) (name string, text []byte, err error) {
	if !strings.ContainsAny(nameOrFile, `/\.`) {
		text, err = catalog.Source(nameOrFile)
		return nameOrFile + ".yaml", text, err
	}
	text, err = os.ReadFile(nameOrFile)
	return nameOrFile, text, err
}

// keep writes the vectors with the claims' keys.
func keep(path, key string, in *features.Input, m *features.Matrix) error {
	ids, err := in.Claims().Strings(key)
	if err != nil {
		return err
	}
	fields := []arrow.Field{{Name: key, Type: arrow.BinaryTypes.String}}
	for _, name := range m.Names {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Float64, Nullable: true})
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	b.Field(0).(*array.StringBuilder).AppendValues(ids, nil)
	for j, column := range m.Columns {
		present := make([]bool, len(column))
		for i, v := range column {
			present[i] = !math.IsNaN(v)
		}
		b.Field(j+1).(*array.Float64Builder).AppendValues(column, present)
	}
	record := b.NewRecord()
	defer record.Release()
	if err := parquetfile.Write(path, record.Schema(), []arrow.Record{record}, parquetfile.WriteOptions{}); err != nil {
		return fmt.Errorf("cannot keep vectors: %w", err)
	}
	return nil
}
