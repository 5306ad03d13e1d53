package window

import (
	"math"
	"slices"
)

// positional answers from single events of the contiguous range [lo, hi).
func (w *worker) positional(do Do, dst []float64) {
	t := &w.sel
	switch do {
	case Min:
		w.extreme(t.v, 0, 0, dst)
		return
	case Max:
		w.extreme(t.v, 0, -1, dst)
		return
	case GapMin, GapStd:
		w.gaps(do, dst)
		return
	}
	for j := range dst {
		lo, hi := w.lo[j], w.hi[j]
		if hi == lo || hi-lo < 2 && do == GapMean {
			dst[j] = math.NaN()
			continue
		}
		switch do {
		case First:
			dst[j] = float64(t.v[lo])
		case Last:
			dst[j] = float64(t.v[hi-1])
		case SinceLast:
			dst[j] = days(w.qt[j] - t.h[hi-1])
		case GapMean:
			dst[j] = gapMean(t.h[hi-1]-t.h[lo], int64(hi-lo))
		}
	}
}

// loadGaps fills the gaps between neighbours and the sums of their squares.
func (w *worker) loadGaps() {
	h := w.sel.h
	w.gap, w.gapSq = w.gap[:0], append(w.gapSq[:0], wide{})
	var sum wide
	for p := 1; p < len(h); p++ {
		g := h[p] - h[p-1]
		sum = sum.add(square(g))
		w.gap, w.gapSq = append(w.gap, g), append(w.gapSq, sum)
	}
	w.gapRanges.start(w.gap)
}

// gaps answers GapMin and GapStd.
func (w *worker) gaps(do Do, dst []float64) {
	if do == GapMin {
		w.extreme(w.gap, 1, 0, dst)
		for j := range dst {
			dst[j] /= float64(Day)
		}
		return
	}
	h := w.sel.h
	for j := range dst {
		lo, hi := w.lo[j], w.hi[j]
		if hi-lo < 2 {
			dst[j] = math.NaN()
			continue
		}
		dst[j] = gapStd(h[hi-1]-h[lo], int64(hi-lo), w.gapSq[hi-1].sub(w.gapSq[lo]))
	}
}

// extreme writes the least of v[lo:hi-short] per query: a queue of positions
// whose values only rise, so that its head is the answer. With flip -1 it is the
// greatest: the complement turns the order of integers round.
func (w *worker) extreme(v []int64, short int, flip int64, dst []float64) {
	q, head, next := slices.Grow(w.queue[:0], len(v)), 0, 0
	los, his := w.lo[:len(dst)], w.hi[:len(dst)]
	for j := range dst {
		lo, hi := los[j], his[j]-short
		for ; next < hi; next++ {
			x := v[next] ^ flip
			for len(q) > head && v[q[len(q)-1]]^flip >= x {
				q = q[:len(q)-1]
			}
			q = append(q, int32(next))
		}
		for head < len(q) && int(q[head]) < lo {
			head++
		}
		if hi <= lo {
			dst[j] = math.NaN()
			continue
		}
		dst[j] = float64(v[q[head]])
	}
	w.queue = q
}
