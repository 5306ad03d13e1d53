package features

import (
	"fmt"
	"math"
	"slices"
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
)

// frame is a run of claims on its way to vectors: their columns, those of the
// rows that they refer to, and, as they are computed, the indicators that
// others read.
type frame struct {
	rec     arrow.Record
	first   int         // row of the claims table at which it begins
	answers [][]float64 // of the history, for the frame's rows
}

func (f *frame) rows() int { return int(f.rec.NumRows()) }

// compute fills dst with the indicator's values.
func (ind *indicator) compute(run kernel, dst []float64, f *frame) error {
	if ind.answer >= 0 {
		copy(dst, f.answers[ind.answer])
		return nil
	}
	if err := run(dst, f.rec); err != nil {
		return fmt.Errorf("cannot compute indicator %q: %w", ind.Name, err)
	}
	return nil
}

// field is the column that an indicator is for others.
func (ind *indicator) field() arrow.Field {
	if ind.truth {
		return arrow.Field{Name: ind.Name, Type: arrow.FixedWidthTypes.Boolean, Nullable: true}
	}
	return arrow.Field{Name: ind.Name, Type: arrow.PrimitiveTypes.Float64, Nullable: true}
}

// isRead says whether other indicators read indicator j.
func (p *Pipeline) isRead(j int) bool {
	return slices.ContainsFunc(p.indicators, func(ind indicator) bool { return slices.Contains(ind.reads, p.indicators[j].Name) })
}

// lift adds the indicators of a level that others read to the frame's columns.
func (p *Pipeline) lift(f *frame, level []int, values func(j int) ([]float64, error)) error {
	var fields []arrow.Field
	var columns []arrow.Array
	for _, j := range level {
		if !p.read[j] {
			continue
		}
		v, err := values(j)
		if err != nil {
			return err
		}
		ind := &p.indicators[j]
		fields = append(fields, ind.field())
		if ind.truth {
			columns = append(columns, truthArray(v))
		} else {
			columns = append(columns, floatArray(v))
		}
	}
	if len(fields) > 0 {
		f.rec = widen(f.rec, fields, columns)
	}
	return nil
}

// widen returns a record with more columns.
func widen(rec arrow.Record, fields []arrow.Field, columns []arrow.Array) arrow.Record {
	schema := arrow.NewSchema(append(slices.Clone(rec.Schema().Fields()), fields...), nil)
	return array.NewRecord(schema, append(slices.Clone(rec.Columns()), columns...), rec.NumRows())
}

// floatArray is an arrow array over values, which it does not copy; NaN is read
// as missing by expressions.
func floatArray(values []float64) arrow.Array {
	var bytes []byte
	if len(values) > 0 {
		bytes = unsafe.Slice((*byte)(unsafe.Pointer(&values[0])), 8*len(values))
	}
	data := array.NewData(arrow.PrimitiveTypes.Float64, len(values), []*memory.Buffer{nil, memory.NewBufferBytes(bytes)}, nil, 0, 0)
	return array.NewFloat64Data(data)
}

// truthArray is 0 and 1 as truths, null for NaN.
func truthArray(values []float64) arrow.Array {
	b := array.NewBooleanBuilder(memory.DefaultAllocator)
	b.Reserve(len(values))
	for _, v := range values {
		if math.IsNaN(v) {
			b.AppendNull()
		} else {
			b.UnsafeAppend(v != 0)
		}
	}
	return b.NewArray()
}

// frames hands the claims that were read over, chunk by chunk.
func (p *Pipeline) frames(in *Input, each func(*frame) error) error {
	first := 0
	for _, rec := range in.claims.Chunks() {
		n := int(rec.NumRows())
		f := &frame{rec: rec, first: first}
		if in.answers != nil {
			for _, column := range in.answers.Columns {
				f.answers = append(f.answers, column[first:first+n])
			}
			fields, columns, err := p.joinedArrays(in, first, n)
			if err != nil {
				return err
			}
			if len(fields) > 0 {
				f.rec = widen(rec, fields, columns)
			}
		}
		if err := each(f); err != nil {
			return err
		}
		first += n
	}
	return nil
}

// joinedArrays gathers, for a run of claims, the columns of the rows that they
// refer to.
func (p *Pipeline) joinedArrays(in *Input, first, n int) ([]arrow.Field, []arrow.Array, error) {
	var fields []arrow.Field
	var columns []arrow.Array
	for _, j := range p.joined {
		a, err := gather(j.typ.Arrow(), in.joined[j.name()], in.answers.Joined[j.table][first:first+n])
		if err != nil {
			return nil, nil, fmt.Errorf("cannot look up %s: %w", j.name(), err)
		}
		fields = append(fields, arrow.Field{Name: j.name(), Type: a.DataType(), Nullable: true})
		columns = append(columns, a)
	}
	return fields, columns, nil
}

// gathered is the type of a column whose elements were picked: words are
// strings, since dictionaries differ from chunk to chunk.
func gathered(t arrow.DataType) arrow.DataType {
	if t.ID() == arrow.DICTIONARY {
		return arrow.BinaryTypes.String
	}
	return t
}

// gather returns the elements of a column of a type at the given rows, null for -1.
func gather(typ arrow.DataType, column []arrow.Array, rows []int32) (arrow.Array, error) {
	b := array.NewBuilder(memory.DefaultAllocator, gathered(typ))
	b.Reserve(len(rows))
	ends := make([]int, len(column))
	total := 0
	for i, a := range column {
		total += a.Len()
		ends[i] = total
	}
	for _, row := range rows {
		if row < 0 {
			b.AppendNull()
			continue
		}
		chunk, _ := slices.BinarySearch(ends, int(row)+1)
		a, i := column[chunk], int(row)-ends[chunk]+column[chunk].Len()
		if a.IsNull(i) {
			b.AppendNull()
			continue
		}
		if err := appendElement(b, a, i); err != nil {
			return nil, err
		}
	}
	return b.NewArray(), nil
}

func appendElement(b array.Builder, a arrow.Array, i int) error {
	switch a := a.(type) {
	case *array.Float64:
		b.(*array.Float64Builder).Append(a.Value(i))
	case *array.Int64:
		b.(*array.Int64Builder).Append(a.Value(i))
	case *array.Boolean:
		b.(*array.BooleanBuilder).Append(a.Value(i))
	case *array.Timestamp:
		b.(*array.TimestampBuilder).Append(a.Value(i))
	case *array.Date32:
		b.(*array.Date32Builder).Append(a.Value(i))
	default:
		word, err := datasets.WordReader(a)
		if err != nil {
			return err
		}
		w, _ := word(i)
		b.(*array.StringBuilder).Append(w)
	}
	return nil
}
