package window

import "math"

// digest is what a run of events in order comes to, in exact integers. Digests
// of neighbouring runs join into that of both; the zero value is of no event.
type digest struct {
	n, sum          int64
	sq              wide
	min, max        int64
	first, last     int64 // values
	firstAt, lastAt int64 // happened
	gapSq           wide
	gapMin          int64 // meaningful from two events on
}

// single is the digest of one event; v is 0 where there is no column.
func single(h, v int64) digest {
	return digest{n: 1, sum: v, sq: square(v), min: v, max: v, first: v, last: v,
		firstAt: h, lastAt: h, gapMin: math.MaxInt64}
}

// extend joins the later run b to a.
func (a *digest) extend(b *digest) {
	if b.n == 0 {
		return
	}
	if a.n == 0 {
		*a = *b
		return
	}
	gap := b.firstAt - a.lastAt
	a.gapMin = min(a.gapMin, b.gapMin, gap)
	a.gapSq = a.gapSq.add(b.gapSq).add(square(gap))
	a.n += b.n
	a.sum += b.sum
	a.sq = a.sq.add(b.sq)
	a.min, a.max = min(a.min, b.min), max(a.max, b.max)
	a.last, a.lastAt = b.last, b.lastAt
}

// push joins one later event.
func (a *digest) push(h, v int64) {
	if a.n == 0 {
		*a = single(h, v)
		return
	}
	gap := h - a.lastAt
	a.gapMin = min(a.gapMin, gap)
	a.gapSq = a.gapSq.add(square(gap))
	a.n++
	a.sum += v
	a.sq = a.sq.add(square(v))
	a.min, a.max = min(a.min, v), max(a.max, v)
	a.last, a.lastAt = v, h
}

// pushLight is push without squares and gaps.
func (a *digest) pushLight(h, v int64) {
	if a.n == 0 {
		a.min, a.max, a.first, a.firstAt = v, v, v, h
	}
	a.n++
	a.sum += v
	a.min, a.max = min(a.min, v), max(a.max, v)
	a.last, a.lastAt = v, h
}

// include joins one event that stands anywhere in the run; end says that it is
// behind all others. It reports false, and leaves the digest spoilt, when the
// run must be looked at again: where gaps are needed, or a tie at the edge hides
// which event is the first or the last.
func (a *digest) include(h, v int64, end, gaps bool) bool {
	if a.n == 0 || end || h > a.lastAt {
		a.push(h, v)
		return true
	}
	if gaps || h == a.lastAt || h == a.firstAt {
		return false
	}
	if h < a.firstAt {
		a.first, a.firstAt = v, h
	}
	a.n++
	a.sum += v
	a.sq = a.sq.add(square(v))
	a.min, a.max = min(a.min, v), max(a.max, v)
	return true
}

func mean(s, n int64) float64 {
	if n == 0 {
		return math.NaN()
	}
	return float64(s) / float64(n)
}

func deviation(n, s int64, q wide) float64 {
	if n == 0 {
		return math.NaN()
	}
	return spread(n, s, q)
}

func days(us int64) float64 { return float64(us) / float64(Day) }

// growth is (a/length of w) over (b/length of v).
func growth(a, b int64, w, v Window) float64 {
	switch {
	case b == 0:
		return math.NaN()
	case a == 0:
		return 0 // never below it
	}
	up := float64(a) * float64(v.From-v.To)
	down := float64(b) * float64(w.From-w.To)
	return up / down
}

func gapMean(span, n int64) float64 { return days(span) / float64(n-1) }

func gapStd(span, n int64, sq wide) float64 { return spread(n-1, span, sq) / float64(Day) }

// positional finishes the aggregates that depend on single events and their
// order, for a query at t.
func (a *digest) positional(do Do, t int64) float64 {
	if a.n == 0 || a.n < 2 && do >= GapMean {
		return math.NaN()
	}
	switch do {
	case Min:
		return float64(a.min)
	case Max:
		return float64(a.max)
	case First:
		return float64(a.first)
	case Last:
		return float64(a.last)
	case SinceLast:
		return days(t - a.lastAt)
	case GapMean:
		return gapMean(a.lastAt-a.firstAt, a.n)
	case GapMin:
		return days(a.gapMin)
	case GapStd:
		return gapStd(a.lastAt-a.firstAt, a.n, a.gapSq)
	}
	panic("window: BUG: " + do.String() + " is not positional")
}
