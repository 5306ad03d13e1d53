package network

// mark is what a walk remembers of a claim or entity that it met.
type mark struct {
	node  int32
	epoch uint32 // of the question; another one's marks count as free
	times int32  // own entities that a claim shares
	kind  int32  // the last kind for which a claim was counted, plus one
}

// marks is the set of nodes that one question met. It is as large as the
// largest walk, whatever the size of the graph, and stays in the processor's
// cache.
type marks struct {
	slots []mark
	used  int
	epoch uint32
}

// begin forgets all nodes.
func (m *marks) begin() {
	if len(m.slots) == 0 {
		m.slots = make([]mark, 256)
	}
	m.used = 0
	m.epoch++
	if m.epoch == 0 {
		clear(m.slots)
		m.epoch = 1
	}
}

// place returns the slot of a node, or the free one for it.
func (m *marks) place(node int32) *mark {
	mask := uint32(len(m.slots) - 1)
	i := uint32(node) * 0x9E3779B1
	i ^= i >> 15
	for {
		s := &m.slots[i&mask]
		if s.epoch != m.epoch || s.node == node {
			return s
		}
		i++
	}
}

// meet returns the mark of a node, valid until the next call, and whether it is
// met for the first time.
func (m *marks) meet(node int32) (s *mark, first bool) {
	if s = m.place(node); s.epoch == m.epoch {
		return s, false
	}
	if 2*(m.used+1) > len(m.slots) {
		m.enlarge()
		s = m.place(node)
	}
	m.used++
	*s = mark{node: node, epoch: m.epoch}
	return s, true
}

func (m *marks) enlarge() {
	old := m.slots
	m.slots = make([]mark, 2*len(old))
	for _, s := range old {
		if s.epoch == m.epoch {
			*m.place(s.node) = s
		}
	}
}
