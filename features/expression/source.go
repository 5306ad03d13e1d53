package expression

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// source is one input of a program bound to an array: the one field that fits
// the array's type is set.
type source struct {
	floats []float64
	ints   []int64
	bools  *array.Boolean
	texts  *array.String
	codes  *array.Dictionary
	words  *array.String // of codes
	stamps []arrow.Timestamp
	days   []arrow.Date32

	valid  []byte // null bitmap, nil when there is none
	offset int    // of the array's first row in valid
}

// bind finds the column of an input in a record.
func bind(rec arrow.Record, in input) (source, error) {
	idx := rec.Schema().FieldIndices(in.name)
	if len(idx) != 1 {
		return source{}, fmt.Errorf("cannot evaluate expression: the record has %d columns %q; give it exactly one", len(idx), in.name)
	}
	a := rec.Column(idx[0])
	s := source{valid: a.NullBitmapBytes(), offset: a.Data().Offset()}
	var has Type
	switch a := a.(type) {
	case *array.Float64:
		s.floats, has = a.Float64Values(), Number
	case *array.Int64:
		s.ints, has = a.Int64Values(), Number
	case *array.Boolean:
		s.bools, has = a, Bool
	case *array.String:
		s.texts, has = a, Word
	case *array.Dictionary:
		if words, ok := a.Dictionary().(*array.String); ok {
			s.codes, s.words, has = a, words, Word
		}
	case *array.Timestamp:
		if a.DataType().(*arrow.TimestampType).Unit == arrow.Microsecond {
			s.stamps, has = a.TimestampValues(), Instant
		}
	case *array.Date32:
		s.days, has = a.Date32Values(), Instant
	}
	if has != in.typ {
		return source{}, fmt.Errorf("cannot evaluate expression: column %q holds %s, which is not %s as when the expression was compiled", in.name, a.DataType(), in.typ.article())
	}
	return s, nil
}

// null reports whether row i of the array is null.
func (s *source) null(i int) bool {
	i += s.offset
	return s.valid != nil && s.valid[i>>3]>>(i&7)&1 == 0
}

// mask writes missing where rows from low on are null.
func mask[T any](s *source, low int, out []T, missing T) {
	if s.valid == nil {
		return
	}
	for i := 0; i < len(out); {
		at := low + s.offset + i
		if at&7 == 0 && s.valid[at>>3] == 0xff {
			i += 8 // a byte without a null
			continue
		}
		if s.valid[at>>3]>>(at&7)&1 == 0 {
			out[i] = missing
		}
		i++
	}
}

// maskNumbers is mask without a branch, which nulls strewn at random would make
// the processor guess: it sets all bits that make a number NaN.
func (s *source) maskNumbers(low int, out []float64) {
	if s.valid == nil {
		return
	}
	bits := math.Float64bits(missingNumber)
	at := low + s.offset
	for i, v := range out {
		there := uint64(s.valid[(at+i)>>3] >> ((at + i) & 7) & 1)
		out[i] = math.Float64frombits(math.Float64bits(v) | (there-1)&bits)
	}
}

func loadNumbers(m *machine, s *step, n int) {
	src, out := &m.sources[s.column], m.numbers[s.out][:n]
	if src.ints != nil {
		for i, v := range src.ints[m.low : m.low+n] {
			out[i] = float64(v)
		}
	} else {
		for i, v := range src.floats[m.low : m.low+n] {
			out[i] = finite(v)
		}
	}
	src.maskNumbers(m.low, out)
}

func loadTruths(m *machine, s *step, n int) {
	src, out := &m.sources[s.column], m.truths[s.out][:n]
	for i := range out {
		out[i] = truth(src.bools.Value(m.low + i))
	}
	mask(src, m.low, out, Missing)
}

func loadWords(m *machine, s *step, n int) {
	src, out := &m.sources[s.column], m.words[s.out][:n]
	for i := range out {
		row := m.low + i
		switch {
		case src.null(row):
			out[i] = word{}
		case src.texts != nil:
			out[i] = word{src.texts.Value(row), true}
		default:
			out[i] = src.word(src.codes.GetValueIndex(row))
		}
	}
}

// word returns a word of the dictionary, which may itself hold a null. A code
// that the dictionary does not have is missing: arrow's readers let it pass.
func (s *source) word(code int) word {
	if code < 0 || code >= s.words.Len() || s.words.IsNull(code) {
		return word{}
	}
	return word{s.words.Value(code), true}
}

func loadInstants(m *machine, s *step, n int) {
	src, out := &m.sources[s.column], m.micros[s.out][:n]
	if src.stamps != nil {
		for i, v := range src.stamps[m.low : m.low+n] {
			out[i] = instant(int64(v))
		}
	} else {
		for i, v := range src.days[m.low : m.low+n] {
			out[i] = noTime
			if int64(v) >= firstInstant/microsPerDay && int64(v) <= lastInstant/microsPerDay {
				out[i] = int64(v) * microsPerDay
			}
		}
	}
	mask(src, m.low, out, noTime)
}

// unasked marks a word of a dictionary that was not tested yet.
const unasked Truth = math.MinInt8

// columnMatches tests the words of a column against a constant. Where a
// dictionary is no longer than the record, each of its words is tested once.
func columnMatches(m *machine, s *step, n int) {
	src, out := &m.sources[s.column], m.truths[s.out][:n]
	if src.codes != nil && src.words.Len() <= m.rows {
		m.matchCodes(s, src, out)
		return
	}
	for i := range out {
		row := m.low + i
		var w word
		switch {
		case src.null(row):
		case src.texts != nil:
			w = word{src.texts.Value(row), true}
		default:
			w = src.word(src.codes.GetValueIndex(row))
		}
		out[i] = Missing
		if w.there {
			out[i] = truth(s.match(w.text))
		}
	}
}

func (m *machine) matchCodes(s *step, src *source, out []Truth) {
	answers := m.answers[s.memo]
	if m.low == 0 {
		if cap(answers) < src.words.Len() {
			answers = make([]Truth, src.words.Len())
		}
		answers = answers[:src.words.Len()]
		fill(answers, unasked)
		m.answers[s.memo] = answers
	}
	codes, short := src.codes.Indices().(*array.Int32)
	for i := range out {
		row := m.low + i
		if src.null(row) {
			out[i] = Missing
			continue
		}
		var code int
		if short {
			code = int(codes.Value(row))
		} else {
			code = src.codes.GetValueIndex(row)
		}
		if code < 0 || code >= len(answers) {
			out[i] = Missing
			continue
		}
		if answers[code] == unasked {
			answers[code] = Missing
			if w := src.word(code); w.there {
				answers[code] = truth(s.match(w.text))
			}
		}
		out[i] = answers[code]
	}
}
