package synth

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
)

// column is one column of a table of rows R: what it is, and how a row gives
// its value. Exactly one of the functions is set, the one for the type.
type column[R any] struct {
	datasets.ColumnSpec
	words  []string                         // of a category
	text   func(r R, to []byte) []byte      // id, text: appends; nothing appended is null
	level  func(r R) int                    // category: place in words; negative is null
	number func(r R) float64                // float: NaN is null
	whole  func(r R) (n int64, given bool)  // int
	truth  func(r R) (yes bool, given bool) // bool
	second func(r R) int64                  // time: seconds since 1970; 0 is null
	day    func(r R) int                    // date: days since 1970
}

func title(en, zh string) datasets.Title { return datasets.Title{EN: en, ZH: zh} }

func spec(name string, t datasets.Type, en, zh string) datasets.ColumnSpec {
	return datasets.ColumnSpec{Name: name, Type: t, Title: title(en, zh)}
}

// at sets the stage from which the column exists.
func (c column[R]) at(s datasets.Stage) column[R] {
	c.Stage = s
	return c
}

// names sets the role of the entity that the column names.
func (c column[R]) names(role string) column[R] {
	c.Role = role
	return c
}

// class sets how the values are to be protected.
func (c column[R]) class(d datasets.DataClass) column[R] {
	c.Class = d
	return c
}

func idColumn[R any](name, en, zh string, text func(R, []byte) []byte) column[R] {
	return column[R]{ColumnSpec: spec(name, datasets.ID, en, zh), text: text}
}

func textColumn[R any](name, en, zh string, text func(R, []byte) []byte) column[R] {
	return column[R]{ColumnSpec: spec(name, datasets.Text, en, zh), text: text}
}

func wordColumn[R any](name, en, zh string, words []string, level func(R) int) column[R] {
	return column[R]{ColumnSpec: spec(name, datasets.Category, en, zh), words: words, level: level}
}

func floatColumn[R any](name, en, zh string, number func(R) float64) column[R] {
	return column[R]{ColumnSpec: spec(name, datasets.Float, en, zh), number: number}
}

func intColumn[R any](name, en, zh string, whole func(R) (int64, bool)) column[R] {
	return column[R]{ColumnSpec: spec(name, datasets.Int, en, zh), whole: whole}
}

func boolColumn[R any](name, en, zh string, truth func(R) (bool, bool)) column[R] {
	return column[R]{ColumnSpec: spec(name, datasets.Bool, en, zh), truth: truth}
}

func timeColumn[R any](name, en, zh string, second func(R) int64) column[R] {
	return column[R]{ColumnSpec: spec(name, datasets.Time, en, zh), second: second}
}

func dateColumn[R any](name, en, zh string, day func(R) int) column[R] {
	return column[R]{ColumnSpec: spec(name, datasets.Date, en, zh), day: day}
}

// build fills one column from rows; the caller releases it.
func (c *column[R]) build(rows []R) arrow.Array {
	mem := memory.DefaultAllocator
	switch c.Type {
	case datasets.ID, datasets.Text:
		return c.buildText(mem, rows)
	case datasets.Category:
		return c.buildWords(mem, rows)
	case datasets.Float:
		b := array.NewFloat64Builder(mem)
		return fill(b, rows, func(r R) {
			v := c.number(r)
			appendOr(b, v, !math.IsNaN(v))
		})
	case datasets.Int:
		b := array.NewInt64Builder(mem)
		return fill(b, rows, func(r R) {
			v, given := c.whole(r)
			appendOr(b, v, given)
		})
	case datasets.Bool:
		b := array.NewBooleanBuilder(mem)
		return fill(b, rows, func(r R) {
			v, given := c.truth(r)
			appendOr(b, v, given)
		})
	case datasets.Time:
		b := array.NewTimestampBuilder(mem, datasets.TimeType)
		return fill(b, rows, func(r R) {
			v := c.second(r)
			appendOr(b, arrow.Timestamp(v*1_000_000), v != 0)
		})
	case datasets.Date:
		b := array.NewDate32Builder(mem)
		return fill(b, rows, func(r R) { b.Append(arrow.Date32(c.day(r))) })
	}
	panic(fmt.Sprintf("BUG: column %s has type %s", c.Name, c.Type))
}

func (c *column[R]) buildText(mem memory.Allocator, rows []R) arrow.Array {
	b := array.NewStringBuilder(mem)
	var scratch []byte
	if len(rows) > 0 {
		b.ReserveData(len(rows) * len(c.text(rows[0], nil)))
	}
	return fill(b, rows, func(r R) {
		if scratch = c.text(r, scratch[:0]); len(scratch) > 0 {
			b.BinaryBuilder.Append(scratch)
		} else {
			b.AppendNull()
		}
	})
}

func (c *column[R]) buildWords(mem memory.Allocator, rows []R) arrow.Array {
	b := array.NewInt32Builder(mem)
	indices := fill(b, rows, func(r R) {
		level := c.level(r)
		appendOr(b, int32(level), level >= 0)
	})
	defer indices.Release()
	words := array.NewStringBuilder(mem)
	defer words.Release()
	words.AppendValues(c.words, nil)
	dictionary := words.NewArray()
	defer dictionary.Release()
	return array.NewDictionaryArray(datasets.CategoryType, indices, dictionary)
}

func fill[R any](b array.Builder, rows []R, put func(R)) arrow.Array {
	defer b.Release()
	b.Reserve(len(rows))
	for _, r := range rows {
		put(r)
	}
	return b.NewArray()
}

func appendOr[T any](b interface {
	Append(T)
	AppendNull()
}, v T, given bool) {
	if given {
		b.Append(v)
	} else {
		b.AppendNull()
	}
}

// specsOf returns the columns' descriptions.
func specsOf[R any](columns []column[R]) []datasets.ColumnSpec {
	out := make([]datasets.ColumnSpec, len(columns))
	for i, c := range columns {
		out[i] = c.ColumnSpec
	}
	return out
}
