package window

import (
	"math/bits"
	"sort"
	"unsafe"
)

// recency says of each code of a history when it occurred last. The different
// codes since an instant are those that occurred last at or after it, so that
// one count of flags a block answers Distinct for every window that ends at the
// query. It holds for queries after all events are known; changes holds what it
// takes to answer those at the newest instant, too, which does not see the
// events of the same instant.
type recency struct {
	last   codeTimes
	blocks []flags
	// second is when a code occurred last with another owner than that of its
	// last event: all that is left of it for a query of the latter. It is kept
	// only in an owned history.
	owned  bool
	second codeTimes
	// newest is the latest instant from which on an event is seen, settled the
	// latest of all events that are not among changes.
	newest, settled int64
	changes         []change
}

// flags mark the rows of a block that are the last of their code.
type flags struct {
	bits  [blockRows / 64]uint64
	count int32
}

// change is how the last time of some code moved; from is hole for a new one.
type change struct{ from, to int64 }

// maxChanges bounds what is kept for queries at the newest instant.
const maxChanges = 4096

// set flags a row.
func (f *flags) set(at int) {
	f.bits[at/64] |= 1 << (at % 64)
	f.count++
}

// newcomer is an event of a code; known may be the later of known and happened.
type newcomer struct {
	happened, known, owner int64
	code                   int32
}

// fold takes up an event that was put at position at of block i.
func (r *recency) fold(h *history, sel *selection, i, at int, e newcomer) {
	happened, seen, code := e.happened, max(e.happened, e.known), e.code
	if seen > r.newest {
		r.settled, r.newest = r.newest, seen
		r.changes = r.changes[:0]
		if cap(r.changes) > maxChanges/16 {
			r.changes = nil
		}
	} else if seen < r.newest && len(r.changes) > 0 || len(r.changes) >= maxChanges {
		r.settled, r.changes = r.newest, nil
	} else if seen < r.newest {
		r.settled = max(r.settled, seen)
	}
	old := int64(hole)
	if about, found := r.last.get(code); found {
		var owner int64
		if old, owner = r.replace(h, sel, code, about, happened); r.owned && owner != e.owner {
			r.follow(code, coarse(min(old, happened)))
		}
		if old >= happened {
			return
		}
	}
	r.last.set(code, coarse(happened))
	r.blocks[i].set(at)
	if seen == r.newest && r.settled < r.newest {
		r.changes = append(r.changes, change{old, happened})
	}
}

// follow takes up that a code occurred with another owner than that of its last
// event.
func (r *recency) follow(code int32, at coarseTime) {
	if before, found := r.second.get(code); !found || before < at {
		r.second.set(code, at)
	}
}

// replace finds the row that a code has its flag at, from about when it
// happened. It returns when exactly and whose it is, and takes the flag away if
// that is earlier than happened.
func (r *recency) replace(h *history, sel *selection, code int32, about coarseTime, happened int64) (old, owner int64) {
	from, to := about.span()
	i := max(0, sort.Search(len(h.blocks), func(i int) bool { return h.blocks[i].first >= from })-1)
	for ; i < len(h.blocks) && h.blocks[i].first <= to; i++ {
		b, f := &h.blocks[i], &r.blocks[i]
		for w, x := range f.bits {
			for ; x != 0; x &= x - 1 {
				at := bits.TrailingZeros64(x)
				if b.get(sel.at, 64*w+at) != int64(code) {
					continue
				}
				old = b.get(0, 64*w+at)
				if old < happened {
					f.bits[w] &^= 1 << at
					f.count--
				}
				return old, b.get(ownerColumn, 64*w+at)
			}
		}
	}
	panic("window: BUG: the last event of a code is nowhere")
}

// shift makes room for a row at position at of block i.
func (r *recency) shift(i, at int) {
	f := &r.blocks[i].bits
	w := at / 64
	low := uint64(1)<<(at%64) - 1
	carry := f[w] >> 63
	f[w] = f[w]&low | f[w]&^low<<1
	for w++; w < len(f); w++ {
		carry, f[w] = f[w]>>63, f[w]<<1|carry
	}
}

// split follows the split of block i.
func (r *recency) split(i int) {
	r.blocks = append(r.blocks, flags{})
	copy(r.blocks[i+1:], r.blocks[i:])
	const half = blockRows / 2 / 64
	old := r.blocks[i].bits
	for k, part := range [][]uint64{old[:half], old[half:]} {
		f := flags{}
		copy(f.bits[:], part)
		for _, w := range part {
			f.count += int32(bits.OnesCount64(w))
		}
		r.blocks[i+k] = f
	}
}

// holds reports whether distinct can answer for a query at t.
func (r *recency) holds(t int64) bool { return t > r.settled }

// distinct counts the codes that a query at t sees that happened at or after
// from, which is where position at of block i is.
func (r *recency) distinct(i, at int, from, t int64) int64 {
	var n int64
	if i == 0 && at == 0 {
		n = int64(r.last.n)
	} else if i < len(r.blocks) {
		for w, x := range r.blocks[i].bits {
			if skip := at - 64*w; skip >= 64 {
				continue
			} else if skip > 0 {
				x = x >> skip
			}
			n += int64(bits.OnesCount64(x))
		}
		for _, f := range r.blocks[i+1:] {
			n += int64(f.count)
		}
	}
	if t > r.newest {
		return n
	}
	for _, c := range r.changes {
		if c.to >= from {
			n--
		}
		if c.from != hole && c.from >= from {
			n++
		}
	}
	return n
}

func (r *recency) size() int {
	return int(unsafe.Sizeof(*r)) + cap(r.blocks)*int(unsafe.Sizeof(flags{})) + cap(r.changes)*int(unsafe.Sizeof(change{})) + r.last.size() + r.second.size()
}
