package window

import (
	"slices"
	"sort"
	"unsafe"
)

// countedBlocks is up to how many blocks codes are counted in the query: a table
// of the codes would take more memory than the events.
const countedBlocks = 2

// history is the events of a key with many of them, in order, cut into blocks.
// From two blocks on it keeps digests of the blocks and of groups of them, and
// with more what is needed to tell how many different codes there are.
type history struct {
	blocks []block
	groups []group
	codes  []*recency // per selection of codes of the plan; nil otherwise
	owned  bool       // somebody owns some event
}

// newHistory makes a history of rows in order, at most a block of them.
func newHistory(s *State, rows []int64) *history {
	h := &history{}
	h.append(s, pack(rows, s.stride))
	return h
}

// append adds a block behind all others.
func (h *history) append(s *State, p packed) {
	h.blocks = append(h.blocks, block{packed: p})
	h.blocks[len(h.blocks)-1].edges(&s.eyes)
	f := &p.frames[ownerColumn]
	h.owned = h.owned || !f.holes || f.width > 0
}

// build works out everything that is kept beside the events, from two blocks on.
func (h *history) build(s *State) {
	if len(h.blocks) < 2 {
		return
	}
	for i := range h.blocks {
		h.digest(s, i)
	}
	h.regroup(s, 0)
	h.recall(s)
}

// recall works out what is kept of the codes of a history that is worth it.
func (h *history) recall(s *State) {
	if len(h.blocks) <= countedBlocks {
		return
	}
	h.codes = make([]*recency, len(s.plan.sels))
	for j := range s.plan.sels {
		if sel := &s.plan.sels[j]; sel.recent {
			h.codes[j] = newRecency(h, sel, &s.eyes)
		}
	}
}

// start adds a block of one event behind all others.
func (h *history) start(s *State, row []int64) {
	h.append(s, pack(row, s.stride))
	i := len(h.blocks) - 1
	if i == 1 {
		h.build(s)
		return
	}
	h.blocks[i].digests = make([]digest, len(s.plan.sels))
	if i%groupBlocks == 0 {
		h.regroup(s, i/groupBlocks)
	}
	if h.codes == nil {
		h.include(s, i, 0, row)
		h.recall(s)
		return
	}
	for _, r := range h.codes {
		if r != nil {
			r.blocks = append(r.blocks, flags{})
		}
	}
	h.include(s, i, 0, row)
}

// insert puts a row after all that come before it or tie with it.
func (h *history) insert(s *State, row []int64) {
	i, at := h.find(row)
	b := &h.blocks[i]
	if int(b.n) == blockRows {
		if i == len(h.blocks)-1 && at == blockRows {
			b.clip()
			h.start(s, row)
			return
		}
		h.split(s, i)
		i, at = h.find(row)
		b = &h.blocks[i]
	}
	s.scratch = b.packed.insert(at, row, s.scratch, 1+int(b.n)/8)
	b.first = b.get(0, 0)
	b.see(row[0], row[1])
	if len(h.blocks) > 1 {
		h.include(s, i, at, row)
	}
	if row[ownerColumn] != hole && !h.owned {
		h.owned = true
		h.recall(s)
	}
}

// find returns the block and the position in it where a row is to stand.
func (h *history) find(row []int64) (i, at int) {
	happened, known := row[0], knownOf(row[0], row[1])
	i = len(h.blocks) - 1
	if !h.blocks[i].before(0, happened, known) {
		i = max(0, sort.Search(i, func(i int) bool { return !h.blocks[i].before(0, happened, known) })-1)
	}
	b := &h.blocks[i]
	at = int(b.n)
	if !b.before(at-1, happened, known) {
		at = sort.Search(at, func(p int) bool { return !b.before(p, happened, known) })
	}
	return i, at
}

// split cuts a full block in two.
func (h *history) split(s *State, i int) {
	rows := h.blocks[i].rows(nil, 0, blockRows)
	half := blockRows / 2 * s.stride
	h.blocks = slices.Insert(h.blocks, i+1, block{packed: pack(rows[half:], s.stride)})
	h.blocks[i].packed = pack(rows[:half], s.stride)
	h.blocks[i].edges(&s.eyes)
	h.blocks[i+1].edges(&s.eyes)
	if len(h.blocks) == 2 { // the first split of a lone block
		h.build(s)
		return
	}
	h.digest(s, i)
	h.digest(s, i+1)
	h.regroup(s, i/groupBlocks)
	if h.codes == nil {
		h.recall(s)
		return
	}
	for _, r := range h.codes {
		if r != nil {
			r.split(i)
		}
	}
}

// include brings digests and codes up to date with a row that was put at
// position at of block i.
func (h *history) include(s *State, i, at int, row []int64) {
	g := i / groupBlocks
	end := at == int(h.blocks[i].n)-1
	endOfGroup := end && (i == len(h.blocks)-1 || i%groupBlocks == groupBlocks-1)
	h.groups[g].maxKnown = max(h.groups[g].maxKnown, h.blocks[i].maxKnown)
	for j := range s.plan.sels {
		sel := &s.plan.sels[j]
		if r := h.recency(j); r != nil {
			r.shift(i, at)
		}
		v, ok := sel.of(row)
		if !ok {
			continue
		}
		if sel.kind == codeColumn {
			if r := h.recency(j); r != nil {
				r.fold(h, sel, i, at, newcomer{row[0], knownOf(row[0], row[1]), row[ownerColumn], int32(v)})
			}
			continue
		}
		if d := &h.blocks[i].digests[j]; !d.include(row[0], v, end, sel.gaps) {
			*d = digest{}
			s.eyes.look(d, sel, &h.blocks[i], 0, int(h.blocks[i].n), Never)
		}
		if !h.groups[g].digests[j].include(row[0], v, endOfGroup, sel.gaps) {
			h.join(g, j)
		}
	}
}

// recency is what is kept of the codes of selection j, or nil.
func (h *history) recency(j int) *recency {
	if h.codes == nil {
		return nil
	}
	return h.codes[j]
}

func (h *history) size() int {
	n := int(unsafe.Sizeof(*h)) + cap(h.blocks)*int(unsafe.Sizeof(block{})) + cap(h.groups)*int(unsafe.Sizeof(group{})) + 8*cap(h.codes)
	for i := range h.blocks {
		n += h.blocks[i].size() + cap(h.blocks[i].digests)*int(unsafe.Sizeof(digest{}))
	}
	for i := range h.groups {
		n += cap(h.groups[i].digests) * int(unsafe.Sizeof(digest{}))
	}
	for _, r := range h.codes {
		if r != nil {
			n += r.size()
		}
	}
	return n
}
