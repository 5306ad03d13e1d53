package window

import "slices"

// A plan groups the aggregates by the events they see and then by window, so
// that each choice and each pair of bounds is worked out once.
type plan struct {
	sels    []selection
	windows []Window // all different ones
	columns []int    // of a State's rows, from marks on, that selections ask for
}

// kind says which of an event's columns a selection reads.
type kind uint8

const (
	noColumn kind = iota
	valueColumn
	codeColumn
)

// selection is a choice of events: those that carry the marks and have
// something in the column.
type selection struct {
	where  uint64
	kind   kind
	column int
	spans  []span
	// at is the column of a State's rows: see State.stride. It is 0 for none.
	at int
	// What any aggregate of the selection needs.
	sums, squares, gaps, ordered bool
	// placed says that of the ordered ones some ask for more than extremes.
	placed bool
	// recent says that codes are counted up to the query itself.
	recent bool
}

// span is the aggregates of a selection with the same windows.
type span struct {
	window, against         Window
	growth                  bool
	tally, ordered, squares bool
	shares                  bool  // some aggregate is a TopShare
	now, before             int   // window and against among the plan's windows
	aggs                    []int // indices into the declarations
}

func newPlan(aggs []Aggregate) *plan {
	p := &plan{}
	for i, a := range aggs {
		s := p.selection(a)
		sp := s.span(a)
		sp.now, sp.before = p.window(sp.window), p.window(sp.against)
		sp.aggs = append(sp.aggs, i)
		switch a.Do {
		case Sum, Mean, Growth:
			s.sums = true
		case Std:
			s.sums, s.squares, sp.squares = true, true, true
		case Distinct:
			sp.tally = true
			s.recent = s.recent || a.Window.To == 0
		case TopShare:
			sp.tally, sp.shares = true, true
		case Min, Max:
			s.ordered, sp.ordered = true, true
		case First, Last, SinceLast, GapMean:
			s.ordered, sp.ordered, s.placed = true, true, true
		case GapMin, GapStd:
			s.ordered, sp.ordered, s.placed, s.gaps = true, true, true, true
		}
	}
	return p
}

// window is the index of a window among those of the plan.
func (p *plan) window(w Window) int {
	i := slices.Index(p.windows, w)
	if i < 0 {
		i = len(p.windows)
		p.windows = append(p.windows, w)
	}
	return i
}

// place sets where the columns of selections lie in the rows of a State with so
// many value columns.
func (p *plan) place(values int) {
	for i := range p.sels {
		switch s := &p.sels[i]; s.kind {
		case valueColumn:
			s.at = columnsBefore + s.column
		case codeColumn:
			s.at = columnsBefore + values + s.column
		}
		if s := &p.sels[i]; s.where != 0 && !slices.Contains(p.columns, 2) {
			p.columns = append(p.columns, 2)
		}
		if s := &p.sels[i]; s.at > 0 && !slices.Contains(p.columns, s.at) {
			p.columns = append(p.columns, s.at)
		}
	}
}

// of returns what the selection takes of a State's row; ok is false when it does
// not hold the row, or nobody ever will.
func (s *selection) of(row []int64) (v int64, ok bool) {
	if s.at > 0 {
		v = row[s.at]
	}
	return v, v != hole && row[1] != hole && uint64(row[2])&s.where == s.where
}

func (p *plan) selection(a Aggregate) *selection {
	s := selection{where: a.Where, kind: valueColumn, column: a.Column}
	if a.Column == None {
		s.kind = noColumn
	} else if a.Do.ofCode() {
		s.kind = codeColumn
	}
	for i := range p.sels {
		if o := &p.sels[i]; o.where == s.where && o.kind == s.kind && o.column == s.column {
			return o
		}
	}
	p.sels = append(p.sels, s)
	return &p.sels[len(p.sels)-1]
}

func (s *selection) span(a Aggregate) *span {
	sp := span{window: a.Window}
	if a.Do == Growth {
		sp.growth, sp.against = true, a.Against
	}
	for i := range s.spans {
		if o := &s.spans[i]; o.window == sp.window && o.against == sp.against && o.growth == sp.growth {
			return o
		}
	}
	s.spans = append(s.spans, sp)
	return &s.spans[len(s.spans)-1]
}
