package window

import (
	"fmt"
	"math"
	"slices"
)

// Answer appends the aggregates about a key at instant t to dst and returns it:
// the events known strictly before t, as the rule of the package says. A key
// without events has counts and sums of 0 and NaN elsewhere, and so has a
// negative one. No aggregate sees the events that own names: those of its owner
// that happened at its instants. It refuses instants beyond 2^60 microseconds.
//
// For a key of n events it takes time in proportion to n/16384 + 256 per window
// and choice of events, which is some microseconds for a million. Events that
// are not known to the query add the blocks of 256 that they stand in. Distinct
// is as fast for windows that end at the query when the query is no older than
// the newest event; at older instants, with a Window.To, and for TopShare it
// takes time in proportion to the events in the window. An instant of own adds
// the events of the key at it and, where there is an own one, per choice of events
// its block of 256 and a digest for each of up to 64 others.
func (s *State) Answer(dst []float64, key int32, t int64, own Own) ([]float64, error) {
	if err := checkTime(t); err != nil {
		return dst, fmt.Errorf("cannot answer for key %d: %w", key, err)
	}
	from := len(dst)
	dst = slices.Grow(dst, len(s.aggs))[:from+len(s.aggs)]
	out := dst[from:]
	l := s.lookout()
	defer s.lookouts.Put(l)
	l.open(s, key, t, &own)
	for i := range s.plan.sels {
		sel := &s.plan.sels[i]
		for j := range sel.spans {
			sp := &sel.spans[j]
			now := &l.views[sp.now]
			if sp.tally {
				s.answerCodes(out, l, i, sp, now, t)
				continue
			}
			seen := l.digest(s, i, now, t)
			var before digest
			if sp.growth {
				before = l.digest(s, i, &l.views[sp.before], t)
			}
			for _, a := range sp.aggs {
				out[a] = finish(&s.aggs[a], t, &seen, &before)
			}
		}
	}
	return dst, nil
}

// finish is the answer of any aggregate that a digest holds.
func finish(a *Aggregate, t int64, now, before *digest) float64 {
	switch a.Do {
	case Count:
		return float64(now.n)
	case Sum:
		return float64(now.sum)
	case Mean:
		return mean(now.sum, now.n)
	case Std:
		return deviation(now.n, now.sum, now.sq)
	case Growth:
		if a.Column == None {
			return growth(now.n, before.n, a.Window, a.Against)
		}
		return growth(now.sum, before.sum, a.Window, a.Against)
	}
	return now.positional(a.Do, t)
}

// answerCodes answers the aggregates of codes in a window, from what is kept of
// the newest ones if that holds, else by counting.
func (s *State) answerCodes(out []float64, l *lookout, i int, sp *span, v *view, t int64) {
	var distinct, top, n int64
	sel := &s.plan.sels[i]
	if r := l.recency(i); r != nil && sp.window.To == 0 && !sp.shares && r.holds(t) {
		distinct = r.distinct(v.lo.block, v.lo.at, v.from, t) - l.onlyHidden(r, sel, v, t)
	} else {
		l.gather(sel, v, t)
		n = int64(len(l.codes))
		distinct, top = l.counter.count(l.codes)
	}
	for _, a := range sp.aggs {
		switch s.aggs[a].Do {
		case Distinct:
			out[a] = float64(distinct)
		case TopShare:
			out[a] = math.NaN()
			if n > 0 {
				out[a] = mean(top, n)
			}
		default:
			panic("window: BUG: " + s.aggs[a].Do.String() + " is not of codes")
		}
	}
}

// recency is what a history keeps of the codes of selection i, or nil.
func (l *lookout) recency(i int) *recency {
	if l.history == nil {
		return nil
	}
	return l.history.recency(i)
}

// counter counts codes in a table of its own.
type counter struct {
	codes  []int32 // one more than the code, 0 where free
	counts []int32
}

// count returns how many different codes there are and how often the most
// frequent occurs. It may reorder them.
func (c *counter) count(codes []int32) (distinct, top int64) {
	if len(codes) <= 64 {
		slices.Sort(codes)
		var run int64
		for i, x := range codes {
			if i == 0 || x != codes[i-1] {
				distinct++
				run = 0
			}
			run++
			top = max(top, run)
		}
		return distinct, top
	}
	size := 2 * len(codes)
	c.codes, c.counts = slices.Grow(c.codes[:0], size)[:size], slices.Grow(c.counts[:0], size)[:size]
	clear(c.codes)
	for _, x := range codes {
		i := int(uint64(uint32(x)*0x9E3779B1) * uint64(size) >> 32)
		for c.codes[i] != 0 && c.codes[i] != x+1 {
			if i++; i == size {
				i = 0
			}
		}
		if c.codes[i] == 0 {
			c.codes[i], c.counts[i] = x+1, 0
			distinct++
		}
		c.counts[i]++
		top = max(top, int64(c.counts[i]))
	}
	return distinct, top
}
