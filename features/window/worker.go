package window

import (
	"slices"
	"sort"
)

// worker answers the queries of one key after another; its slices are scratch
// that grows to the largest key.
type worker struct {
	*batch
	rows, qrows   []int32  // the events and queries collected, key after key
	ends          [][2]int // per key, where its rows and qrows end
	gh, gk, gq    []int64  // gathered: happened, known, instants of queries
	gm            []uint64 // marks
	gOwner, gAsk  []int32  // owners of events and queries
	gv            [][]int64
	gc            [][]int32
	stamps, spare []stamp
	qt            []int64     // the key's queries by time
	qi            []int32     // rows of all queries collected, by key and time
	qOwner        []int32     // of the key's queries by time; empty where nobody owns
	out           [][]float64 // answers in the order of qi
	qfrom         int         // where the key's queries begin in qi and out
	base          track       // all events of the key
	sel           track       // those of the selection in hand: slices of base or kept
	kept          track       // room for a filtered selection
	place         []int32     // where the events of base are in kept, -1 for nowhere
	own           ownership
	values        ranges // of sel.v
	gapRanges     ranges // of gap
	lo, hi        []int  // per query: the events whose happened time the window covers
	n, s          []int64
	sq            []wide
	nB, sB        []int64 // of the window that Growth compares with
	prefix        []int64
	prefixSq      []wide
	gap           []int64
	gapSq         []wide
	queue         []int32
	tallies       []tally // per code column
	distinct, top []int64
	tree          tree
	seen          []bool
	extremes      extremes
	edge          []edge // per span, of positionalLate
}

func newWorker(b *batch) *worker {
	w := &worker{batch: b, tallies: make([]tally, len(b.codes)),
		gv: make([][]int64, len(b.ev.Values)), gc: make([][]int32, len(b.codes)), out: make([][]float64, len(b.aggs))}
	for c, n := range b.limit {
		w.tallies[c].count = make([]int32, n)
	}
	return w
}

// chunk answers a run of queries that holds whole keys.
func (w *worker) chunk(queries []uint64) {
	if len(queries) == 0 {
		return
	}
	ev := w.events
	first := queries[0] >> 32
	e := sort.Search(len(ev), func(i int) bool { return ev[i]>>32 >= first })
	for len(queries) > 0 {
		key := queries[0] >> 32
		m := 1
		for m < len(queries) && queries[m]>>32 == key {
			m++
		}
		for e < len(ev) && ev[e]>>32 < key {
			e++
		}
		for ; e < len(ev) && ev[e]>>32 == key; e++ {
			w.rows = append(w.rows, int32(uint32(ev[e])))
		}
		for _, r := range queries[:m] {
			w.qrows = append(w.qrows, int32(uint32(r)))
		}
		w.ends = append(w.ends, [2]int{len(w.rows), len(w.qrows)})
		queries = queries[m:]
		if len(w.rows) >= chunkRows {
			w.flush()
		}
	}
	w.flush()
}

// flush answers the keys collected so far. Columns are gathered for all of them
// first, in loops without a branch on what they load: rows of a key lie far
// apart in memory, and only so are many of them fetched at a time.
func (w *worker) flush() {
	w.gh = gather(w.gh, w.ev.Happened, w.rows)
	w.gk = gather(w.gk, w.ev.Known, w.rows)
	w.gm = gather(w.gm, w.ev.Marks, w.rows)
	w.gq = gather(w.gq, w.q.At, w.qrows)
	w.gOwner = gather(w.gOwner, w.ev.Owner, w.rows)
	w.gAsk = gather(w.gAsk, w.q.Owner, w.qrows)
	for c, used := range w.usedValues {
		if used {
			w.gv[c] = gather(w.gv[c], w.ev.Values[c], w.rows)
		}
	}
	for c, col := range w.codes {
		w.gc[c] = gather(w.gc[c], col, w.rows)
	}
	w.qi = w.qi[:0]
	for a := range w.out {
		w.out[a] = slices.Grow(w.out[a][:0], len(w.qrows))[:len(w.qrows)]
	}
	var from [2]int
	for _, to := range w.ends {
		w.loadEvents(from[0], to[0])
		w.loadQueries(from[1], to[1])
		if w.owners {
			w.pair()
		}
		w.answerKey()
		for _, c := range w.own.crowds {
			w.apart(c)
		}
		from = to
	}
	// Scattered writes come last and alone, so that many are under way at once.
	for a, out := range w.out {
		dst := w.dst[a]
		for j, i := range w.qi {
			dst[i] = out[j]
		}
	}
	w.rows, w.qrows, w.ends = w.rows[:0], w.qrows[:0], w.ends[:0]
}

