package text

import (
	"math/bits"
	"slices"
)

// bands finds the bodies that agree with a signature in all rows of at least
// one band. Every band has a table of its own from keys to the bodies that have
// the key; the key itself stands in the signature of any of them.
type bands struct {
	bands, rows int
	signatures  column[byte]
	tables      []bandTable
	seen        marks
}

// bandTable is an open table. A slot is 0 when free, else 5 bits of the key's
// hash, a bit that says what the rest is, and a body or the number of a list,
// plus one.
type bandTable struct {
	slots []uint32
	used  int
	lists lists // bodies that share a key, the oldest first
	// crowded is true after a key had to stand more than crowd slots from home,
	// which the keys of real signatures never do.
	crowded bool
}

const (
	slotID   = 1<<26 - 1
	slotList = 1 << 26
	tagShift = 27
	// maxBodies is how many different stories an index holds.
	maxBodies = slotID - 1
)

func newBands(opt Options, stride int) bands {
	s := bands{bands: opt.Bands, rows: opt.Rows, signatures: column[byte]{width: stride}, tables: make([]bandTable, opt.Bands)}
	for j := range s.tables { // of different sizes, so that they do not all grow at once
		s.tables[j].slots = make([]uint32, 16+j)
	}
	return s
}

// key returns the rows of a band as one word.
func (s *bands) key(signature []byte, band int) uint64 {
	from := band * s.rows
	if from+8 <= len(signature) {
		return word(signature[from:]) << (64 - 8*s.rows)
	}
	key := uint64(0)
	for i := s.rows - 1; i >= 0; i-- {
		key = key<<8 | uint64(signature[from+i])
	}
	return key << (64 - 8*s.rows)
}

// bodyOf returns a body that has the key of a slot.
func (t *bandTable) bodyOf(slot uint32) int {
	id := slot&slotID - 1
	if slot&slotList != 0 {
		return int(t.lists.get(id)[0])
	}
	return int(id)
}

// tagOf returns the bits of a hash that stand in its slot.
func tagOf(hash uint64) uint32 { return uint32(hash) >> tagShift << tagShift }

// find returns the place of a key in a band's table, or of the free slot for
// it, and the key's tag.
func (s *bands) find(key uint64, band int) (at int, tag uint32) {
	t := &s.tables[band]
	hash := mix64(key)
	hi, _ := bits.Mul64(hash, uint64(len(t.slots)))
	tag = tagOf(hash)
	far := 0
	for at = int(hi); t.slots[at] != 0; far++ {
		if slot := t.slots[at]; slot>>tagShift<<tagShift == tag && s.key(s.signatures.row(t.bodyOf(slot)), band) == key {
			break
		}
		if at++; at == len(t.slots) {
			at = 0
		}
	}
	if far > crowd {
		t.crowded = true
	}
	return at, tag
}

// insert appends the next body.
func (s *bands) insert(signature []byte) {
	body := s.signatures.n
	s.signatures.push(signature...)
	for j := range s.tables {
		s.link(body, j)
	}
}

// link makes a body known in a band; bodies come in their order.
func (s *bands) link(body, band int) {
	t := &s.tables[band]
	at, tag := s.find(s.key(s.signatures.row(body), band), band)
	t.put(at, tag, uint32(body))
	if t.used > len(t.slots)/5*4 {
		s.enlarge(band, len(t.slots)+len(t.slots)/5*2+8)
	}
}

// put makes a body known in the slot of its key.
func (t *bandTable) put(at int, tag, body uint32) {
	switch slot := t.slots[at]; {
	case slot == 0:
		t.slots[at] = tag | (body + 1)
		t.used++
	case slot&slotList != 0:
		t.lists.append(slot&slotID-1, body)
	default:
		t.slots[at] = tag | slotList | (t.lists.open(slot&slotID-1, body) + 1)
	}
}

// enlarge gives a band's table so many slots.
func (s *bands) enlarge(band, slots int) {
	t := &s.tables[band]
	old := t.slots
	t.slots = make([]uint32, slots)
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		hi, _ := bits.Mul64(mix64(s.key(s.signatures.row(t.bodyOf(slot)), band)), uint64(slots))
		at := int(hi)
		for t.slots[at] != 0 {
			if at++; at == slots {
				at = 0
			}
		}
		t.slots[at] = slot
	}
}

// crowded says that keys were stored which no signature gives.
func (s *bands) crowded() bool {
	return slices.ContainsFunc(s.tables, func(t bandTable) bool { return t.crowded })
}

// candidates appends every body that shares a band with the signature, each
// once, of those that are kept, looking at no more than reach new ones in a
// band, the newest; limited says that there were more.
func (s *bands) candidates(dst []uint32, signature []byte, reach int, kept func(body uint32) bool) (found []uint32, limited bool) {
	if s.signatures.n == 0 {
		return dst, false
	}
	s.seen.begin()
	var one [1]uint32
	for j := range s.tables {
		at, _ := s.find(s.key(signature, j), j)
		slot := s.tables[j].slots[at]
		if slot == 0 {
			continue
		}
		one[0] = slot&slotID - 1
		bodies := one[:]
		if slot&slotList != 0 {
			bodies = s.tables[j].lists.get(one[0])
		}
		left := reach
		for _, body := range slices.Backward(bodies) {
			if !kept(body) {
				continue
			}
			if left == 0 && s.seen.has(body) || left > 0 && !s.seen.meet(body) {
				continue
			}
			if left == 0 {
				limited = true
				break
			}
			left--
			dst = append(dst, body)
		}
	}
	return dst, limited
}

// size returns the bytes held.
func (s *bands) size() int {
	size := s.signatures.size() + s.seen.size()
	for _, t := range s.tables {
		size += 4*cap(t.slots) + t.lists.size()
	}
	return size
}
