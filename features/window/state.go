package window

import (
	"fmt"
	"slices"
	"sync"
	"unsafe"
)

// Event is one event with its columns. State keeps a copy.
type Event struct {
	Key             int32 // 0 or more in a State
	Happened, Known int64 // microseconds, within 2^60 of 0; Known may be Never
	Marks           uint64
	Values          []int64
	Codes           []int32
	// Owner is whose the event is, for Own; negative is nobody. The zero value is
	// an owner: it is of no consequence where nobody asks as owner 0, else an
	// event of nobody must say -1.
	Owner int32
}

// A State's row has some numbers before its values: happened, known-happened,
// marks and the owner.
const (
	ownerColumn   = 3
	columnsBefore = 4
)

// State folds events one at a time and answers for one key at one instant, with
// the same bits as Batch over the same events.
//
// Folding in the order in which events become known keeps events of equal
// happened and known in the order of Batch's rows; otherwise the order of
// folding does not matter. A late event is put where it happened and seen by
// queries after it became known, so answers given before it arrived stand.
//
// Keys are meant to be codes of a dictionary, 0, 1, 2, ... in any order: a key
// then takes about 6 bytes, and some 30 when it lies far beyond the number of
// keys. Negative keys are refused. An event takes the bytes that its numbers need
// in the company of its neighbours, typically 10 to 20 with one value and one
// code; equal numbers in a column take none, and owners at most 4, none where all
// events of some neighbourhood are of nobody. A key with more than 256 events
// adds, per choice of events, 104 bytes for every 128 to 256 of them; with more
// than 512, and a Distinct that ends at the query, 10 to 13 bytes for each
// different code, and as much again for each that several owners have. Size
// measures all of it.
//
// Fold and Merge need exclusive use; between them any number of goroutines may
// call Answer, AppendBinary and Size at once. Fold takes constant time on
// average, but now and then it moves all events of keys with few of them.
type State struct {
	aggs          []Aggregate
	plan          *plan
	values, codes int
	stride        int // numbers a row: columnsBefore, values, codes
	keys          keyTable
	pool          pool
	histories     []*history
	events        int
	totals        []uint64  // per value column, of absolute values
	row           []int64   // scratch of Fold: a row with a link
	scratch       []int64   // of Fold
	eyes          eyes      // of Fold
	lookouts      sync.Pool // of *lookout, for Answer
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
	stride := columnsBefore + values + codes
	s := &State{aggs: aggs, plan: newPlan(aggs), values: values, codes: codes, stride: stride,
		pool: pool{stride: stride + 1}, totals: make([]uint64, values), row: make([]int64, stride+1)}
	s.plan.place(values)
	return s, nil
}

// Len is the number of events folded.
func (s *State) Len() int { return s.events }

// Size is about how many bytes of memory the state holds, without the scratch
// of calls.
func (s *State) Size() int {
	n := int(unsafe.Sizeof(*s)) + s.keys.size() + s.pool.size() + 8*cap(s.histories)
	for _, h := range s.histories {
		n += h.size()
	}
	return n
}

// Fold adds an event. It refuses a negative key, a wrong number of columns,
// times beyond 2^60 microseconds, values whose absolute sum reaches 2^62, and
// more than 2^31-2 events of keys with few of them, and then changes nothing.
func (s *State) Fold(e Event) error {
	if len(e.Values) != s.values || len(e.Codes) != s.codes {
		return fmt.Errorf("cannot fold event of key %d: %d values and %d codes; the state has %d and %d columns",
			e.Key, len(e.Values), len(e.Codes), s.values, s.codes)
	}
	if e.Key < 0 {
		return fmt.Errorf("cannot fold event of key %d: keys are codes from 0 up; leave out events without one", e.Key)
	}
	row := append(s.row[:0], e.Happened, hole, int64(e.Marks), hole)
	if e.Known != Never {
		row[1] = e.Known - e.Happened
	}
	if e.Owner >= 0 {
		row[ownerColumn] = int64(e.Owner)
	}
	row = append(row, e.Values...)
	for _, c := range e.Codes {
		if c < 0 {
			row = append(row, hole)
			continue
		}
		row = append(row, int64(c))
	}
	if err := checkTimes(e.Happened, e.Known); err != nil {
		return fmt.Errorf("cannot fold event of key %d: %w", e.Key, err)
	}
	return s.foldRow(e.Key, row)
}

func checkTimes(happened, known int64) error {
	if err := checkTime(happened); err != nil {
		return fmt.Errorf("happened: %w", err)
	}
	if err := checkTime(known); err != nil && known != Never {
		return fmt.Errorf("known: %w", err)
	}
	return nil
}

// foldRow adds a row whose times are sound.
func (s *State) foldRow(key int32, row []int64) error {
	if s.pool.rows >= maxRows {
		return fmt.Errorf("cannot fold event of key %d: the state has %d events; split it by key", key, s.events)
	}
	for c := range s.totals {
		if _, err := addTotal(s.totals[c], row[columnsBefore+c]); err != nil {
			return fmt.Errorf("cannot fold event of key %d: value column %d: %w", key, c, err)
		}
	}
	for c := range s.totals {
		s.totals[c], _ = addTotal(s.totals[c], row[columnsBefore+c])
	}
	s.events++
	s.put(key, row)
	return nil
}

// put stores a row.
func (s *State) put(key int32, row []int64) {
	p, few := s.keys.get(key)
	if p.hasHistory() {
		s.histories[p.history()].insert(s, row)
		return
	}
	if few == smallKey {
		l := s.lookout()
		defer s.lookouts.Put(l)
		rows := s.pool.events(nil, l, p)
		s.pool.dead += smallKey
		s.keys.set(key, historyPlace(len(s.histories)), 0)
		s.histories = append(s.histories, newHistory(s, rows))
		s.histories[len(s.histories)-1].insert(s, row)
		if s.pool.wasteful() {
			s.compact()
		}
		return
	}
	s.add(key, p, few, row)
}

// add puts a row into the pool behind the few others of its key.
func (s *State) add(key int32, p place, few int, row []int64) {
	before := -1
	if p != none {
		before = p.row()
	}
	var id int
	id, s.scratch = s.pool.add(append(row[:s.stride:s.stride+1], 0), before, s.scratch)
	s.keys.set(key, rowPlace(id), few+1)
}

// lookout is one to work with and to give back to s.lookouts.
func (s *State) lookout() *lookout {
	if l, ok := s.lookouts.Get().(*lookout); ok {
		return l
	}
	return &lookout{}
}

// compact rebuilds the pool, key after key, without rows that moved away.
func (s *State) compact() {
	old := s.pool
	s.pool = pool{stride: s.stride + 1}
	var rows []int64
	l := s.lookout()
	defer s.lookouts.Put(l)
	for _, key := range s.keys.sorted() {
		p, _ := s.keys.get(key)
		if p.hasHistory() {
			continue
		}
		rows = old.events(rows[:0], l, p)
		last := none
		for at := 0; at < len(rows); at += s.stride {
			s.row = append(s.row[:0], rows[at:at+s.stride]...)
			s.add(key, last, at/s.stride, s.row)
			last, _ = s.keys.get(key)
		}
	}
}
