package history

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets"
	"claimsieve/features/expression"
)

// emptiness says what an empty word is.
type emptiness bool

const (
	nobody emptiness = false // it names nothing: -1, or all claims without a telephone would share one
	aWord  emptiness = true  // it is a word like others
)

// deriveCodes fills dst with the codes of a key: of a column's words, or of
// tuples of several columns. A null names nothing, and neither does an empty
// word; a tuple with either has no code.
func deriveCodes(dst []int32, rec arrow.Record, columns []string, d *dictionary, mode coding) error {
	if len(columns) == 1 {
		return deriveColumn(dst, rec, columns[0], d, mode, nobody)
	}
	readers := make([]func(int) (string, bool), len(columns))
	for c, column := range columns {
		a, err := field(rec, column)
		if err != nil {
			return err
		}
		if readers[c], err = wordReader(a, column, nobody); err != nil {
			return err
		}
	}
	var tuple []byte
	var err error
	for i := range dst {
		dst[i] = -1
		there := false
		if tuple, there = appendTuple(tuple[:0], readers, i); there {
			if dst[i], err = d.lookUp(string(tuple), mode); err != nil {
				return err
			}
		}
	}
	return nil
}

// wordReader reads the words of a column.
func wordReader(a arrow.Array, column string, empty emptiness) (func(int) (string, bool), error) {
	read, err := datasets.WordReader(a)
	if err != nil {
		return nil, fmt.Errorf("cannot read column %q as a key: %w", column, err)
	}
	if empty == aWord {
		return read, nil
	}
	return func(i int) (string, bool) {
		word, there := read(i)
		return word, there && word != ""
	}, nil
}

// appendTuple appends the words of row i, each with its length in front, so
// that different tuples are different.
func appendTuple(dst []byte, readers []func(int) (string, bool), i int) ([]byte, bool) {
	for _, read := range readers {
		word, there := read(i)
		if !there {
			return dst, false
		}
		dst = binary.AppendUvarint(dst, uint64(len(word)))
		dst = append(dst, word...)
	}
	return dst, true
}

// deriveColumn fills dst with the codes of a column's words.
func deriveColumn(dst []int32, rec arrow.Record, column string, d *dictionary, mode coding, empty emptiness) error {
	a, err := field(rec, column)
	if err != nil {
		return err
	}
	if coded, ok := a.(*array.Dictionary); ok && a.Len() > 1 {
		return deriveCoded(dst, coded, column, d, mode, empty)
	}
	if texts, ok := a.(*array.String); ok && mode == numbering {
		return d.codeTexts(dst, texts, empty)
	}
	read, err := wordReader(a, column, empty)
	if err != nil {
		return err
	}
	if mode == numbering {
		return d.codeAll(dst, read)
	}
	for i := range dst {
		dst[i] = -1
		if word, there := read(i); there {
			dst[i] = d.find(word)
		}
	}
	return nil
}

// deriveCoded looks each word of an arrow dictionary up once.
func deriveCoded(dst []int32, a *array.Dictionary, column string, d *dictionary, mode coding, empty emptiness) error {
	words, ok := a.Dictionary().(*array.String)
	if !ok {
		return fmt.Errorf("cannot read column %q as a key: it holds a dictionary of %s", column, a.Dictionary().DataType())
	}
	const unasked = -2
	known := make([]int32, words.Len())
	for i := range known {
		known[i] = unasked
	}
	for i := range dst {
		dst[i] = -1
		if a.IsNull(i) {
			continue
		}
		w := a.GetValueIndex(i)
		if uint(w) >= uint(len(known)) || words.IsNull(w) || empty == nobody && words.ValueLen(w) == 0 {
			continue
		}
		if known[w] == unasked {
			code, err := d.lookUp(words.Value(w), mode)
			if err != nil {
				return err
			}
			known[w] = code
		}
		dst[i] = known[w]
	}
	return nil
}

// deriveWords fills dst with codes of an expression's words, or of its numbers
// by their bits. The words of a bare column are numbered as they lie there.
func deriveWords(dst []int32, rec arrow.Record, p *expression.Program, d *dictionary, mode coding) error {
	if column, bare := p.Bare(); bare && p.Type() == expression.Word {
		return deriveColumn(dst, rec, column, d, mode, aWord)
	}
	column, err := p.Eval(rec)
	if err != nil {
		return err
	}
	if column.Type == expression.Word {
		return deriveEvaluated(dst, column, d, mode)
	}
	numbers := make([]float64, len(dst))
	if err := column.Numbers(numbers); err != nil {
		return err
	}
	var bits [8]byte
	for i, x := range numbers {
		dst[i] = -1
		if math.IsNaN(x) {
			continue
		}
		binary.LittleEndian.PutUint64(bits[:], math.Float64bits(x))
		if dst[i], err = d.lookUp(string(bits[:]), mode); err != nil {
			return err
		}
	}
	return nil
}

// deriveEvaluated looks each word of an expression's column up once.
func deriveEvaluated(dst []int32, column *expression.Column, d *dictionary, mode coding) error {
	known := make([]int32, len(column.Words))
	if mode == numbering {
		if err := d.codeAll(known, func(w int) (string, bool) { return column.Words[w], true }); err != nil {
			return err
		}
	} else {
		for w, word := range column.Words {
			known[w] = d.find(word)
		}
	}
	for i, c := range column.Codes {
		dst[i] = -1
		if c >= 0 {
			dst[i] = known[c]
		}
	}
	return nil
}

// twins are the places of a source's words that are a bare column, by the
// column, where that column is a key too: the words then share the key's codes,
// since only their identity counts. A state keeps them apart: its words are
// stored and merged by their own dictionaries.
type twins map[string][]int

// twins finds the source's.
func (s *Source) twins() twins {
	keys := map[string]bool{s.Claim: s.Claim != ""}
	for _, k := range s.Keys {
		if len(k.Columns) == 1 {
			keys[k.Columns[0]] = true
		}
	}
	out := twins{}
	for w, p := range s.Words {
		if column, bare := p.Bare(); bare && p.Type() == expression.Word && keys[column] {
			out[column] = append(out[column], w)
		}
	}
	return out
}

// deriveTwins is deriveCodes of one column for a key and for words, which
// differ where a word is empty.
func deriveTwins(key []int32, words [][]int32, rec arrow.Record, column string, d *dictionary) error {
	if err := deriveColumn(key, rec, column, d, numbering, aWord); err != nil {
		return err
	}
	for _, w := range words {
		copy(w, key)
	}
	if empty := d.find(""); empty >= 0 {
		for i, code := range key {
			if code == empty {
				key[i] = -1
			}
		}
	}
	return nil
}
