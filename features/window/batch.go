package window

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// chunkRows is about how many queries a worker takes at a time; a key is never
// split.
const chunkRows = 8192

// Batch answers every query: dst[a][i] is aggregate a for query i. dst may be
// nil; otherwise it has one slice per aggregate with room for every query, and
// is filled and returned. Counts (of events and of codes) and sums of no event are 0, everything else of
// no event is NaN.
//
// threads is how many goroutines work, 0 for one per processor; answers do not
// depend on it. Beside dst it takes 8 bytes an event and a query (16 while
// sorting) and scratch in proportion to the largest key. Time is n log n at
// worst, also for a single key with all events. Owners add to it in proportion
// to what the queries own in their windows, and n^1.5 at worst, for hundreds of
// owners with thousands of events and queries each of the same key.
//
// It refuses columns of unequal length, times beyond 2^60 microseconds, value
// columns whose absolute values add up to 2^62, and whatever Validate refuses.
func Batch(dst [][]float64, ev Events, q Queries, aggs []Aggregate, threads int) ([][]float64, error) {
	if err := Validate(aggs, len(ev.Values), len(ev.Codes)); err != nil {
		return nil, err
	}
	if err := ev.validate(); err != nil {
		return nil, err
	}
	if err := q.validate(); err != nil {
		return nil, err
	}
	if dst == nil {
		dst = make([][]float64, len(aggs))
		for a := range dst {
			dst[a] = make([]float64, len(q.Key))
		}
	}
	if len(dst) != len(aggs) {
		return nil, fmt.Errorf("cannot answer into %d columns: there are %d aggregates", len(dst), len(aggs))
	}
	for a := range dst {
		if len(dst[a]) < len(q.Key) {
			return nil, fmt.Errorf("cannot answer into column %d: room for %d of %d queries", a, len(dst[a]), len(q.Key))
		}
	}
	b := newBatch(dst, ev, q, aggs)
	b.run(threads)
	return dst, nil
}

// batch is one run of Batch, shared and read only while workers work.
type batch struct {
	dst     [][]float64
	ev      Events
	q       Queries
	aggs    []Aggregate
	plan    *plan
	events  []uint64 // by key
	queries []uint64 // by key
	codes   [][]int32
	limit   []int32 // per code column, one more than the largest code
	owners  bool    // some query may own events
	// usedValues says which value columns are looked at.
	usedValues []bool
	whole      []bool // per selection: no event is left out
}

func newBatch(dst [][]float64, ev Events, q Queries, aggs []Aggregate) *batch {
	b := &batch{dst: dst, ev: ev, q: q, aggs: aggs, plan: newPlan(aggs), events: packKeys(ev.Key)}
	if n := len(q.Key); n > 0 && n == len(ev.Key) && &q.Key[0] == &ev.Key[0] {
		b.queries = b.events
	} else {
		b.queries = packKeys(q.Key)
	}
	b.owners = ev.Owner != nil && q.Owner != nil
	b.usedValues = make([]bool, len(ev.Values))
	b.codes = make([][]int32, len(ev.Codes))
	b.limit = make([]int32, len(ev.Codes))
	b.whole = make([]bool, len(b.plan.sels))
	for i, s := range b.plan.sels {
		switch s.kind {
		case noColumn:
			b.whole[i] = true
		case valueColumn:
			b.usedValues[s.column] = true
			b.whole[i] = !slices.Contains(ev.Values[s.column], Missing)
		case codeColumn:
			if b.codes[s.column] == nil {
				b.codes[s.column], b.limit[s.column] = dense(ev.Codes[s.column])
			}
			b.whole[i] = len(ev.Key) == 0 || slices.Min(ev.Codes[s.column]) >= 0
		}
		b.whole[i] = b.whole[i] && s.where == 0
	}
	return b
}

// dense renumbers codes that are too sparse to index an array with, and returns
// one more than the largest.
func dense(codes []int32) ([]int32, int32) {
	top := int32(-1)
	for _, c := range codes {
		top = max(top, c)
	}
	if int64(top) < 8*int64(len(codes))+4096 {
		return codes, top + 1
	}
	number := map[int32]int32{}
	out := make([]int32, len(codes))
	for i, c := range codes {
		if c < 0 {
			out[i] = c
			continue
		}
		d, ok := number[c]
		if !ok {
			d = int32(len(number))
			number[c] = d
		}
		out[i] = d
	}
	return out, int32(len(number))
}

// run lets workers take chunks of whole keys. Each query is written by exactly
// one of them, so that the order in which they come does not matter.
func (b *batch) run(threads int) {
	var starts []int
	for at := 0; at < len(b.queries); {
		starts = append(starts, at)
		at += chunkRows
		for at < len(b.queries) && b.queries[at]>>32 == b.queries[at-1]>>32 {
			at++
		}
	}
	starts = append(starts, len(b.queries))
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	threads = min(threads, len(starts)-1)
	var next atomic.Int64
	work := func() {
		w := newWorker(b)
		for {
			c := int(next.Add(1)) - 1
			if c+1 >= len(starts) {
				return
			}
			w.chunk(b.queries[starts[c]:min(starts[c+1], len(b.queries))])
		}
	}
	if threads == 1 {
		work()
		return
	}
	var wg sync.WaitGroup
	for range threads {
		wg.Go(work)
	}
	wg.Wait()
}
