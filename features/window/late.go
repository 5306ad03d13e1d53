package window

import "slices"

// totalsLate is totals for a key with events that became known after they
// happened. An event counts from the query at which both the window has reached
// it and it has become known, whichever pointer passes it second, until the
// window leaves it.
func (w *worker) totalsLate(s *selection, sp *span) {
	if !sp.tally && !sp.squares {
		w.sumsLate(s)
		return
	}
	t := &w.sel
	w.seen = slices.Grow(w.seen[:0], len(t.h))[:len(t.h)]
	clear(w.seen)
	var now digest // only n, sum and sq are kept
	var c *tally
	if sp.tally {
		c = &w.tallies[s.column]
		c.start(len(t.h))
	}
	change := func(p int, enters bool) {
		var v int64
		if s.kind == valueColumn {
			v = t.v[p]
		}
		if enters {
			now.n++
			now.sum += v
		} else {
			now.n--
			now.sum -= v
		}
		if sp.squares && enters {
			now.sq = now.sq.add(square(v))
		} else if sp.squares {
			now.sq = now.sq.sub(square(v))
		}
		if c != nil && enters {
			c.enter(t.c[p])
		} else if c != nil {
			c.leave(t.c[p])
		}
	}
	lo, hi, known := 0, 0, 0
	for j, at := range w.qt {
		for ; known < len(t.byKnown) && t.k[t.byKnown[known]] < at; known++ {
			p := int(t.byKnown[known])
			w.seen[p] = true
			if lo <= p && p < hi {
				change(p, true)
			}
		}
		for ; hi < w.hi[j]; hi++ {
			if w.seen[hi] {
				change(hi, true)
			}
		}
		for ; lo < w.lo[j]; lo++ {
			if w.seen[lo] {
				change(lo, false)
			}
		}
		w.n[j], w.s[j], w.sq[j] = now.n, now.sum, now.sq
		if c != nil {
			w.tallied(c, j)
		}
	}
	for ; c != nil && lo < hi; lo++ {
		if w.seen[lo] {
			c.leave(t.c[lo])
		}
	}
}

// sumsLate is totalsLate for counts and sums, over bounds that are known.
func (w *worker) sumsLate(s *selection) {
	t := &w.sel
	w.seen = slices.Grow(w.seen[:0], len(t.h))[:len(t.h)]
	clear(w.seen)
	seen, v := w.seen, t.v
	if s.kind != valueColumn {
		v = t.h // any numbers: nobody asks for their sum
	}
	var n, sum int64
	lo, hi, known := 0, 0, 0
	for j, at := range w.qt {
		for ; known < len(t.byKnown) && t.k[t.byKnown[known]] < at; known++ {
			p := int(t.byKnown[known])
			seen[p] = true
			if lo <= p && p < hi {
				n++
				sum += v[p]
			}
		}
		for to := w.hi[j]; hi < to; hi++ {
			if seen[hi] {
				n++
				sum += v[hi]
			}
		}
		for to := w.lo[j]; lo < to; lo++ {
			if seen[lo] {
				n--
				sum -= v[lo]
			}
		}
		w.n[j], w.s[j] = n, sum
	}
}

// positionalLate answers everything positional of a selection from a tree over
// the positions, in which an event stands from the query on at which it is known.
func (w *worker) positionalLate(s *selection) {
	t := &w.sel
	w.tree.start(len(t.h))
	w.edge = slices.Grow(w.edge[:0], len(s.spans))[:len(s.spans)]
	clear(w.edge)
	w.own.next = 0
	known := 0
	for j, at := range w.qt {
		for ; known < len(t.byKnown) && t.k[t.byKnown[known]] < at; known++ {
			p := int(t.byKnown[known])
			var v int64
			if len(t.v) > 0 {
				v = t.v[p]
			}
			w.tree.set(p, t.h[p], v)
		}
		a := w.own.turn(j)
		for k := range s.spans {
			sp, edge := &s.spans[k], &w.edge[k]
			if !sp.ordered {
				continue
			}
			edge.follow(t.h, sp.window, at)
			var hidden []int32
			if a != nil {
				hidden = w.hidden(a, edge.lo, edge.hi)
			}
			d := w.tree.except(edge.lo, edge.hi, hidden)
			for _, agg := range sp.aggs {
				if do := w.aggs[agg].Do; do.positional() {
					w.answers(agg)[j] = d.positional(do, at)
				}
			}
		}
	}
}

// tree joins the digests of any range of positions in logarithmic time.
type tree struct {
	size int // a power of two
	node []digest
}

// start empties the tree and makes it hold n positions.
func (t *tree) start(n int) {
	t.size = 1
	for t.size < n {
		t.size *= 2
	}
	t.node = slices.Grow(t.node[:0], 2*t.size)[:2*t.size]
	clear(t.node)
}

// set puts an event at position p.
func (t *tree) set(p int, h, v int64) {
	p += t.size
	t.node[p] = single(h, v)
	for p /= 2; p > 0; p /= 2 {
		d := t.node[2*p]
		d.extend(&t.node[2*p+1])
		t.node[p] = d
	}
}

// except is join without the hidden positions, which are ascending.
func (t *tree) except(lo, hi int, hidden []int32) digest {
	if len(hidden) == 0 {
		return t.join(lo, hi)
	}
	var d digest
	for _, p := range hidden {
		part := t.join(lo, int(p))
		d.extend(&part)
		lo = int(p) + 1
	}
	part := t.join(lo, hi)
	d.extend(&part)
	return d
}

// join returns the digest of the positions from lo up to but without hi.
func (t *tree) join(lo, hi int) digest {
	var left, right digest
	for lo, hi = lo+t.size, hi+t.size; lo < hi; lo, hi = lo/2, hi/2 {
		if lo&1 == 1 {
			left.extend(&t.node[lo])
			lo++
		}
		if hi&1 == 1 {
			hi--
			d := t.node[hi]
			d.extend(&right)
			right = d
		}
	}
	left.extend(&right)
	return left
}
