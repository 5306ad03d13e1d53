package history

import (
	"fmt"
	"hash/maphash"
	"math"
	"slices"
)

// dictionary gives words the codes 0, 1, 2, ... in the order in which they are
// first seen. Words lie end to end in one piece of memory; a table with open
// addressing finds them. It takes the word's bytes, 4 for its place and 7 to 14
// of the table. A word is only looked at, which takes three trips to memory,
// where seven bits of its hash agree; these tags are few enough for the cache.
type dictionary struct {
	bytes []byte
	ends  []uint32 // where each word ends in bytes
	table []uint32 // code+1 of a word, 0 for none; a power of two long
	tags  []uint8  // beside table: tagOf the word's hash, 0 for none
	seed  maphash.Seed

	forgotten int  // words that forget has dropped
	touched   byte // by codeAhead
	asked     int  // words that codeAhead has looked up
	coming    int  // words that will be looked up in all, as far as known; 0 when nobody knows
}

func newDictionary() *dictionary {
	return &dictionary{table: make([]uint32, 16), tags: make([]uint8, 16), seed: maphash.MakeSeed()}
}

// tagOf is what the table keeps of a hash, never 0. Its bits are others than
// those that choose the place.
func tagOf(hash uint64) uint8 { return uint8(hash>>57) | 0x80 }

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
	code, _ := d.seek(maphash.String(d.seed, word), word)
	return code
}

// seek returns the code of a word whose hash is known, or -1 and the place in
// the table that would be its own.
func (d *dictionary) seek(hash uint64, word string) (code int32, place uint64) {
	mask, tag := uint64(len(d.tags)-1), tagOf(hash)
	for at := hash & mask; ; at = (at + 1) & mask {
		switch d.tags[at] {
		case 0:
			return -1, at
		case tag:
			if code := d.table[at] - 1; d.is(code, word) {
				return int32(code), at
			}
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
	code, at := d.seek(hash, word)
	if code >= 0 {
		return code, nil
	}
	if len(d.ends) >= maxWords || len(d.bytes)+len(word) > maxBytes {
		return 0, fmt.Errorf("cannot number another entity: there are %d words of %d bytes already", len(d.ends), len(d.bytes))
	}
	d.bytes = append(d.bytes, word...)
	d.ends = append(d.ends, uint32(len(d.bytes)))
	d.table[at], d.tags[at] = uint32(len(d.ends)), tagOf(hash)
	if 4*len(d.ends) > 3*len(d.table) {
		d.grow()
	}
	return int32(len(d.ends) - 1), nil
}

// expect says that so many more words will be looked up.
func (d *dictionary) expect(words int) { d.coming += words }

// grow doubles the table, or makes it eight times as long where that many words
// are to come and most of those so far were new: every growth hashes all words
// anew.
func (d *dictionary) grow() {
	n := 2 * len(d.table)
	if d.asked >= 4*aheadWords && d.asked < 2*len(d.ends) {
		for range 2 {
			if 3*n < 4*d.coming {
				n *= 2
			}
		}
		room := min(3*n/4, d.coming) - len(d.ends)
		d.ends = slices.Grow(d.ends, max(0, room))
		d.bytes = slices.Grow(d.bytes, max(0, room)*len(d.bytes)/len(d.ends))
	}
	d.table = make([]uint32, n)
	d.index()
}

// index fills the empty table.
func (d *dictionary) index() {
	d.tags = make([]uint8, len(d.table))
	mask := uint64(len(d.table) - 1)
	from := uint32(0)
	for code, end := range d.ends {
		hash := maphash.Bytes(d.seed, d.bytes[from:end])
		at := hash & mask
		for d.tags[at] != 0 {
			at = (at + 1) & mask
		}
		d.table[at], d.tags[at] = uint32(code+1), tagOf(hash)
		from = end
	}
}

// forget drops the words; only how many there were remains known.
func (d *dictionary) forget() {
	d.bytes, d.table, d.tags, d.ends, d.forgotten = nil, nil, nil, nil, d.len()
}

// size returns the bytes of memory held.
func (d *dictionary) size() int { return cap(d.bytes) + 4*cap(d.ends) + 4*cap(d.table) + cap(d.tags) }
