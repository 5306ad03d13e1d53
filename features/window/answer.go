package window

import (
	"fmt"
	"math"
	"slices"
)

// Answer appends the aggregates about a key at instant t to dst and returns it:
// the events known strictly before t, as the rule of the package says. A key
// without events has counts and sums of 0 and NaN elsewhere. It refuses instants
// beyond 2^60 microseconds.
//
// It takes time in proportion to the events in the widest window, a 256th of
// them for keys of many events except for Distinct and TopShare.
func (s *State) Answer(dst []float64, key int32, t int64) ([]float64, error) {
	if err := checkTime(t); err != nil {
		return dst, fmt.Errorf("cannot answer for key %d: %w", key, err)
	}
	from := len(dst)
	dst = slices.Grow(dst, len(s.aggs))[:from+len(s.aggs)]
	out := dst[from:]
	h := s.keys[key]
	if h == nil {
		h = &history{}
	}
	var codes []int32
	for i := range s.plan.sels {
		sel := &s.plan.sels[i]
		for j := range sel.spans {
			sp := &sel.spans[j]
			if sp.tally {
				codes = s.answerCodes(out, codes, h, sel, sp, t)
				continue
			}
			now := s.digest(h, i, t, sp.window)
			var before digest
			if sp.growth {
				before = s.digest(h, i, t, sp.against)
			}
			for _, a := range sp.aggs {
				out[a] = finish(&s.aggs[a], t, &now, &before)
			}
		}
	}
	return dst, nil
}

// digest joins what a selection sees in a window.
func (s *State) digest(h *history, i int, t int64, win Window) digest {
	var d digest
	h.visit(s.stride, t, win,
		func(b *block) { d.extend(&b.digests[i]) },
		func(row []int64) { s.push(&d, &s.plan.sels[i], row) })
	return d
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

// answerCodes counts the codes of a window by sorting them; it returns its
// scratch.
func (s *State) answerCodes(out []float64, codes []int32, h *history, sel *selection, sp *span, t int64) []int32 {
	codes = codes[:0]
	h.visit(s.stride, t, sp.window, nil, func(row []int64) {
		if s.chosen(sel, row) {
			codes = append(codes, s.code(row, sel.column))
		}
	})
	slices.Sort(codes)
	var distinct, top, run int64
	for i, c := range codes {
		if i == 0 || c != codes[i-1] {
			distinct++
			run = 0
		}
		run++
		top = max(top, run)
	}
	for _, a := range sp.aggs {
		out[a] = math.NaN()
		switch s.aggs[a].Do {
		case Distinct:
			out[a] = float64(distinct)
		case TopShare:
			out[a] = mean(top, int64(len(codes)))
		default:
			panic("window: BUG: " + s.aggs[a].Do.String() + " is not of codes")
		}
	}
	return codes
}
