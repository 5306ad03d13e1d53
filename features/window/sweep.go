package window

// selection answers every aggregate of the selection in w.sel.
func (w *worker) selection(s *selection) {
	t := &w.sel
	if len(w.own.askers) > 0 {
		w.values.start(t.v)
	}
	if s.sums && s.kind == valueColumn && !t.late {
		w.prefix = append(w.prefix[:0], 0)
		var sum int64
		for _, v := range t.v {
			sum += v
			w.prefix = append(w.prefix, sum)
		}
	}
	if s.squares && !t.late {
		w.prefixSq = append(w.prefixSq[:0], wide{})
		var sum wide
		for _, v := range t.v {
			sum = sum.add(square(v))
			w.prefixSq = append(w.prefixSq, sum)
		}
	}
	if s.gaps && !t.late {
		w.loadGaps()
	}
	for i := range s.spans {
		sp := &s.spans[i]
		if sp.growth {
			w.totals(s, sp, sp.against)
			w.nB, w.sB = append(w.nB[:0], w.n...), append(w.sB[:0], w.s...)
		}
		w.totals(s, sp, sp.window)
		for _, a := range sp.aggs {
			w.finish(&w.aggs[a], w.answers(a))
		}
	}
	switch {
	case !s.ordered || !t.late:
	case s.placed:
		w.positionalLate(s)
	default:
		w.extremesLate(s)
	}
}

// totals fills, per query, the bounds of the window and what can be added up.
func (w *worker) totals(s *selection, sp *span, win Window) {
	w.bounds(win)
	w.own.next = 0
	if w.sel.late {
		w.totalsLate(s, sp)
	} else {
		w.totalsPrompt(s, sp)
	}
	if len(w.own.askers) > 0 {
		w.deduct(s, sp)
	}
}

// totalsPrompt is totals for a key whose events became known as they happened.
func (w *worker) totalsPrompt(s *selection, sp *span) {
	los, his := w.lo, w.hi[:len(w.lo)]
	n, sums, prefix := w.n[:len(los)], w.s[:len(los)], w.prefix
	if s.sums && s.kind == valueColumn {
		for j, lo := range los {
			hi := his[j]
			n[j], sums[j] = int64(hi-lo), prefix[hi]-prefix[lo]
		}
	} else {
		for j, lo := range los {
			n[j] = int64(his[j] - lo)
		}
	}
	if sp.squares {
		for j := range w.qt {
			w.sq[j] = w.prefixSq[w.hi[j]].sub(w.prefixSq[w.lo[j]])
		}
	}
	if sp.tally {
		c := &w.tallies[s.column]
		c.start(len(w.sel.c))
		lo, hi := 0, 0
		for j := range w.qt {
			// Events that the window has already left before they are met
			// are counted and uncounted: cheaper than a test.
			for ; hi < w.hi[j]; hi++ {
				c.enter(w.sel.c[hi])
			}
			for ; lo < w.lo[j]; lo++ {
				c.leave(w.sel.c[lo])
			}
			w.tallied(c, j)
		}
		for ; lo < hi; lo++ {
			c.leave(w.sel.c[lo])
		}
	}
}

// bounds fills w.lo and w.hi: two pointers that only move forward, because the
// queries are in order of time.
func (w *worker) bounds(win Window) {
	h, qt := w.sel.h, w.qt
	los, his := w.lo[:len(qt)], w.hi[:len(qt)]
	lo, hi := 0, 0
	for j, t := range qt {
		from, to := win.bounds(t)
		for hi < len(h) && h[hi] < to {
			hi++
		}
		for lo < hi && h[lo] < from {
			lo++
		}
		los[j], his[j] = lo, hi
	}
}

// finish writes one aggregate of all queries of the key, in order of time.
func (w *worker) finish(a *Aggregate, dst []float64) {
	switch a.Do {
	case Count:
		for j, n := range w.n[:len(dst)] {
			dst[j] = float64(n)
		}
	case Sum:
		for j, s := range w.s[:len(dst)] {
			dst[j] = float64(s)
		}
	case Mean:
		for j := range dst {
			dst[j] = mean(w.s[j], w.n[j])
		}
	case Std:
		for j := range dst {
			dst[j] = deviation(w.n[j], w.s[j], w.sq[j])
		}
	case Growth:
		up, down := w.s, w.sB
		if a.Column == None {
			up, down = w.n, w.nB
		}
		for j := range dst {
			dst[j] = growth(up[j], down[j], a.Window, a.Against)
		}
	case Distinct:
		for j := range dst {
			dst[j] = float64(w.distinct[j])
		}
	case TopShare:
		for j := range dst {
			dst[j] = mean(w.top[j], w.n[j])
		}
	default:
		if !w.sel.late { // else positionalLate has all of them
			w.positional(a.Do, dst)
			if len(w.own.askers) > 0 {
				w.amend(a.Do, dst)
			}
		}
	}
}
