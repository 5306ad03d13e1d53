package window

// eyes read events for a query, a column at a time; their slices are scratch.
type eyes struct{ h, k, m, v []int64 }

// strip is a run of events in order, a column each: happened, known, marks, and
// what a selection reads. k is nil when all are known to the query, m when it
// asks for no marks, v when it reads no column.
type strip struct{ h, k, m, v []int64 }

// strip reads events from up to but without to of a block for a selection and a
// query at t.
func (e *eyes) strip(sel *selection, b *block, from, to int, t int64) strip {
	x := e.times(b, from, to, t)
	e.choose(&x, sel, b, from, to)
	return x
}

// times reads what every selection needs.
func (e *eyes) times(b *block, from, to int, t int64) strip {
	e.h = b.column(e.h[:0], 0, from, to)
	x := strip{h: e.h}
	if b.dark || b.maxKnown >= t {
		e.k = b.column(e.k[:0], 1, from, to)
		for i, delay := range e.k {
			e.k[i] = knownOf(e.h[i], delay)
		}
		x.k = e.k
	}
	return x
}

// choose reads what a selection needs beside the times.
func (e *eyes) choose(x *strip, sel *selection, b *block, from, to int) {
	x.m, x.v = nil, nil
	if sel.where != 0 {
		e.m = b.column(e.m[:0], 2, from, to)
		x.m = e.m
	}
	if sel.at > 0 {
		e.v = b.column(e.v[:0], sel.at, from, to)
		x.v = e.v
	}
}

// look pushes the events from up to but without to of a block that a query at t
// sees.
func (e *eyes) look(d *digest, sel *selection, b *block, from, to int, t int64) {
	if from < to {
		x := e.strip(sel, b, from, to, t)
		x.push(d, sel, t)
	}
}

// push joins the events that a query at t sees to d.
func (x *strip) push(d *digest, sel *selection, t int64) {
	light := !sel.squares && !sel.gaps
	for i, h := range x.h {
		if x.k != nil && x.k[i] >= t || x.m != nil && uint64(x.m[i])&sel.where != sel.where {
			continue
		}
		var v int64
		if x.v != nil {
			if v = x.v[i]; v == hole {
				continue
			}
		}
		if light {
			d.pushLight(h, v)
		} else {
			d.push(h, v)
		}
	}
}

// shows reports whether a query at t knows event i, and it carries the marks.
func (x *strip) shows(sel *selection, i int, t int64) bool {
	return (x.k == nil || x.k[i] < t) && (x.m == nil || uint64(x.m[i])&sel.where == sel.where)
}

// codes appends the codes of the events that a query at t sees.
func (x *strip) codes(dst []int32, sel *selection, t int64) []int32 {
	for i, v := range x.v {
		if !x.shows(sel, i, t) || v == hole {
			continue
		}
		dst = append(dst, int32(v))
	}
	return dst
}
