package main

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets"
	"claimsieve/datasets/parquetfile"
)

// ask is a column to read, with its type as dataset.yaml calls it.
type ask struct {
	Name string        `json:"name"`
	Type datasets.Type `json:"type"`
}

// sums are what a scan finds in a column: how many values are there, and their
// sum; of texts the bytes are summed, of instants the microseconds (of days the
// days) modulo 2^64, of truths the ones.
type sums struct {
	Count int64   `json:"count"`
	Sum   float64 `json:"sum"`
	Whole int64   `json:"whole"`
}

// scan reads columns of a file into typed columns, batch by batch, and sums
// each.
func scan(r *request) (any, error) {
	watch := start()
	f, err := parquetfile.Open(r.File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var columns []parquetfile.Column
	for _, c := range r.Columns {
		columns = append(columns, parquetfile.Column{File: c.Name, Type: c.Type.Arrow()})
	}
	found := make([]sums, len(columns))
	err = f.Read(columns, func(rec arrow.Record) error {
		for j, a := range rec.Columns() {
			if err := found[j].add(a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	taken := watch.taken()
	taken["rows"], taken["sums"] = f.Rows(), found
	return taken, nil
}

func (s *sums) add(a arrow.Array) error {
	s.Count += int64(a.Len() - a.NullN())
	switch a := a.(type) {
	case *array.Float64:
		for i, v := range a.Float64Values() {
			if a.IsValid(i) && !math.IsNaN(v) {
				s.Sum += v
			}
		}
	case *array.Int64:
		for i, v := range a.Int64Values() {
			if a.IsValid(i) {
				s.Whole += v
			}
		}
	case *array.Timestamp:
		for i, v := range a.TimestampValues() {
			if a.IsValid(i) {
				s.Whole += int64(v)
			}
		}
	case *array.Date32:
		for i, v := range a.Date32Values() {
			if a.IsValid(i) {
				s.Whole += int64(v)
			}
		}
	case *array.Boolean:
		for i := range a.Len() {
			if a.IsValid(i) && a.Value(i) {
				s.Whole++
			}
		}
	case *array.String:
		s.addTexts(a)
	case *array.Dictionary:
		words := a.Dictionary().(*array.String)
		for i := range a.Len() {
			if a.IsValid(i) {
				s.Whole += int64(words.ValueLen(a.GetValueIndex(i)))
			}
		}
	default:
		return fmt.Errorf("cannot sum a column of type %s", a.DataType())
	}
	return nil
}

func (s *sums) addTexts(a *array.String) {
	for i := range a.Len() {
		if a.IsValid(i) {
			s.Whole += int64(a.ValueLen(i))
		}
	}
}
