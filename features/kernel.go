package features

import (
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets"
	"claimsieve/features/expression"
)

// kernel fills dst (one element per row of rec) with the values of one
// indicator. The same kernel runs for a batch and for a record of one row.
type kernel func(dst []float64, rec arrow.Record) error

// columnOf returns the array of a column by name.
func columnOf(rec arrow.Record, name string) (arrow.Array, error) {
	idx := rec.Schema().FieldIndices(name)
	if len(idx) != 1 {
		return nil, fmt.Errorf("cannot read column %q: the record has %d columns of that name", name, len(idx))
	}
	return rec.Column(idx[0]), nil
}

// numberKernel reads an Int, Float or Bool column.
func numberKernel(column string) kernel {
	return func(dst []float64, rec arrow.Record) error {
		a, err := columnOf(rec, column)
		if err != nil {
			return err
		}
		switch a := a.(type) {
		case *array.Float64:
			copy(dst, a.Float64Values())
		case *array.Int64:
			for i, v := range a.Int64Values() {
				dst[i] = float64(v)
			}
		case *array.Boolean:
			for i := range dst {
				dst[i] = 0
				if a.Value(i) {
					dst[i] = 1
				}
			}
		default:
			return fmt.Errorf("cannot read column %q as a number: it holds %s", column, a.DataType())
		}
		maskNulls(dst, a)
		return nil
	}
}

// maskNulls writes NaN where the array is null, and one bit pattern for every
// NaN, so that equal vectors are equal bit for bit.
func maskNulls(dst []float64, a arrow.Array) {
	nulls := a.NullN() > 0
	for i, v := range dst {
		if v != v || nulls && a.IsNull(i) {
			dst[i] = math.NaN()
		}
	}
}

const microsPerDay = 24 * 60 * 60 * 1e6

// daysKernel subtracts two instants.
func daysKernel(from, to string) kernel {
	return func(dst []float64, rec arrow.Record) error {
		start, err := instantsOf(rec, from)
		if err != nil {
			return err
		}
		end, err := instantsOf(rec, to)
		if err != nil {
			return err
		}
		for i := range dst {
			s, e := start(i), end(i)
			if s == datasets.NoTime || e == datasets.NoTime {
				dst[i] = math.NaN()
				continue
			}
			dst[i] = float64(e-s) / microsPerDay
		}
		return nil
	}
}

// calendarParts are the parts of an instant that a pipeline may ask for.
var calendarParts = map[string]func(time.Time) int{
	"hour":    time.Time.Hour,
	"weekday": func(t time.Time) int { return (int(t.Weekday()) + 6) % 7 },
	"day":     time.Time.Day,
	"month":   func(t time.Time) int { return int(t.Month()) },
}

func calendarKernel(column string, part func(time.Time) int) kernel {
	return func(dst []float64, rec arrow.Record) error {
		at, err := instantsOf(rec, column)
		if err != nil {
			return err
		}
		for i := range dst {
			t := at(i)
			if t == datasets.NoTime {
				dst[i] = math.NaN()
				continue
			}
			dst[i] = float64(part(time.UnixMicro(t).UTC()))
		}
		return nil
	}
}

func instantsOf(rec arrow.Record, column string) (func(int) int64, error) {
	a, err := columnOf(rec, column)
	if err != nil {
		return nil, err
	}
	at, err := datasets.MicrosReader(a)
	if err != nil {
		return nil, fmt.Errorf("cannot read column %q as times: %w", column, err)
	}
	return at, nil
}

// wordSource returns, for a record, a function that gives the word of row i and
// whether there is one.
type wordSource func(rec arrow.Record) (func(int) (string, bool), error)

// columnWords reads the words of a column.
func columnWords(column string) wordSource {
	return func(rec arrow.Record) (func(int) (string, bool), error) { return wordReader(rec, column) }
}

// expressionWords evaluates an expression whose values are words.
func expressionWords(p *expression.Program) wordSource {
	return func(rec arrow.Record) (func(int) (string, bool), error) {
		c, err := p.Eval(rec)
		if err != nil {
			return nil, err
		}
		return func(i int) (string, bool) {
			if c.Codes[i] < 0 {
				return "", false
			}
			return c.Words[c.Codes[i]], true
		}, nil
	}
}

// expressionKernel evaluates an expression whose values are numbers or truths.
func expressionKernel(p *expression.Program) kernel {
	var columns sync.Pool // of *expression.Column, whose memory is used again
	return func(dst []float64, rec arrow.Record) error {
		c, _ := columns.Get().(*expression.Column)
		if c == nil {
			c = new(expression.Column)
		}
		defer columns.Put(c)
		if err := p.EvalInto(c, rec); err != nil {
			return err
		}
		return c.Numbers(dst)
	}
}

// wordReader reads the words of a column of one record.
func wordReader(rec arrow.Record, column string) (func(int) (string, bool), error) {
	a, err := columnOf(rec, column)
	if err != nil {
		return nil, err
	}
	word, err := datasets.WordReader(a)
	if err != nil {
		return nil, fmt.Errorf("cannot read column %q as a category: %w", column, err)
	}
	return word, nil
}

// categoryKernel writes the code of each word; NaN for null and for a word
// that has no code (unseen in training, or too rare there).
func categoryKernel(words wordSource, codes map[string]int) kernel {
	return func(dst []float64, rec arrow.Record) error {
		word, err := words(rec)
		if err != nil {
			return err
		}
		for i := range dst {
			dst[i] = math.NaN()
			if w, ok := word(i); ok {
				if c, seen := codes[w]; seen {
					dst[i] = float64(c)
				}
			}
		}
		return nil
	}
}
