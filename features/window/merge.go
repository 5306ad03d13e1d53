package window

import "fmt"

// Merge folds all events of o, which must have the same columns, as if they had
// been given after the events of s. It refuses other columns, totals beyond
// 2^62 and more than 2^31-2 events, and then changes nothing; o is left as it is.
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
	if s.pool.rows+o.events >= maxRows {
		return fmt.Errorf("cannot merge states of %d and %d events: too many; split them by key", s.events, o.events)
	}
	if s == o {
		panic("window: BUG: a state cannot be merged into itself")
	}
	var rows []int64
	l := s.lookout()
	defer s.lookouts.Put(l)
	for _, key := range o.keys.sorted() {
		rows = o.rowsOf(rows[:0], l, key)
		for at := 0; at < len(rows); at += s.stride {
			s.row = append(s.row[:0], rows[at:at+s.stride]...)
			if err := s.foldRow(key, s.row); err != nil {
				panic("window: BUG: a folded event is refused: " + err.Error())
			}
		}
	}
	return nil
}

// rowsOf appends all rows of a key in order.
func (s *State) rowsOf(dst []int64, l *lookout, key int32) []int64 {
	p, _ := s.keys.get(key)
	if p == none || !p.hasHistory() {
		return s.pool.events(dst, l, p)
	}
	for i := range s.histories[p.history()].blocks {
		b := &s.histories[p.history()].blocks[i]
		dst = b.rows(dst, 0, int(b.n))
	}
	return dst
}
