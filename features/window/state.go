package window

import (
	"fmt"
	"slices"
)

// Event is one event with its columns. State keeps a copy.
type Event struct {
	Key             int32
	Happened, Known int64 // microseconds, within 2^60 of 0; Known may be Never
	Marks           uint64
	Values          []int64
	Codes           []int32
}

// State folds events one at a time and answers for one key at one instant, with
// the same bits as Batch over the same events.
//
// Folding in the order in which events become known keeps events of equal
// happened and known in the order of Batch's rows; otherwise the order of
// folding does not matter. A late event is put where it happened and seen by
// queries after it became known, so answers given before it arrived stand.
//
// An event takes 8*(3+values+codes/2) bytes, up to twice that while its block is
// filling, and about 100 bytes a key; a key with more than 256 events adds a
// digest of 104 bytes per block and choice of events. Fold and Merge need exclusive use;
// between them any number of goroutines may call Answer and AppendBinary at once.
type State struct {
	aggs          []Aggregate
	plan          *plan
	values, codes int
	stride        int // words a row
	keys          map[int32]*history
	events        int
	totals        []uint64 // per value column, of absolute values
	row           []int64  // scratch of Fold
}

// maxColumns bounds the columns of a kind in a State.
const maxColumns = 1 << 12

// NewState returns an empty state that answers the aggregates from events with
// the given numbers of value and code columns. It refuses what Validate refuses
// and more than 4096 columns of a kind.
func NewState(aggs []Aggregate, values, codes int) (*State, error) {
	if values < 0 || codes < 0 || values > maxColumns || codes > maxColumns {
		return nil, fmt.Errorf("cannot keep %d value and %d code columns: 0 to %d of each", values, codes, maxColumns)
	}
	if err := Validate(aggs, values, codes); err != nil {
		return nil, err
	}
	aggs = slices.Clone(aggs)
	stride := 3 + values + (codes+1)/2
	return &State{aggs: aggs, plan: newPlan(aggs), values: values, codes: codes, stride: stride,
		keys: map[int32]*history{}, totals: make([]uint64, values), row: make([]int64, stride)}, nil
}

// Len is the number of events folded.
func (s *State) Len() int { return s.events }

// Fold adds an event. It refuses a wrong number of columns, times beyond 2^60
// microseconds, and values whose absolute sum reaches 2^62, and then changes
// nothing.
func (s *State) Fold(e Event) error {
	if len(e.Values) != s.values || len(e.Codes) != s.codes {
		return fmt.Errorf("cannot fold event of key %d: %d values and %d codes; the state has %d and %d columns",
			e.Key, len(e.Values), len(e.Codes), s.values, s.codes)
	}
	row := append(s.row[:0], e.Happened, e.Known, int64(e.Marks))
	row = append(row, e.Values...)
	for c := 0; c < len(e.Codes); c += 2 {
		word := uint64(uint32(e.Codes[c]))
		if c+1 < len(e.Codes) {
			word |= uint64(uint32(e.Codes[c+1])) << 32
		}
		row = append(row, int64(word))
	}
	return s.foldRow(e.Key, row)
}

func (s *State) foldRow(key int32, row []int64) error {
	if err := s.checkRow(row); err != nil {
		return fmt.Errorf("cannot fold event of key %d: %w", key, err)
	}
	h := s.keys[key]
	if h == nil {
		h = &history{}
		s.keys[key] = h
	}
	h.insert(s, row)
	s.events++
	return nil
}

// checkRow checks times and totals, and adds to the totals when all is well.
func (s *State) checkRow(row []int64) error {
	if err := checkTime(row[0]); err != nil {
		return fmt.Errorf("happened: %w", err)
	}
	if err := checkTime(row[1]); err != nil && row[1] != Never {
		return fmt.Errorf("known: %w", err)
	}
	for c := range s.totals {
		if _, err := addTotal(s.totals[c], row[3+c]); err != nil {
			return fmt.Errorf("value column %d: %w", c, err)
		}
	}
	for c := range s.totals {
		s.totals[c], _ = addTotal(s.totals[c], row[3+c])
	}
	return nil
}

// code returns code column c of a row.
func (s *State) code(row []int64, c int) int32 {
	return int32(uint64(row[3+s.values+c/2]) >> (c % 2 * 32))
}

// chosen reports whether a selection holds a row.
func (s *State) chosen(sel *selection, row []int64) bool {
	return uint64(row[2])&sel.where == sel.where &&
		(sel.kind != valueColumn || row[3+sel.column] != Missing) &&
		(sel.kind != codeColumn || s.code(row, sel.column) >= 0)
}

// push adds a row to a digest if the selection holds it.
func (s *State) push(d *digest, sel *selection, row []int64) {
	if !s.chosen(sel, row) {
		return
	}
	var v int64
	if sel.kind == valueColumn {
		v = row[3+sel.column]
	}
	d.push(row[0], v)
}

// Merge folds all events of o, which must have the same columns, as if they had
// been given after the events of s. It refuses other columns and totals beyond
// 2^62, and then changes nothing; o is left as it is.
func (s *State) Merge(o *State) error {
	if s.values != o.values || s.codes != o.codes {
		return fmt.Errorf("cannot merge a state of %d value and %d code columns into one of %d and %d",
			o.values, o.codes, s.values, s.codes)
	}
	for c, t := range o.totals {
		if t >= maxTotal-s.totals[c] {
			return fmt.Errorf("cannot merge states: absolute values of column %d add up to 2^62 or more; use a coarser unit", c)
		}
	}
	if s == o {
		panic("window: BUG: a state cannot be merged into itself")
	}
	for _, key := range o.sortedKeys() {
		for _, b := range o.keys[key].blocks {
			for at := 0; at < len(b.rows); at += s.stride {
				if err := s.foldRow(key, b.rows[at:at+s.stride]); err != nil {
					panic("window: BUG: a folded event is refused: " + err.Error())
				}
			}
		}
	}
	return nil
}

func (s *State) sortedKeys() []int32 {
	keys := make([]int32, 0, len(s.keys))
	for k := range s.keys {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
