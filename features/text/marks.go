package text

// marks is the set of bodies that one question met. It is as large as the
// largest question needed, not as the index, and stays in the processor's cache.
type marks struct {
	slots    []uint64 // number of the question in the high half, body in the low one
	used     int
	question uint32
}

// begin forgets all bodies.
func (m *marks) begin() {
	if len(m.slots) == 0 {
		m.slots = make([]uint64, 1024)
	}
	m.used = 0
	m.question++
	if m.question == 0 { // after 2^32 questions the old marks mean nothing
		clear(m.slots)
		m.question = 1
	}
}

// meet reports whether a body is met for the first time.
func (m *marks) meet(body uint32) bool {
	if !m.put(body) {
		return false
	}
	if m.used++; 2*m.used > len(m.slots) {
		old := m.slots
		m.slots = make([]uint64, 2*len(old))
		for _, s := range old {
			if uint32(s>>32) == m.question {
				m.put(uint32(s))
			}
		}
	}
	return true
}

// place returns the slot of a body, or the free one for it, and what the slot
// of the body holds.
func (m *marks) place(body uint32) (slot *uint64, full uint64) {
	full = uint64(m.question)<<32 | uint64(body)
	mask, i := uint32(len(m.slots)-1), body*0x9E3779B1
	for i ^= i >> 15; ; i++ {
		if s := &m.slots[i&mask]; *s == full || uint32(*s>>32) != m.question {
			return s, full
		}
	}
}

// has reports whether a body was met.
func (m *marks) has(body uint32) bool {
	slot, full := m.place(body)
	return *slot == full
}

// put stores a body; false when it is there.
func (m *marks) put(body uint32) bool {
	slot, full := m.place(body)
	fresh := *slot != full
	*slot = full
	return fresh
}

// size returns the bytes held.
func (m *marks) size() int { return 8 * cap(m.slots) }
