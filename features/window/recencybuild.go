package window

// newRecency works out the last times of what a selection sees in all blocks.
func newRecency(h *history, sel *selection, e *eyes) *recency {
	r := &recency{blocks: make([]flags, len(h.blocks)), newest: h.newest(e), settled: hole, owned: h.owned}
	var owners codeTimes // of the last events, one more than the owner
	var whose []int64
	for i := len(h.blocks) - 1; i >= 0; i-- {
		x := e.strip(sel, &h.blocks[i], 0, int(h.blocks[i].n), hole) // t is before all, so that known is read
		if r.owned {
			whose = h.blocks[i].column(whose[:0], ownerColumn, 0, len(x.h))
		}
		for at := len(x.h) - 1; at >= 0; at-- {
			seen, ok := x.holds(sel, at)
			if !ok || seen == r.newest {
				continue
			}
			r.settled = max(r.settled, seen)
			first := r.last.add(int32(x.v[at]), coarse(x.h[at]))
			if first {
				r.blocks[i].set(at)
			}
			if r.owned {
				r.recall(&owners, int32(x.v[at]), coarse(x.h[at]), whose[at], first)
			}
		}
	}
	r.last.resize(16 + r.last.n*4/3)
	if r.second.n > 0 {
		r.second.resize(16 + r.second.n*4/3)
	}
	// Those of the newest instant come last, so that changes holds them.
	for i := range h.blocks {
		if h.blocks[i].lastSeen() < r.newest {
			continue
		}
		x := e.strip(sel, &h.blocks[i], 0, int(h.blocks[i].n), hole)
		for at, happened := range x.h {
			if seen, ok := x.holds(sel, at); ok && seen == r.newest {
				r.fold(h, sel, i, at, newcomer{happened, seen, h.blocks[i].get(ownerColumn, at), int32(x.v[at])})
			}
		}
	}
	return r
}

// recall takes up an event of a code and an owner, or hole; first says that none
// of the code came before it, the later ones having come first. owners holds one
// more than the owner of those.
func (r *recency) recall(owners *codeTimes, code int32, at coarseTime, owner int64, first bool) {
	of := coarseTime(max(owner, -1) + 1)
	if first {
		owners.add(code, of)
	} else if last, _ := owners.get(code); last != of {
		r.second.add(code, at)
	}
}

// newest is the latest instant from which on some event of the history is seen.
func (h *history) newest(e *eyes) int64 {
	newest := int64(hole)
	for i := len(h.blocks) - 1; i >= 0; i-- {
		b := &h.blocks[i]
		if b.lastSeen() <= newest {
			continue
		}
		x := e.times(b, 0, int(b.n), hole)
		for at, happened := range x.h {
			if x.k[at] != Never {
				newest = max(newest, happened, x.k[at])
			}
		}
	}
	return newest
}

// holds reports from when on an event is seen, and whether a selection of codes
// holds it.
func (x *strip) holds(sel *selection, at int) (seen int64, ok bool) {
	return max(x.h[at], x.k[at]), x.v[at] != hole && x.k[at] != Never && (x.m == nil || uint64(x.m[at])&sel.where == sel.where)
}