// answerKey answers the queries of w.qt about the events of w.base.
func (w *worker) answerKey() {
	for i := range w.plan.sels {
		s := &w.plan.sels[i]
		w.choose(s, w.whole[i])
		if w.owners && w.whole[i] {
			w.own.choose(nil)
		} else if w.owners {
			w.own.choose(w.place)
		}
		w.selection(s)
	}
}

// gather fills dst with col at the rows; a nil column gives an empty one.
func gather[T any](dst, col []T, rows []int32) []T {
	if col == nil {
		return dst[:0]
	}
	dst = slices.Grow(dst[:0], len(rows))[:len(rows)]
	for j, i := range rows {
		dst[j] = col[i]
	}
	return dst
}

// loadEvents puts the gathered events from up to but without to in order.
func (w *worker) loadEvents(from, to int) {
	w.stamps = w.stamps[:0]
	for i := from; i < to; i++ {
		w.stamps = append(w.stamps, stamp{w.gh[i], int32(i)})
	}
	w.stamps, w.spare = sortStamps(w.stamps, w.spare)
	late := w.ev.Known != nil
	if late {
		orderTies(w.stamps, w.gk)
	}
	b := &w.base
	b.idx, b.h, b.k, b.late = b.idx[:0], b.h[:0], b.k[:0], false
	for _, s := range w.stamps {
		b.idx = append(b.idx, s.i)
		b.h = append(b.h, s.t)
		if late {
			b.k = append(b.k, w.gk[s.i])
			b.late = b.late || w.gk[s.i] > s.t
		}
	}
	if b.late {
		w.orderKnown(b)
	}
}

func (w *worker) loadQueries(from, to int) {
	w.stamps = w.stamps[:0]
	for j := from; j < to; j++ {
		w.stamps = append(w.stamps, stamp{w.gq[j], int32(j)})
	}
	w.stamps, w.spare = sortStamps(w.stamps, w.spare)
	w.qfrom, w.qt, w.qOwner = from, w.qt[:0], w.qOwner[:0]
	for _, s := range w.stamps {
		w.qi = append(w.qi, w.qrows[s.i])
		w.qt = append(w.qt, s.t)
	}
	if len(w.gAsk) > 0 {
		for _, s := range w.stamps {
			w.qOwner = append(w.qOwner, w.gAsk[s.i])
		}
	}
	w.room(to - from)
}

// room makes room for what n queries need.
func (w *worker) room(n int) {
	w.lo, w.hi = slices.Grow(w.lo[:0], n)[:n], slices.Grow(w.hi[:0], n)[:n]
	w.n, w.s = slices.Grow(w.n[:0], n)[:n], slices.Grow(w.s[:0], n)[:n]
	w.sq = slices.Grow(w.sq[:0], n)[:n]
	w.distinct, w.top = slices.Grow(w.distinct[:0], n)[:n], slices.Grow(w.top[:0], n)[:n]
}

// answers is where the key's answers to aggregate a go.
func (w *worker) answers(a int) []float64 { return w.out[a][w.qfrom : w.qfrom+len(w.qt)] }
