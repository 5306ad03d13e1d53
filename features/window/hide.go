package window

import (
	"slices"
	"sort"
)

// Own says who asks a State and at which instants its own events happened, in
// any order and as often as you like. They let the state find the events without
// looking at all of the key. An instant at which no event of the owner happened
// does no harm; an own event at an instant that is not named may be seen. With a
// negative Owner, or no instant, every event is seen.
type Own struct {
	Owner    int32
	Happened []int64
}

// hiding is the events that a query must not see because they are its own.
type hiding struct {
	spots   []spot // of a key with a history, in order
	named   []int64
	blocks  []memo // what a block holds beside them, by its first spot
	groups  []memo
	removed []int32 // scratch of codes
}

// memo is a digest of a selection.
type memo struct {
	of     int // one more than the selection, 0 for none yet
	digest digest
}

// name begins with the instants of a query at t; it reports whether there are any.
func (x *hiding) name(own *Own, t int64) bool {
	x.spots, x.named = x.spots[:0], x.named[:0]
	if own.Owner < 0 {
		return false
	}
	for _, at := range own.Happened {
		if at < t {
			x.named = append(x.named, at)
		}
	}
	slices.Sort(x.named)
	x.named = slices.Compact(x.named)
	return len(x.named) > 0
}

// drop takes own events out of those walked over.
func (l *lookout) drop(from *pool, owner int32) {
	l.steps = slices.DeleteFunc(l.steps, func(e step) bool {
		if _, ok := slices.BinarySearch(l.named, e.happened); !ok {
			return false
		}
		pk, i := from.at(int(e.id))
		return pk.get(ownerColumn, i) == int64(owner)
	})
}

// hide finds own events in the history.
func (l *lookout) hide(owner int64) {
	for _, at := range l.named {
		l.hideAt(at, owner)
	}
	n := len(l.spots)
	l.blocks, l.groups = slices.Grow(l.blocks[:0], n)[:n], slices.Grow(l.groups[:0], n)[:n]
	for i := range n {
		l.blocks[i].of, l.groups[i].of = 0, 0
	}
}

// hideAt finds own events of an instant.
func (l *lookout) hideAt(at, owner int64) {
	h := l.history
	p := h.locate(at)
	for i := p.block; i < len(h.blocks) && h.blocks[i].first <= at; i++ {
		b := &h.blocks[i]
		if _, may := b.frames[ownerColumn].raw(owner); may {
			for k := p.at; k < int(b.n) && b.get(0, k) == at; k++ {
				if b.get(ownerColumn, k) == owner {
					l.spots = append(l.spots, spot{i, k})
				}
			}
		}
		if b.get(0, int(b.n)-1) > at {
			return
		}
		p.at = 0
	}
}

// within is the spots in the blocks from i up to but without to: where they
// begin, and how many they are.
func (x *hiding) within(i, to int) (first, n int) {
	if len(x.spots) == 0 {
		return 0, 0
	}
	first = sort.Search(len(x.spots), func(k int) bool { return x.spots[k].block >= i })
	for first+n < len(x.spots) && x.spots[first+n].block < to {
		n++
	}
	return first, n
}

// lookPast pushes the events from lo up to but without hi of block i that the
// query sees.
func (l *lookout) lookPast(d *digest, sel *selection, i, lo, hi int, t int64) {
	b := &l.history.blocks[i]
	first, n := l.within(i, i+1)
	for _, p := range l.spots[first : first+n] {
		if lo <= p.at && p.at < hi {
			l.look(d, sel, b, lo, p.at, t)
			lo = p.at + 1
		}
	}
	l.look(d, sel, b, lo, hi, t)
}

// ofBlock is what selection j sees of all of block i, whose events a query at t
// knows.
func (l *lookout) ofBlock(s *State, j, i int, t int64) *digest {
	b := &l.history.blocks[i]
	first, n := l.within(i, i+1)
	if n == 0 {
		return &b.digests[j]
	}
	m := &l.blocks[first]
	if m.of != j+1 {
		*m = memo{of: j + 1}
		l.lookPast(&m.digest, &s.plan.sels[j], i, 0, int(b.n), t)
	}
	return &m.digest
}

// ofGroup is ofBlock for group g.
func (l *lookout) ofGroup(s *State, j, g int, t int64) *digest {
	first, n := l.within(g*groupBlocks, (g+1)*groupBlocks)
	if n == 0 {
		return &l.history.groups[g].digests[j]
	}
	m := &l.groups[first]
	if m.of != j+1 {
		*m = memo{of: j + 1}
		for i := range l.history.members(g) {
			m.digest.extend(l.ofBlock(s, j, g*groupBlocks+i, t))
		}
	}
	return &m.digest
}

// onlyHidden is how many different codes a selection would see in the window
// of hidden events and of no others, where r holds.
func (l *lookout) onlyHidden(r *recency, sel *selection, v *view, t int64) int64 {
	l.removed = l.removed[:0]
	for _, p := range l.spots {
		b := &l.history.blocks[p.block]
		if h := b.get(0, p.at); h < v.from || h >= v.to {
			continue
		}
		x := l.eyes.strip(sel, b, p.at, p.at+1, t)
		l.removed = x.codes(l.removed, sel, t)
	}
	slices.Sort(l.removed)
	var n int64
	for _, code := range slices.Compact(l.removed) {
		if !l.elsewhere(r, sel, code, v, t) {
			n++
		}
	}
	return n
}

// elsewhere reports whether the query sees a code at an event of the window that
// is not hidden. What it finds last, or last with another owner, nearly always
// says so; only if neither is known to it yet must it look at all of the window.
func (l *lookout) elsewhere(r *recency, sel *selection, code int32, v *view, t int64) bool {
	for _, times := range []*codeTimes{&r.last, &r.second} {
		about, found := times.get(code)
		from, to := about.span()
		if !found || to < v.from {
			return false // and what is earlier is hidden or before the window
		}
		if l.sees(sel, code, max(from, v.from), min(to, v.to-1), t) {
			return true
		}
	}
	return l.sees(sel, code, v.from, v.to-1, t)
}

// sees reports whether the query sees a code at an event that happened in the
// time given, both ends included, and is not hidden.
func (l *lookout) sees(sel *selection, code int32, from, to, t int64) bool {
	h := l.history
	p := h.locate(from)
	for i := p.block; i < len(h.blocks) && h.blocks[i].first <= to; i++ {
		b := &h.blocks[i]
		x := l.eyes.strip(sel, b, p.at, int(b.n), t)
		for k, v := range x.v {
			if x.h[k] > to {
				return false
			}
			if v == int64(code) && x.shows(sel, k, t) && !slices.Contains(l.spots, spot{i, p.at + k}) {
				return true
			}
		}
		p.at = 0
	}
	return false
}
