package history

import "hash/maphash"

// findBytes is find for a word in bytes.
func (d *dictionary) findBytes(word []byte) int32 {
	mask := uint64(len(d.table) - 1)
	for at := maphash.Bytes(d.seed, word) & mask; ; at = (at + 1) & mask {
		code := d.table[at]
		if code == 0 {
			return -1
		}
		from := uint32(0)
		if code > 1 {
			from = d.ends[code-2]
		}
		if string(d.bytes[from:d.ends[code-1]]) == string(word) {
			return int32(code - 1)
		}
	}
}

// size returns the bytes of memory held.
func (c *codes) size() int {
	n := c.claims.size()
	for _, d := range c.spaces {
		n += d.size()
	}
	for _, words := range c.words {
		for _, d := range words {
			n += d.size()
		}
	}
	return n
}
