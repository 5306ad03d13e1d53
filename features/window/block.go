package window

// blockRows is how many events a block holds at most.
const blockRows = 256

// block is a run of events: packed rows of happened, known-happened, marks, owner,
// values and codes.
type block struct {
	packed
	first    int64 // happened of the first event
	maxKnown int64 // of the events that are ever known
	dark     bool  // some event is never known
	digests  []digest
}

// knownOf turns the second number of a row into the known time.
func knownOf(happened, delay int64) int64 {
	if delay == hole {
		return Never
	}
	return happened + delay
}

// before reports whether the row at i is to stand before a row of the times.
func (b *block) before(i int, happened, known int64) bool {
	h := b.get(0, i)
	return h < happened || h == happened && knownOf(h, b.get(1, i)) <= known
}

// edges works out what the block says about its times.
func (b *block) edges(e *eyes) {
	b.maxKnown, b.dark = hole, false
	e.h = b.column(e.h[:0], 0, 0, int(b.n))
	e.k = b.column(e.k[:0], 1, 0, int(b.n))
	b.first = e.h[0]
	for i, h := range e.h {
		b.see(h, e.k[i])
	}
}

// lastSeen is the latest instant from which on a known event of the block is
// seen, or later.
func (b *block) lastSeen() int64 { return max(b.maxKnown, b.get(0, int(b.n)-1)) }

func (b *block) see(happened, delay int64) {
	if delay == hole {
		b.dark = true
		return
	}
	b.maxKnown = max(b.maxKnown, happened+delay)
}
