package window

// groupBlocks is how many blocks share a digest, so that a window over a million
// events is some sixty groups and the blocks at its ends.
const groupBlocks = 64

// group is what groupBlocks neighbouring blocks come to.
type group struct {
	maxKnown int64
	digests  []digest
}

// digest works out the digests of a block.
func (h *history) digest(s *State, i int) {
	b := &h.blocks[i]
	b.digests = make([]digest, len(s.plan.sels))
	x := s.eyes.times(b, 0, int(b.n), Never)
	for j := range s.plan.sels {
		if sel := &s.plan.sels[j]; sel.kind != codeColumn {
			s.eyes.choose(&x, sel, b, 0, int(b.n))
			x.push(&b.digests[j], sel, Never)
		}
	}
}

// regroup works out the groups from g on.
func (h *history) regroup(s *State, g int) {
	n := (len(h.blocks) + groupBlocks - 1) / groupBlocks
	for len(h.groups) < n {
		h.groups = append(h.groups, group{digests: make([]digest, len(s.plan.sels))})
	}
	for ; g < n; g++ {
		h.groups[g].maxKnown = hole
		for _, b := range h.members(g) {
			h.groups[g].maxKnown = max(h.groups[g].maxKnown, b.maxKnown)
		}
		for j := range s.plan.sels {
			h.join(g, j)
		}
	}
}

func (h *history) members(g int) []block {
	return h.blocks[g*groupBlocks : min((g+1)*groupBlocks, len(h.blocks))]
}

// join works out the digest of a group for a selection.
func (h *history) join(g, j int) {
	d := &h.groups[g].digests[j]
	*d = digest{}
	members := h.members(g)
	for i := range members {
		d.extend(&members[i].digests[j])
	}
}
