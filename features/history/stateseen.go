package history

import (
	"encoding/binary"
	"math/bits"
)

// seen is a set of the digests of rows that were folded: a row that comes twice
// changes nothing. It takes 8 bytes a digest, and a table that is between two
// thirds and seven eighths full. A digest's place is its share of the table, in
// the order of the digests, so that a table of any length will do.
type seen struct {
	slots []uint64 // 0 is free
	n     int
}

// leastSeen is how long a table is at least.
const leastSeen = 16

// find returns the slot of a digest, or the free one where it would be.
func (s *seen) find(digest uint64) uint64 {
	place, _ := bits.Mul64(digest, uint64(len(s.slots)))
	for s.slots[place] != 0 && s.slots[place] != digest {
		if place++; place == uint64(len(s.slots)) {
			place = 0
		}
	}
	return place
}

func (s *seen) has(digest uint64) bool { return s.n > 0 && s.slots[s.find(digest)] != 0 }

// add adds a digest, which is not 0.
func (s *seen) add(digest uint64) {
	if 8*(s.n+1) > 7*len(s.slots) {
		old := s.slots
		s.slots = make([]uint64, max(leastSeen, len(old)+len(old)/3))
		for _, d := range old {
			if d != 0 {
				s.put(d)
			}
		}
	}
	if s.put(digest) {
		s.n++
	}
}

// put stores a digest; false when it is there already.
func (s *seen) put(digest uint64) bool {
	slot := &s.slots[s.find(digest)]
	if *slot == digest {
		return false
	}
	*slot = digest
	return true
}

func (s *seen) size() int { return 8 * cap(s.slots) }

// digest is a running hash of numbers and words that is the same in every
// process: a multiplication of 64 by 64 bits a step, folded in half, as in the
// family of wyhash.
type digest uint64

const digestFactor, digestStart = 0x9E3779B97F4A7C15, 0xA0761D6478BD642F

func (d digest) number(x uint64) digest {
	high, low := bits.Mul64(uint64(d)^x^digestStart, digestFactor)
	return digest(high ^ low ^ bits.RotateLeft64(uint64(d), 29))
}

func (d digest) word(w []byte) digest {
	d = d.number(uint64(len(w)))
	for ; len(w) >= 8; w = w[8:] {
		d = d.number(binary.LittleEndian.Uint64(w))
	}
	var last [8]byte
	copy(last[:], w)
	return d.number(binary.LittleEndian.Uint64(last[:]))
}

// sum is the digest's value, which is not 0.
func (d digest) sum() uint64 { return max(uint64(d.number(0)), 1) }

// sum32 is the digest's value in 32 bits, not 0.
func (d digest) sum32() uint32 { return max(uint32(d.number(0)>>32), 1) }

// digestWord adds the word of a code, by its bytes, since codes differ between
// states.
func (d *dictionary) digestWord(sum digest, code int32) digest {
	if code < 0 {
		return sum.number(1)
	}
	from := uint32(0)
	if code > 0 {
		from = d.ends[code-1]
	}
	return sum.number(2).word(d.bytes[from:d.ends[code]])
}

// digest sums what the plan reads of row i at a clock.
func (t *tableLayout) digest(sum digest, r *row, clock int, c *codes) digest {
	p := &t.clocks[clock]
	sum = sum.number(uint64(clock)).number(uint64(r.clocks[clock]))
	if clock == 0 {
		sum = sum.number(uint64(r.happened))
	}
	for _, k := range p.keys {
		sum = c.spaces[t.source.Keys[k].Space].digestWord(sum, r.keys[k])
	}
	for _, v := range p.values {
		sum = sum.number(uint64(r.values[v]))
	}
	for _, w := range p.words {
		sum = c.words[t.source.Name][w].digestWord(sum, r.words[w])
	}
	for _, x := range p.texts {
		sum = sum.word([]byte(r.texts[x]))
	}
	for j, u := range t.joins {
		if u.clock == clock {
			sum = sum.word(r.cells[j])
		}
	}
	if p.labels {
		sum = sum.number(uint64(r.label))
	}
	return sum.number(r.marks & p.marks)
}
