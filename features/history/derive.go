package history

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets"
	"claimsieve/features/expression"
	"claimsieve/features/window"
)

// Rows whose instants lie outside these bounds are no events: 1900-01-01 and
// 2200-01-01 in microseconds.
const (
	firstInstant = -2208988800 * 1_000_000
	endInstant   = 7258118400 * 1_000_000
)

// derived is what a source reads of a run of rows of its table. Instants are
// datasets.NoTime and codes -1 where there is none.
type derived struct {
	n               int
	happened, known []int64
	stages          [][]int64        // per Source.Stages
	claim           []int32          // claim numbers; nil when rows belong to no claim
	keys            [][]int32        // per Source.Keys
	values          [][]int64        // per Source.Values, window.Missing where missing
	words           [][]int32        // per Source.Words
	labels          []datasets.Label // of outcomes; nil when not read
	marks           []uint64         // bit i is Source.Wheres[i]; nil without any
}

// codes are the dictionaries of a plan: of its spaces, of claim ids, and of
// each source's word columns.
type codes struct {
	spaces []*dictionary
	claims *dictionary
	words  map[string][]*dictionary // by table
}

func (p *Plan) newCodes() *codes {
	c := &codes{claims: newDictionary(), words: map[string][]*dictionary{}}
	for range p.Spaces {
		c.spaces = append(c.spaces, newDictionary())
	}
	for name, s := range p.Sources {
		for range s.Words {
			c.words[name] = append(c.words[name], newDictionary())
		}
	}
	return c
}

// coding says what becomes of a word without a code.
type coding bool

const (
	finding   coding = false // it has none: -1
	numbering coding = true  // it gets one
)

func (d *dictionary) lookUp(word string, mode coding) (int32, error) {
	if mode == finding {
		return d.find(word), nil
	}
	return d.code(word)
}

// task is a part of deriving rows that touches no dictionary of another.
type task func() error

// derive appends the rows of rec, in tasks that may run at the same time. It
// returns after all ran, by way of run.
func (s *Source) derive(d *derived, rec arrow.Record, c *codes, mode coding, run func([]task) error) error {
	first := d.n
	d.grow(s, int(rec.NumRows()))
	var tasks []task
	for _, u := range s.units(c, mode, nil) {
		tasks = append(tasks, func() error { return u.derive(d, first, rec) })
	}
	for _, column := range rec.Columns() { // arrow makes the words of a column when they are first asked for
		if words, ok := column.(*array.Dictionary); ok {
			words.Dictionary()
		}
	}
	if err := run(tasks); err != nil {
		return fmt.Errorf("cannot read table %q: %w", s.Name, err)
	}
	return nil
}

// grow makes room for n more rows.
func (d *derived) grow(s *Source, n int) {
	d.n += n
	d.happened, d.known = extend(d.happened, n), extend(d.known, n)
	if d.keys == nil {
		d.keys = make([][]int32, len(s.Keys))
		d.values = make([][]int64, len(s.Values))
		d.words = make([][]int32, len(s.Words))
		d.stages = make([][]int64, len(s.Stages))
	}
	for i := range d.stages {
		d.stages[i] = extend(d.stages[i], n)
	}
	if s.Claim != "" {
		d.claim = extend(d.claim, n)
	}
	for i := range d.keys {
		d.keys[i] = extend(d.keys[i], n)
	}
	for i := range d.values {
		d.values[i] = extend(d.values[i], n)
	}
	for i := range d.words {
		d.words[i] = extend(d.words[i], n)
	}
	if s.Labels {
		d.labels = extend(d.labels, n)
	}
	if len(s.Wheres) > 0 {
		d.marks = extend(d.marks, n)
	}
}

