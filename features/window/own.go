package window

import "slices"

// asker is a query that owns events of its key: mine[from:to] of ownership.
type asker struct{ query, from, to int32 }

// ownership says which events of a key its own queries must not see.
type ownership struct {
	// Of the key: positions among all its events, owner by owner and in order.
	base    []int32
	callers []asker // by query
	// Of the selection in hand: the same in its positions.
	mine   []int32
	askers []asker
	next   int // the first of askers that turn has not reached
	// Scratch.
	asks   []stamp
	ranges [][2]int32 // per query of the key
	rank   []int32    // per position in base, how many before it the selection holds
	kept   []int32    // room for mine
	heard  []asker    // room for askers
	known  []int32    // of hidden
	// Of crowds, which are answered apart.
	crowds []crowd
	others track
	times  []int64
	out    [][]float64
}

// pair finds the queries of the key that own events of it.
func (w *worker) pair() {
	o := &w.own
	o.base, o.callers, o.crowds = o.base[:0], o.callers[:0], o.crowds[:0]
	w.stamps = w.stamps[:0]
	for p, i := range w.base.idx {
		if owner := w.gOwner[i]; owner >= 0 {
			w.stamps = append(w.stamps, stamp{int64(owner), int32(p)})
		}
	}
	if len(w.stamps) == 0 {
		return
	}
	w.stamps, w.spare = sortStamps(w.stamps, w.spare)
	for _, s := range w.stamps {
		o.base = append(o.base, s.i)
	}
	o.asks = o.asks[:0]
	for j, owner := range w.qOwner {
		if owner >= 0 {
			o.asks = append(o.asks, stamp{int64(owner), int32(j)})
		}
	}
	o.asks, w.spare = sortStamps(o.asks, w.spare)
	o.meet(w.stamps, len(w.qt))
	o.disperse(len(w.base.idx))
	for j, r := range o.ranges {
		if r[0] == r[1] || r[1]-r[0] == 1 && !w.base.seenBy(int(o.base[r[0]]), w.qt[j]) {
			continue
		}
		o.callers = append(o.callers, asker{int32(j), r[0], r[1]})
	}
}

// meet fills ranges from the events somebody owns and the queries of somebody,
// both by owner.
func (o *ownership) meet(events []stamp, queries int) {
	o.ranges = slices.Grow(o.ranges[:0], queries)[:queries]
	clear(o.ranges)
	from, to := 0, 0
	for _, q := range o.asks {
		if from == to || events[from].t != q.t {
			for from = to; from < len(events) && events[from].t < q.t; from++ {
			}
			for to = from; to < len(events) && events[to].t == q.t; to++ {
			}
		}
		o.ranges[q.i] = [2]int32{int32(from), int32(to)}
	}
}

// choose brings the positions of the key into those of the selection: place is
// where each event stands there, -1 for nowhere; nil when it holds all of them.
func (o *ownership) choose(place []int32) {
	o.mine, o.askers = o.base, o.callers
	if place == nil || len(o.callers) == 0 {
		return
	}
	o.kept, o.rank, o.heard = o.kept[:0], append(o.rank[:0], 0), o.heard[:0]
	for _, p := range o.base {
		if place[p] >= 0 {
			o.kept = append(o.kept, place[p])
		}
		o.rank = append(o.rank, int32(len(o.kept)))
	}
	for _, a := range o.callers {
		if from, to := o.rank[a.from], o.rank[a.to]; from < to {
			o.heard = append(o.heard, asker{a.query, from, to})
		}
	}
	o.mine, o.askers = o.kept, o.heard
}

// turn is the asker that is query j, or nil; j must rise from one call to the
// next, beginning where o.next was set to 0.
func (o *ownership) turn(j int) *asker {
	if o.next == len(o.askers) || int(o.askers[o.next].query) != j {
		return nil
	}
	o.next++
	return &o.askers[o.next-1]
}

// hidden is the positions from lo up to but without hi, ascending, of the events
// that the asker would see if they were not its own. It holds until the next call.
func (w *worker) hidden(a *asker, lo, hi int) []int32 {
	mine := w.own.mine[a.from:a.to]
	if len(mine) > 8 {
		from, _ := slices.BinarySearch(mine, int32(lo))
		to, _ := slices.BinarySearch(mine, int32(hi))
		mine = mine[from:max(from, to)]
	}
	for len(mine) > 0 && int(mine[0]) < lo {
		mine = mine[1:]
	}
	for len(mine) > 0 && int(mine[len(mine)-1]) >= hi {
		mine = mine[:len(mine)-1]
	}
	if len(mine) == 0 || !w.sel.late {
		return mine
	}
	known := w.own.known[:0]
	for _, p := range mine {
		if w.sel.k[p] < w.qt[a.query] {
			known = append(known, p)
		}
	}
	w.own.known = known
	return known
}

// deduct takes own events out of the totals.
func (w *worker) deduct(s *selection, sp *span) {
	for i := range w.own.askers {
		a := &w.own.askers[i]
		q := a.query
		for _, p := range w.hidden(a, w.lo[q], w.hi[q]) {
			w.n[q]--
			if s.kind != valueColumn {
				continue
			}
			v := w.sel.v[p]
			w.s[q] -= v
			if sp.squares {
				w.sq[q] = w.sq[q].sub(square(v))
			}
		}
	}
}

// tallied notes what the tally says for query j, own events out of it.
func (w *worker) tallied(c *tally, j int) {
	a := w.own.turn(j)
	if a == nil {
		w.distinct[j], w.top[j] = c.distinct, int64(c.top)
		return
	}
	hidden := w.hidden(a, w.lo[j], w.hi[j])
	for _, p := range hidden {
		c.leave(w.sel.c[p])
	}
	w.distinct[j], w.top[j] = c.distinct, int64(c.top)
	for _, p := range hidden {
		c.enter(w.sel.c[p])
	}
}
