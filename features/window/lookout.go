package window

import (
	"cmp"
	"slices"
	"sort"
)

// lookout is what one call of Answer works with.
type lookout struct {
	eyes
	hiding
	history *history // nil for a key of the pool
	steps   []step
	columns [][]int64 // of a key of the pool: its events in order
	views   []view    // per window of the plan
	codes   []int32
	counter counter
}

// step is an event of the pool on the way to its place in the order.
type step struct {
	happened, known int64
	id              int32
}

// view is a window as of the query: times, and the events from lo up to but
// without hi.
type view struct {
	from, to int64
	lo, hi   spot
}

// spot is an event of a history, or of a key of the pool with block 0.
type spot struct{ block, at int }

// walk collects the events of a key of the pool in order.
func (l *lookout) walk(from *pool, p place) {
	l.steps = l.steps[:0]
	if p == none {
		return
	}
	for id := p.row(); ; {
		pk, i := from.at(id)
		h := pk.get(0, i)
		l.steps = append(l.steps, step{h, knownOf(h, pk.get(1, i)), int32(id)})
		back := int(pk.get(from.stride-1, i))
		if back == 0 {
			break
		}
		id -= back
	}
	slices.Reverse(l.steps)
	// Few and nearly in order: an insertion sort, which keeps ties as they are.
	for i := 1; i < len(l.steps); i++ {
		x, j := l.steps[i], i
		for ; j > 0 && cmp.Or(cmp.Compare(l.steps[j-1].happened, x.happened), cmp.Compare(l.steps[j-1].known, x.known)) > 0; j-- {
			l.steps[j] = l.steps[j-1]
		}
		l.steps[j] = x
	}
}

// open finds the events of a key, which of them are the asker's own, and the
// bounds of every window for a query at t.
func (l *lookout) open(s *State, key int32, t int64, own *Own) {
	l.history = nil
	p, _ := s.keys.get(key)
	owns := l.name(own, t)
	if p.hasHistory() {
		l.history = s.histories[p.history()]
		if owns && l.history.owned {
			l.hide(int64(own.Owner))
		}
	} else {
		l.walk(&s.pool, p)
		if owns {
			l.drop(&s.pool, own.Owner)
		}
		l.load(s)
	}
	l.views = slices.Grow(l.views[:0], len(s.plan.windows))
	for _, w := range s.plan.windows {
		v := view{}
		v.from, v.to = w.bounds(t)
		if l.history != nil {
			v.lo, v.hi = l.history.locate(v.from), l.history.locate(v.to)
		} else {
			v.lo.at, v.hi.at = l.position(v.from), l.position(v.to)
		}
		l.views = append(l.views, v)
	}
}

// load reads the columns of the events walked over that selections ask for.
func (l *lookout) load(s *State) {
	l.columns = slices.Grow(l.columns[:0], s.stride)[:s.stride]
	for c := range l.columns {
		l.columns[c] = l.columns[c][:0]
	}
	for _, e := range l.steps {
		l.columns[0] = append(l.columns[0], e.happened)
		l.columns[1] = append(l.columns[1], e.known)
		pk, i := s.pool.at(int(e.id))
		for _, c := range s.plan.columns {
			l.columns[c] = append(l.columns[c], pk.get(c, i))
		}
	}
}

// position is the first of the events walked over that happened at or after from.
func (l *lookout) position(from int64) int {
	for i := range l.steps {
		if l.steps[i].happened >= from {
			return i
		}
	}
	return len(l.steps)
}

// locate is the first event that happened at or after from.
func (h *history) locate(from int64) spot {
	i := sort.Search(len(h.blocks), func(i int) bool { return h.blocks[i].first >= from }) - 1
	if i < 0 {
		return spot{}
	}
	b := &h.blocks[i]
	at := sort.Search(int(b.n), func(p int) bool { return b.get(0, p) >= from })
	if at == int(b.n) {
		return spot{i + 1, 0}
	}
	return spot{i, at}
}

// strip is what a selection reads of the events from lo up to but without hi of
// a key of the pool.
func (l *lookout) strip(sel *selection, lo, hi int) strip {
	x := strip{h: l.columns[0][lo:hi], k: l.columns[1][lo:hi]}
	if sel.where != 0 {
		x.m = l.columns[2][lo:hi]
	}
	if sel.at > 0 {
		x.v = l.columns[sel.at][lo:hi]
	}
	return x
}

// digest joins what selection j sees in a window.
func (l *lookout) digest(s *State, j int, v *view, t int64) digest {
	var d digest
	sel := &s.plan.sels[j]
	if l.history == nil {
		x := l.strip(sel, v.lo.at, v.hi.at)
		x.push(&d, sel, t)
		return d
	}
	h := l.history
	for i := v.lo.block; i < len(h.blocks) && i <= v.hi.block; i++ {
		b := &h.blocks[i]
		if g := i / groupBlocks; i%groupBlocks == 0 && v.lo.before(i) && len(h.groups) > 0 &&
			v.hi.block >= min(i+groupBlocks, len(h.blocks)) && h.groups[g].maxKnown < t {
			d.extend(l.ofGroup(s, j, g, t))
			i += groupBlocks - 1
			continue
		}
		lo, hi := l.part(v, i)
		if lo == 0 && hi == int(b.n) && b.digests != nil && b.maxKnown < t {
			d.extend(l.ofBlock(s, j, i, t))
			continue
		}
		l.lookPast(&d, sel, i, lo, hi, t)
	}
	return d
}

// before reports whether a window from the spot on holds all of block i.
func (p spot) before(i int) bool { return p.block < i || p.block == i && p.at == 0 }

// part is the events of block i in a window.
func (l *lookout) part(v *view, i int) (lo, hi int) {
	hi = int(l.history.blocks[i].n)
	if i == v.lo.block {
		lo = v.lo.at
	}
	if i == v.hi.block {
		hi = v.hi.at
	}
	return lo, hi
}

// gather fills l.codes with what a selection sees in a window.
func (l *lookout) gather(sel *selection, v *view, t int64) {
	l.codes = l.codes[:0]
	if l.history == nil {
		x := l.strip(sel, v.lo.at, v.hi.at)
		l.codes = x.codes(l.codes, sel, t)
		return
	}
	for i := v.lo.block; i < len(l.history.blocks) && i <= v.hi.block; i++ {
		lo, hi := l.part(v, i)
		first, n := l.within(i, i+1)
		for _, p := range l.spots[first : first+n] {
			if lo <= p.at && p.at < hi {
				l.gatherPart(sel, i, lo, p.at, t)
				lo = p.at + 1
			}
		}
		l.gatherPart(sel, i, lo, hi, t)
	}
}

// gatherPart appends what a selection sees from lo up to but without hi of block i.
func (l *lookout) gatherPart(sel *selection, i, lo, hi int, t int64) {
	if lo < hi {
		x := l.eyes.strip(sel, &l.history.blocks[i], lo, hi, t)
		l.codes = x.codes(l.codes, sel, t)
	}
}
