package history

import (
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets"
	"claimsieve/features/network"
)

// question is one claim's row and the memory that its answers are worked out
// in.
type question struct {
	out []float64
	set func(answer int, value float64)

	at       int64 // of the vector; NoTime without one
	claim    int32 // code of the id; -1 when it is new
	known    int64
	happened int64
	clocks   []int64
	keys     []int32 // -1 for none; below that for a word without a code, one number for each
	texts    []string

	word    []byte
	unknown []unknownWord

	answers   []float64 // of one group, per key
	column    []float64
	raw       []float64 // per aggregate of all groups, NaN where missing
	instants  []int64   // at which own events happened
	asks      []int32
	trail     trail
	named     []network.Own
	strangers []stranger
	asker     *network.Asker
	asked     *graph // that the asker is of
}

// unknownWord is a key that no dictionary has.
type unknownWord struct {
	space int
	word  string
}

func (s *State) question() *question {
	q, _ := s.questions.Get().(*question)
	if q == nil {
		q = &question{}
		q.set = func(answer int, value float64) { q.out[answer] = value }
	}
	return q
}

// read reads a claim's row. Keys are looked up, never added.
func (s *State) read(q *question, rec arrow.Record) error {
	if rec.NumRows() != 1 {
		return fmt.Errorf("cannot answer for a record of %d rows: give the one of the claim", rec.NumRows())
	}
	src := s.plan.claims()
	var err error
	if q.at, err = instantOf(rec, s.plan.Instant); err != nil {
		return fmt.Errorf("cannot answer: %w", err)
	}
	if q.at == datasets.NoTime {
		return nil
	}
	if err := s.readClocks(q, rec); err != nil {
		return fmt.Errorf("cannot answer: %w", err)
	}
	q.unknown = q.unknown[:0]
	if q.claim, err = q.code(rec, []string{src.Claim}, s.codes.claims, -1); err != nil {
		return fmt.Errorf("cannot answer: %w", err)
	}
	q.claim = max(q.claim, -1)
	q.keys = q.keys[:0]
	for k := range src.Keys {
		code := int32(-1)
		if s.layout.asked[k] {
			space := src.Keys[k].Space
			if code, err = q.code(rec, src.Keys[k].Columns, s.codes.spaces[space], space); err != nil {
				return fmt.Errorf("cannot answer: %w", err)
			}
		}
		q.keys = append(q.keys, code)
	}
	q.texts = q.texts[:0]
	for _, name := range src.Texts {
		word, _, err := wordOf(nil, rec, name)
		if err != nil {
			return fmt.Errorf("cannot answer: %w", err)
		}
		q.texts = append(q.texts, string(word))
	}
	return nil
}

func (s *State) readClocks(q *question, rec arrow.Record) (err error) {
	src := s.plan.claims()
	if q.known, err = instantOf(rec, src.Spec.KnownAt); err != nil {
		return err
	}
	if q.happened = q.known; src.Spec.HappenedAt != "" {
		if q.happened, err = instantOf(rec, src.Spec.HappenedAt); err != nil {
			return err
		}
	}
	q.clocks = append(q.clocks[:0], q.known)
	for _, stage := range src.Stages {
		at, err := instantOf(rec, src.Spec.StageTime(stage))
		if err != nil {
			return err
		}
		q.clocks = append(q.clocks, at)
	}
	return nil
}

// instantOf returns the instant in a column of a record of one row.
func instantOf(rec arrow.Record, column string) (int64, error) {
	a, err := field(rec, column)
	if err != nil {
		return 0, err
	}
	t := datasets.NoTime
	switch a := a.(type) {
	case *array.Timestamp:
		if !a.IsNull(0) {
			t = int64(a.Value(0))
		}
	case *array.Date32:
		if !a.IsNull(0) {
			t = int64(a.Value(0)) * instantUnits[0]
		}
	default:
		return 0, fmt.Errorf("cannot read column %q as times: it holds %s", column, a.DataType())
	}
	if t < firstInstant || t >= endInstant {
		t = datasets.NoTime
	}
	return t, nil
}

// wordOf appends the word in a column of a record of one row, by the rules of
// datasets.WordReader.
func wordOf(dst []byte, rec arrow.Record, column string) (word []byte, there bool, err error) {
	a, err := field(rec, column)
	if err != nil {
		return dst, false, err
	}
	if a.IsNull(0) {
		return dst, false, nil
	}
	switch a := a.(type) {
	case *array.String:
		return append(dst, a.Value(0)...), true, nil
	case *array.Dictionary:
		words, ok := a.Dictionary().(*array.String)
		if !ok {
			break
		}
		w := a.GetValueIndex(0)
		if words.IsNull(w) {
			return dst, false, nil
		}
		return append(dst, words.Value(w)...), true, nil
	case *array.Int64:
		return strconv.AppendInt(dst, a.Value(0), 10), true, nil
	case *array.Boolean:
		return strconv.AppendBool(dst, a.Value(0)), true, nil
	}
	return dst, false, fmt.Errorf("cannot read column %q as a key: it holds %s", column, a.DataType())
}

// code looks up the word of a column, or a tuple of several: -1 when one is null
// or empty, below that when the dictionary does not have it.
func (q *question) code(rec arrow.Record, columns []string, d *dictionary, space int) (int32, error) {
	q.word = q.word[:0]
	for _, column := range columns {
		from := len(q.word)
		word, there, err := wordOf(q.word, rec, column)
		if err != nil || !there || len(word) == from { // as in deriveCodes
			return -1, err
		}
		if len(columns) > 1 { // each with its length in front, as in appendTuple
			var length [binary.MaxVarintLen64]byte
			n := binary.PutUvarint(length[:], uint64(len(word)-from))
			word = append(word, length[:n]...)
			copy(word[from+n:], word[from:len(word)-n])
			copy(word[from:], length[:n])
		}
		q.word = word
	}
	if code := d.findBytes(q.word); code >= 0 {
		return code, nil
	}
	for i, u := range q.unknown {
		if u.space == space && u.word == string(q.word) {
			return -2 - int32(i), nil
		}
	}
	q.unknown = append(q.unknown, unknownWord{space, string(q.word)})
	return -1 - int32(len(q.unknown)), nil
}
