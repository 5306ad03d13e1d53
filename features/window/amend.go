package window

import (
	"math"
	"slices"
)

// amend puts right what positional wrote for queries with own events in the
// window.
func (w *worker) amend(do Do, dst []float64) {
	for i := range w.own.askers {
		a := &w.own.askers[i]
		lo, hi := w.lo[a.query], w.hi[a.query]
		hidden := w.hidden(a, lo, hi)
		if len(hidden) > 0 && w.touches(do, dst[a.query], lo, hi, hidden) {
			dst[a.query] = w.without(do, lo, hi, hidden, w.qt[a.query])
		}
	}
}

// touches reports whether an answer over the positions from lo up to but without
// hi may change when the hidden ones go: a least value or gap stays as long as
// none of them has it.
func (w *worker) touches(do Do, answer float64, lo, hi int, hidden []int32) bool {
	if do != Min && do != Max && do != GapMin || hi-lo-len(hidden) < 2 {
		return true
	}
	for _, p := range hidden {
		if do != GapMin && float64(w.sel.v[p]) == answer ||
			do == GapMin && (int(p) > lo && days(w.gap[p-1]) == answer || int(p) < hi-1 && days(w.gap[p]) == answer) {
			return !w.witnessed(do, answer, lo, hi, hidden)
		}
	}
	return false
}

// witnesses is how many positions witnessed looks at.
const witnesses = 16

// witnessed reports whether one of the last positions that are not hidden has
// the answer, too, as is usual where values or dates are few.
func (w *worker) witnessed(do Do, answer float64, lo, hi int, hidden []int32) bool {
	shown := func(p int) bool {
		_, found := slices.BinarySearch(hidden, int32(p))
		return !found
	}
	for p := hi - 1; p >= max(lo, hi-witnesses); p-- {
		if do != GapMin && float64(w.sel.v[p]) == answer && shown(p) ||
			do == GapMin && p > lo && days(w.gap[p-1]) == answer && shown(p) && shown(p-1) {
			return true
		}
	}
	return false
}

// without answers do for a query at t over the positions from lo up to but
// without hi, save the hidden ones.
func (w *worker) without(do Do, lo, hi int, hidden []int32, t int64) float64 {
	n := hi - lo - len(hidden)
	if n == 0 || n < 2 && do >= GapMean {
		return math.NaN()
	}
	// The first and the last that are not hidden, and those hidden between them.
	for len(hidden) > 0 && int(hidden[0]) == lo {
		lo, hidden = lo+1, hidden[1:]
	}
	for len(hidden) > 0 && int(hidden[len(hidden)-1]) == hi-1 {
		hi, hidden = hi-1, hidden[:len(hidden)-1]
	}
	h, v := w.sel.h, w.sel.v
	switch do {
	case Min:
		return float64(w.values.except(lo, hi, hidden).least)
	case Max:
		return float64(w.values.except(lo, hi, hidden).most)
	case First:
		return float64(v[lo])
	case Last:
		return float64(v[hi-1])
	case SinceLast:
		return days(t - h[hi-1])
	case GapMean:
		return gapMean(h[hi-1]-h[lo], int64(n))
	case GapMin:
		return days(w.leastGap(lo, hi, hidden))
	case GapStd:
		return gapStd(h[hi-1]-h[lo], int64(n), w.squaredGaps(lo, hi, hidden))
	}
	panic("window: BUG: " + do.String() + " is not positional")
}

// leastGap is the least gap between neighbours that are not hidden; the first
// and the last position are not.
func (w *worker) leastGap(lo, hi int, hidden []int32) int64 {
	least := int64(math.MaxInt64)
	for i := 0; i < len(hidden); {
		from := int(hidden[i])
		to := from
		for ; i < len(hidden) && int(hidden[i]) == to; i++ {
			to++
		}
		least = min(least, w.gapRanges.over(lo, from-1).least, w.sel.h[to]-w.sel.h[from-1])
		lo = to
	}
	return min(least, w.gapRanges.over(lo, hi-1).least)
}

// squaredGaps is the sum of the squares of those gaps.
func (w *worker) squaredGaps(lo, hi int, hidden []int32) wide {
	sum := w.gapSq[hi-1].sub(w.gapSq[lo])
	for i := 0; i < len(hidden); {
		from := int(hidden[i])
		to := from
		for ; i < len(hidden) && int(hidden[i]) == to; i++ {
			to++
		}
		sum = sum.sub(w.gapSq[to].sub(w.gapSq[from-1])).add(square(w.sel.h[to] - w.sel.h[from-1]))
	}
	return sum
}
