package window

import (
	"slices"
	"sort"
)

// blockRows is how many events a block holds. All blocks but the last carry
// digests, so that a long window costs one step a block.
const blockRows = 256

// history is a key's events in order, cut into blocks.
type history struct{ blocks []block }

// block is a run of events, row after row: happened, known, marks, values, and
// codes two to a word.
type block struct {
	rows     []int64
	maxKnown int64
	digests  []digest // per selection; nil in a block that is still filling
}

// insert puts a row after all that come before it or tie with it.
func (h *history) insert(s *State, row []int64) {
	if len(h.blocks) == 0 {
		h.blocks = append(make([]block, 0, 1), block{rows: slices.Clone(row), maxKnown: row[1]})
		return
	}
	n, w := len(h.blocks), s.stride
	after := func(at []int64) bool { return at[0] > row[0] || at[0] == row[0] && at[1] > row[1] }
	i := n - 1
	if after(h.blocks[i].rows[:w]) {
		i = max(0, sort.Search(n, func(i int) bool { return after(h.blocks[i].rows[:w]) })-1)
	}
	b := &h.blocks[i]
	size := len(b.rows) / w
	at := size
	if after(b.rows[(size-1)*w:]) {
		at = sort.Search(size, func(p int) bool { return after(b.rows[p*w : p*w+w]) })
	}
	if size == blockRows && i == n-1 && at == size {
		b.seal(s)
		h.blocks = append(h.blocks, block{rows: slices.Clone(row), maxKnown: row[1]})
		return
	}
	b.rows = slices.Insert(b.rows, at*w, row...)
	b.maxKnown = max(b.maxKnown, row[1])
	if size == blockRows {
		h.split(s, i)
	} else if i < n-1 {
		b.seal(s)
	}
}

// split cuts an overfull block in two.
func (h *history) split(s *State, i int) {
	rows, w := h.blocks[i].rows, s.stride
	half := len(rows) / w / 2 * w
	h.blocks = slices.Insert(h.blocks, i+1, block{rows: slices.Clone(rows[half:])})
	h.blocks[i].rows = slices.Clone(rows[:half])
	for _, b := range []*block{&h.blocks[i], &h.blocks[i+1]} {
		b.maxKnown = b.rows[1]
		for at := w; at < len(b.rows); at += w {
			b.maxKnown = max(b.maxKnown, b.rows[at+1])
		}
	}
	h.blocks[i].seal(s)
	if i+2 < len(h.blocks) {
		h.blocks[i+1].seal(s)
	}
}

// seal works out the block's digests.
func (b *block) seal(s *State) {
	if b.digests == nil {
		b.digests = make([]digest, len(s.plan.sels))
	}
	clear(b.digests)
	for i := range s.plan.sels {
		sel := &s.plan.sels[i]
		if sel.kind == codeColumn {
			continue // codes do not add up; they are counted in the query
		}
		for at := 0; at < len(b.rows); at += s.stride {
			s.push(&b.digests[i], sel, b.rows[at:at+s.stride])
		}
	}
}

// visit calls whole for blocks that lie in the window and are known entirely,
// if whole is not nil, and row for every other visible event, in order.
func (h *history) visit(stride int, t int64, win Window, whole func(*block), row func([]int64)) {
	from, to := win.bounds(t)
	i := 0
	if len(h.blocks) > 1 {
		i = max(0, sort.Search(len(h.blocks), func(i int) bool { return h.blocks[i].rows[0] >= from })-1)
	}
	for ; i < len(h.blocks); i++ {
		b := &h.blocks[i]
		last := len(b.rows) - stride
		if b.rows[0] >= to {
			return
		}
		if whole != nil && b.digests != nil && b.maxKnown < t && b.rows[0] >= from && b.rows[last] < to {
			whole(b)
			continue
		}
		at := 0
		if b.rows[0] < from {
			at = stride * sort.Search(len(b.rows)/stride, func(p int) bool { return b.rows[p*stride] >= from })
		}
		for ; at <= last && b.rows[at] < to; at += stride {
			if b.rows[at+1] < t {
				row(b.rows[at : at+stride])
			}
		}
	}
}
