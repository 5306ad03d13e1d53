package window

import "slices"

// track is a sequence of events in order.
type track struct {
	idx     []int32 // row among the gathered
	h, k    []int64 // k is empty when the history has one clock
	v       []int64 // the column of values, if any
	c       []int32 // the column of codes, if any
	late    bool    // some event became known after it happened
	byKnown []int32 // positions by known, filled when late
}

// seenBy reports whether a query at t may see the event at position p.
func (t *track) seenBy(p int, at int64) bool {
	return t.h[p] < at && (len(t.k) == 0 || t.k[p] < at)
}

// choose fills w.sel with the events of the selection and its column.
func (w *worker) choose(s *selection, whole bool) {
	b, t := &w.base, &w.sel
	if !whole {
		b = w.filter(s)
	}
	t.idx, t.h, t.k, t.late, t.byKnown = b.idx, b.h, b.k, b.late, b.byKnown
	t.v, t.c = t.v[:0], t.c[:0]
	switch s.kind {
	case valueColumn:
		col := w.gv[s.column]
		for _, i := range t.idx {
			t.v = append(t.v, col[i])
		}
	case codeColumn:
		col := w.gc[s.column]
		for _, i := range t.idx {
			t.c = append(t.c, col[i])
		}
	}
}

// filter copies the chosen events out of w.base into w.kept.
func (w *worker) filter(s *selection) *track {
	b, t := &w.base, &w.kept
	t.idx, t.h, t.k, t.late = t.idx[:0], t.h[:0], t.k[:0], false
	if w.owners {
		w.place = slices.Grow(w.place[:0], len(b.idx))[:0]
	}
	for p, i := range b.idx {
		if w.owners {
			w.place = append(w.place, -1)
		}
		if s.where != 0 && (w.ev.Marks == nil || w.gm[i]&s.where != s.where) ||
			s.kind == valueColumn && w.gv[s.column][i] == Missing ||
			s.kind == codeColumn && w.gc[s.column][i] < 0 {
			continue
		}
		if w.owners {
			w.place[p] = int32(len(t.idx))
		}
		t.idx, t.h = append(t.idx, i), append(t.h, b.h[p])
		if len(b.k) > 0 {
			t.k = append(t.k, b.k[p])
			t.late = t.late || b.k[p] > b.h[p]
		}
	}
	if t.late {
		w.orderKnown(t)
	}
	return t
}

// orderKnown fills byKnown.
func (w *worker) orderKnown(t *track) {
	w.stamps = w.stamps[:0]
	for p, k := range t.k {
		w.stamps = append(w.stamps, stamp{k, int32(p)})
	}
	w.stamps, w.spare = sortStamps(w.stamps, w.spare)
	t.byKnown = t.byKnown[:0]
	for _, s := range w.stamps {
		t.byKnown = append(t.byKnown, s.i)
	}
}

// others is all events of the key but those at the positions, which are ascending.
func (w *worker) others(but []int32) *track {
	b, t := &w.base, &w.own.others
	t.idx, t.h, t.k, t.late = t.idx[:0], t.h[:0], t.k[:0], false
	for p, i := range b.idx {
		if len(but) > 0 && int(but[0]) == p {
			but = but[1:]
			continue
		}
		t.idx, t.h = append(t.idx, i), append(t.h, b.h[p])
		if len(b.k) > 0 {
			t.k = append(t.k, b.k[p])
			t.late = t.late || b.k[p] > b.h[p]
		}
	}
	if t.late {
		w.orderKnown(t)
	}
	return t
}
