package window

import (
	"math"
	"slices"
)

// extreme is the least and the greatest of some values; of none, the least is
// above the greatest.
type extreme struct{ least, most int64 }

var noExtreme = extreme{math.MaxInt64, math.MinInt64}

func (e extreme) join(o extreme) extreme {
	return extreme{min(e.least, o.least), max(e.most, o.most)}
}

// extremes answers Min and Max of any range of positions in logarithmic time: a
// sixth of the memory of a tree of digests, and most changes stop half-way up.
type extremes struct {
	size int // a power of two
	node []extreme
}

// start empties the tree and makes it hold n positions.
func (x *extremes) start(n int) {
	x.size = 1
	for x.size < n {
		x.size *= 2
	}
	x.node = slices.Grow(x.node[:0], 2*x.size)[:2*x.size]
	for i := range x.node {
		x.node[i] = noExtreme
	}
}

// set puts a value at position p.
func (x *extremes) set(p int, v int64) {
	for p += x.size; p > 0; p /= 2 {
		e := &x.node[p]
		if e.least <= v && v <= e.most {
			return
		}
		*e = e.join(extreme{v, v})
	}
}

// over joins the positions from lo up to but without hi.
func (x *extremes) over(lo, hi int) extreme {
	out := noExtreme
	for lo, hi = lo+x.size, hi+x.size; lo < hi; lo, hi = lo/2, hi/2 {
		if lo&1 == 1 {
			out = out.join(x.node[lo])
			lo++
		}
		if hi&1 == 1 {
			hi--
			out = out.join(x.node[hi])
		}
	}
	return out
}

// except is what over says, with, without the hidden positions of v, which are
// ascending.
func (x *extremes) except(with extreme, lo, hi int, v []int64, hidden []int32) extreme {
	touched := false
	for _, p := range hidden {
		touched = touched || v[p] == with.least || v[p] == with.most
	}
	if !touched {
		return with
	}
	out := noExtreme
	for _, p := range hidden {
		out = out.join(x.over(lo, int(p)))
		lo = int(p) + 1
	}
	return out.join(x.over(lo, hi))
}

// extremesLate is positionalLate for a selection of which only Min and Max are
// asked.
func (w *worker) extremesLate(s *selection) {
	t := &w.sel
	w.extremes.start(len(t.h))
	w.edge = slices.Grow(w.edge[:0], len(s.spans))[:len(s.spans)]
	clear(w.edge)
	w.own.next = 0
	known := 0
	for j, at := range w.qt {
		for ; known < len(t.byKnown) && t.k[t.byKnown[known]] < at; known++ {
			p := int(t.byKnown[known])
			w.extremes.set(p, t.v[p])
		}
		own := w.own.turn(j)
		for k := range s.spans {
			sp, edge := &s.spans[k], &w.edge[k]
			if !sp.ordered {
				continue
			}
			edge.follow(t.h, sp.window, at)
			e := w.extremes.over(edge.lo, edge.hi)
			if own != nil {
				e = w.extremes.except(e, edge.lo, edge.hi, t.v, w.hidden(own, edge.lo, edge.hi))
			}
			for _, a := range sp.aggs {
				switch do := w.aggs[a].Do; {
				case do != Min && do != Max:
				case e.least > e.most:
					w.answers(a)[j] = math.NaN()
				case do == Min:
					w.answers(a)[j] = float64(e.least)
				default:
					w.answers(a)[j] = float64(e.most)
				}
			}
		}
	}
}

// edge is the positions in a window, which only move forward.
type edge struct{ lo, hi int }

// follow moves the edge to the window of a query at t.
func (e *edge) follow(happened []int64, win Window, t int64) {
	from, to := win.bounds(t)
	for e.hi < len(happened) && happened[e.hi] < to {
		e.hi++
	}
	for e.lo < e.hi && happened[e.lo] < from {
		e.lo++
	}
}
