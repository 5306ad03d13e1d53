package window

// A plan groups the aggregates by the events they see and then by window, so
// that each choice and each pair of bounds is worked out once.
type plan struct {
	sels []selection
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
	// What any aggregate of the selection needs.
	sums, squares, gaps, ordered bool
}

// span is the aggregates of a selection with the same windows.
type span struct {
	window, against         Window
	growth                  bool
	tally, ordered, squares bool
	aggs                    []int // indices into the declarations
}

func newPlan(aggs []Aggregate) *plan {
	p := &plan{}
	for i, a := range aggs {
		s := p.selection(a)
		sp := s.span(a)
		sp.aggs = append(sp.aggs, i)
		switch a.Do {
		case Sum, Mean, Growth:
			s.sums = true
		case Std:
			s.sums, s.squares, sp.squares = true, true, true
		case Distinct, TopShare:
			sp.tally = true
		case Min, Max, First, Last, SinceLast, GapMean:
			s.ordered, sp.ordered = true, true
		case GapMin, GapStd:
			s.ordered, sp.ordered, s.gaps = true, true, true
		}
	}
	return p
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
