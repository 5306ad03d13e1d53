package text

import "math/bits"

// bands finds the bodies that agree with a signature in all rows of at least
// one band. Bodies of one band and key are chained, the newest first.
type bands struct {
	bands, rows int
	heads       []uint32 // body + 1, 0 for the end; as many slots for every band
	next        []uint32 // of body b in band j at b*bands+j
	seen        []uint32 // the last question that met each body
	question    uint32
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

// head returns the slot of a band's key. A slot belongs to one band, because a
// chain goes on by the next of its band.
func (s *bands) head(key uint64, band int) int {
	slots := len(s.heads) / s.bands
	hi, _ := bits.Mul64(mix64(key), uint64(slots))
	return band*slots + int(hi)
}

// insert appends the next body; signatures holds all bodies up to it.
func (s *bands) insert(body, stride int, signatures []byte) {
	s.seen = append(s.seen, 0)
	for range s.bands {
		s.next = append(s.next, 0)
	}
	if len(s.next) > len(s.heads) {
		s.rebuild(body, stride, signatures)
	}
	s.link(body, signatures[body*stride:(body+1)*stride])
}

// rebuild enlarges the table and links the bodies before n again.
func (s *bands) rebuild(n, stride int, signatures []byte) {
	s.heads = make([]uint32, s.bands*max(16, n+n/2))
	for body := range n {
		s.link(body, signatures[body*stride:(body+1)*stride])
	}
}

func (s *bands) link(body int, signature []byte) {
	for j := range s.bands {
		head := s.head(s.key(signature, j), j)
		s.next[body*s.bands+j] = s.heads[head]
		s.heads[head] = uint32(body + 1)
	}
}

// candidates appends every body that shares a band with the signature, each
// once, looking at no more than reach new ones in a band; limited says that
// there were more.
func (s *bands) candidates(dst []uint32, signature []byte, all []byte, reach int) (found []uint32, limited bool) {
	if len(s.heads) == 0 {
		return dst, false
	}
	s.question++
	if s.question == 0 { // after 2^32 questions the old marks mean nothing
		clear(s.seen)
		s.question = 1
	}
	stride := len(signature)
	for j := range s.bands {
		key, left := s.key(signature, j), reach
		for e := s.heads[s.head(key, j)]; e != 0; e = s.next[int(e-1)*s.bands+j] {
			body := int(e - 1)
			if s.seen[body] == s.question || s.key(all[body*stride:(body+1)*stride], j) != key {
				continue
			}
			if left == 0 {
				limited = true
				break
			}
			left--
			s.seen[body] = s.question
			dst = append(dst, uint32(body))
		}
	}
	return dst, limited
}

// size returns the bytes held.
func (s *bands) size() int { return 4 * (cap(s.heads) + cap(s.next) + cap(s.seen)) }
