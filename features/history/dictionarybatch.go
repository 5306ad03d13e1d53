package history

import (
	"hash/maphash"

	"github.com/apache/arrow/go/v17/arrow/array"
)

// aheadWords is for how many words memory is fetched before they are looked up.
const aheadWords = 128

// ahead is words on their way to their codes, the first n of them. Words lie
// anywhere in memory: loops without a branch on what they load have many of them
// under way at a time, before the one that compares.
type ahead struct {
	words         [aheadWords]string
	hashes        [aheadWords]uint64
	places, codes [aheadWords]int32
	n             int
}

// add takes the word of a place.
func (a *ahead) add(d *dictionary, word string, place int) {
	a.words[a.n], a.hashes[a.n], a.places[a.n] = word, maphash.String(d.seed, word), int32(place)
	a.n++
}

// codeAll fills dst with the codes of words, -1 where there is none.
func (d *dictionary) codeAll(dst []int32, word func(i int) (string, bool)) error {
	var a ahead
	for first := 0; first < len(dst); first += aheadWords {
		for i := first; i < min(first+aheadWords, len(dst)); i++ {
			dst[i] = -1
			if w, there := word(i); there {
				a.add(d, w, i)
			}
		}
		if err := d.codeAhead(dst, &a); err != nil {
			return err
		}
	}
	return nil
}

// codeTexts is codeAll of an array.
func (d *dictionary) codeTexts(dst []int32, texts *array.String, empty emptiness) error {
	var a ahead
	nulls := texts.NullN() > 0
	for first := 0; first < len(dst); first += aheadWords {
		for i := first; i < min(first+aheadWords, len(dst)); i++ {
			dst[i] = -1
			if nulls && texts.IsNull(i) {
				continue
			}
			if w := texts.Value(i); w != "" || empty == aWord {
				a.add(d, w, i)
			}
		}
		if err := d.codeAhead(dst, &a); err != nil {
			return err
		}
	}
	return nil
}

// codeAhead fills dst with the codes of the words under way.
func (d *dictionary) codeAhead(dst []int32, a *ahead) error {
	mask, touched := uint64(len(d.table)-1), d.touched
	for i, h := range a.hashes[:a.n] {
		if a.codes[i] = 0; d.tags[h&mask] == tagOf(h) {
			a.codes[i] = int32(d.table[h&mask])
		}
	}
	for i, c := range a.codes[:a.n] {
		if c > 1 {
			a.codes[i] = int32(d.ends[c-2])
		}
	}
	for _, end := range a.codes[:a.n] {
		if int(uint32(end)) < len(d.bytes) {
			touched ^= d.bytes[uint32(end)]
		}
	}
	d.touched = touched // or the loads above would be for nothing
	for i, w := range a.words[:a.n] {
		code, err := d.hashed(a.hashes[i], w)
		if err != nil {
			return err
		}
		dst[a.places[i]] = code
	}
	d.asked += a.n
	a.n = 0
	return nil
}