// clear empties d, whose memory is used again.
func (d *derived) clear() {
	d.n, d.happened, d.known, d.claim, d.marks = 0, d.happened[:0], d.known[:0], d.claim[:0], d.marks[:0]
	d.labels = d.labels[:0]
	for i := range d.stages {
		d.stages[i] = d.stages[i][:0]
	}
	for i := range d.keys {
		d.keys[i] = d.keys[i][:0]
	}
	for i := range d.values {
		d.values[i] = d.values[i][:0]
	}
	for i := range d.words {
		d.words[i] = d.words[i][:0]
	}
}

func extend[T any](s []T, n int) []T {
	if cap(s) >= len(s)+n {
		return s[:len(s)+n]
	}
	grown := make([]T, len(s)+n, max(len(s)+n, len(s)+len(s)/2))
	copy(grown, s)
	return grown
}

func (s *Source) deriveTimes(d *derived, first int, rec arrow.Record) error {
	end := first + int(rec.NumRows())
	if err := instants(d.known[first:end], rec, s.Spec.KnownAt); err != nil {
		return err
	}
	happened := d.happened[first:end]
	if s.Spec.HappenedAt == "" {
		copy(happened, d.known[first:end])
	} else {
		if err := instants(happened, rec, s.Spec.HappenedAt); err != nil {
			return err
		}
		for i, t := range happened {
			if t == datasets.NoTime {
				happened[i] = d.known[first+i]
			}
		}
	}
	for i, stage := range s.Stages {
		if err := instants(d.stages[i][first:end], rec, s.Spec.StageTime(stage)); err != nil {
			return err
		}
	}
	return nil
}

// field returns the column of a record by name.
func field(rec arrow.Record, name string) (arrow.Array, error) {
	at := rec.Schema().FieldIndices(name)
	if len(at) != 1 {
		return nil, fmt.Errorf("cannot find column %q: the rows have %d of that name", name, len(at))
	}
	return rec.Column(at[0]), nil
}

// instants fills dst with a Time or Date column.
func instants(dst []int64, rec arrow.Record, column string) error {
	a, err := field(rec, column)
	if err != nil {
		return err
	}
	at, err := datasets.MicrosReader(a)
	if err != nil {
		return fmt.Errorf("cannot read column %q as times: %w", column, err)
	}
	for i := range dst {
		dst[i] = at(i)
		if dst[i] < firstInstant || dst[i] >= endInstant {
			dst[i] = datasets.NoTime
		}
	}
	return nil
}

// deriveValues fills dst with an expression's numbers in units of its digits.
func deriveValues(dst []int64, rec arrow.Record, v Value) error {
	numbers := make([]float64, len(dst))
	if err := evaluate(v.Program, rec, numbers); err != nil {
		return err
	}
	for i, x := range numbers {
		fixed, err := window.Fixed(x, v.Digits)
		if err != nil {
			return fmt.Errorf("cannot keep %s = %g with %d decimal digits: %w (digits in the indicator)", v.Source, x, v.Digits, err)
		}
		dst[i] = fixed
	}
	return nil
}

func evaluate(p *expression.Program, rec arrow.Record, dst []float64) error {
	column, err := p.Eval(rec)
	if err != nil {
		return err
	}
	return column.Numbers(dst)
}

// deriveLabels reads what the conclusions of outcomes amount to.
func deriveLabels(dst []datasets.Label, rec arrow.Record) error {
	a, err := field(rec, conclusionColumn)
	if err != nil {
		return err
	}
	read, err := datasets.WordReader(a)
	if err != nil {
		return fmt.Errorf("cannot read column %q: %w", conclusionColumn, err)
	}
	for i := range dst {
		word, _ := read(i)
		if dst[i], err = datasets.Conclusion(word).Label(); err != nil {
			return fmt.Errorf("row %d of the batch: %w", i+1, err)
		}
	}
	return nil
}

func deriveMarks(dst []uint64, rec arrow.Record, wheres []*expression.Program) error {
	clear(dst)
	for w, p := range wheres {
		column, err := p.Eval(rec)
		if err != nil {
			return err
		}
		for i, t := range column.Truths {
			if t == expression.True {
				dst[i] |= 1 << w
			}
		}
	}
	return nil
}
