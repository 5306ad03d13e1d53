package history

import (
	"fmt"
	"hash/maphash"
	"math"
)

// dictionary gives words the codes 0, 1, 2, ... in the order in which they are
// first seen. Words lie end to end in one piece of memory; a table with open
// addressing finds them. It takes the word's bytes, 4 for its place and 5 to 11
// of the table.
type dictionary struct {
	bytes []byte
	ends  []uint32 // where each word ends in bytes
	table []uint32 // code+1 of a word, 0 for none; a power of two long
	seed  maphash.Seed

	forgotten int  // words that forget has dropped
	touched   byte // by codeAll
}

func newDictionary() *dictionary {
	return &dictionary{table: make([]uint32, 16), seed: maphash.MakeSeed()}
}

// limits of a dictionary: codes are int32, places uint32.
const (
	maxWords = math.MaxInt32
	maxBytes = math.MaxUint32
)

func (d *dictionary) len() int { return max(len(d.ends), d.forgotten) }

// word returns the word of a code.
func (d *dictionary) word(code int32) string { return string(d.letters(uint32(code))) }

// letters returns the bytes of a code's word, which the caller must not change.
func (d *dictionary) letters(code uint32) []byte {
	from := uint32(0)
	if code > 0 {
		from = d.ends[code-1]
	}
	return d.bytes[from:d.ends[code]]
}

func (d *dictionary) is(code uint32, word string) bool {
	return string(d.letters(code)) == word // compiled without a copy
}

// find returns the code of a word, -1 when it has none.
func (d *dictionary) find(word string) int32 {
	mask := uint64(len(d.table) - 1)
	for at := maphash.String(d.seed, word) & mask; ; at = (at + 1) & mask {
		code := d.table[at]
		if code == 0 {
			return -1
		}
		if d.is(code-1, word) {
			return int32(code - 1)
		}
	}
}

// code returns the code of a word, which it gets when it has none. A dictionary
// that is full is an error.
func (d *dictionary) code(word string) (int32, error) {
	return d.hashed(maphash.String(d.seed, word), word)
}

// hashed is code for a word whose hash is known.
func (d *dictionary) hashed(hash uint64, word string) (int32, error) {
	mask := uint64(len(d.table) - 1)
	at := hash & mask
	for ; ; at = (at + 1) & mask {
		code := d.table[at]
		if code == 0 {
			break
		}
		if d.is(code-1, word) {
			return int32(code - 1), nil
		}
	}
	if len(d.ends) >= maxWords || len(d.bytes)+len(word) > maxBytes {
		return 0, fmt.Errorf("cannot number another entity: there are %d words of %d bytes already", len(d.ends), len(d.bytes))
	}
	d.bytes = append(d.bytes, word...)
	d.ends = append(d.ends, uint32(len(d.bytes)))
	d.table[at] = uint32(len(d.ends))
	if 4*len(d.ends) > 3*len(d.table) {
		d.grow()
	}
	return int32(len(d.ends) - 1), nil
}

// lookAhead is for how many words memory is fetched before they are looked up.
const lookAhead = 128

// codeAll fills dst with the codes of words, -1 where there is none. Words lie
// anywhere in memory: a loop without a branch on what it loads has many of them
// under way at a time, before the one that compares.
func (d *dictionary) codeAll(dst []int32, word func(i int) (string, bool)) error {
	var words [lookAhead]string
	var hashes [lookAhead]uint64
	var places, codes [lookAhead]int32
	touched := byte(0)
	for first := 0; first < len(dst); first += lookAhead {
		n := 0
		for i := first; i < min(first+lookAhead, len(dst)); i++ {
			dst[i] = -1
			if w, there := word(i); there {
				words[n], hashes[n], places[n] = w, maphash.String(d.seed, w), int32(i)
				n++
			}
		}
		mask := uint64(len(d.table) - 1)
		for i, h := range hashes[:n] {
			codes[i] = int32(d.table[h&mask])
		}
		for i, c := range codes[:n] {
			if c > 1 {
				codes[i] = int32(d.ends[c-2])
			}
		}
		for _, end := range codes[:n] {
			if int(uint32(end)) < len(d.bytes) {
				touched ^= d.bytes[uint32(end)]
			}
		}
		for i, w := range words[:n] {
			code, err := d.hashed(hashes[i], w)
			if err != nil {
				return err
			}
			dst[places[i]] = code
		}
	}
	d.touched = touched // or the loads above would be for nothing
	return nil
}

func (d *dictionary) grow() {
	d.table = make([]uint32, 2*len(d.table))
	d.index()
}

// index fills the empty table.
func (d *dictionary) index() {
	mask := uint64(len(d.table) - 1)
	from := uint32(0)
	for code, end := range d.ends {
		at := maphash.Bytes(d.seed, d.bytes[from:end]) & mask
		for d.table[at] != 0 {
			at = (at + 1) & mask
		}
		d.table[at] = uint32(code + 1)
		from = end
	}
}

// forget drops the words; only how many there were remains known.
func (d *dictionary) forget() { d.bytes, d.table, d.ends, d.forgotten = nil, nil, nil, d.len() }

// size returns the bytes of memory held.
func (d *dictionary) size() int { return cap(d.bytes) + 4*cap(d.ends) + 4*cap(d.table) }
