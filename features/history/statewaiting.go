package history

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// maxOrphans bounds the rows of claims that are not there.
const maxOrphans = 1_000_000

// waiting is rows that wait until their claim is there, or reaches a later
// stage: by claim, one after the other. A row is a byte with the place of its
// table, a byte with bit c set when it waits for clock c of the claim, and its
// numbers as appendNumber writes them: known by clock, happened, keys, values,
// words and marks.
type waiting struct {
	rows map[int32][]byte
	// orphans counts the rows of each claim that is not there, absent all of them.
	orphans map[int32]int32
	absent  int
}

func newWaiting() waiting {
	return waiting{rows: map[int32][]byte{}, orphans: map[int32]int32{}}
}

// appendNumber appends a number in 1 to 10 bytes, one of them for the smallest
// int64, which stands for nothing.
func appendNumber(dst []byte, x int64) []byte {
	if x == math.MinInt64 {
		return append(dst, 0)
	}
	return binary.AppendUvarint(dst, (uint64(x)<<1^uint64(x>>63))+1)
}

// readNumber reads a number; n is 0 when data holds none.
func readNumber(data []byte) (x int64, n int) {
	z, n := binary.Uvarint(data)
	if n <= 0 {
		return 0, 0
	}
	if z == 0 {
		return math.MinInt64, n
	}
	z--
	return int64(z>>1) ^ -int64(z&1), n
}

// add lets a row wait for clocks of its claim.
func (w *waiting) add(r *row, place int, clocks uint8) {
	w.rows[r.claim] = appendRow(w.rows[r.claim], r, place, clocks)
}

func appendRow(b []byte, r *row, place int, clocks uint8) []byte {
	b = append(b, byte(place), clocks)
	for _, t := range r.known {
		b = appendNumber(b, t)
	}
	b = appendNumber(b, r.happened)
	for _, k := range r.keys {
		b = appendNumber(b, int64(k))
	}
	for _, v := range r.values {
		b = appendNumber(b, v)
	}
	for _, c := range r.words {
		b = appendNumber(b, int64(c))
	}
	return appendNumber(b, int64(r.marks))
}

// readRow reads the row that data begins with, and returns what is behind it.
func (l *layout) readRow(data []byte, r *row) (place int, clocks uint8, rest []byte, err error) {
	if len(data) < 2 || int(data[0]) >= len(l.names) {
		return 0, 0, nil, fmt.Errorf("a waiting row is of no table")
	}
	place, clocks = int(data[0]), data[1]
	t := l.tables[l.names[place]]
	data = data[2:]
	number := func() (x int64) {
		x, n := readNumber(data)
		if n == 0 {
			err = fmt.Errorf("a waiting row of table %q is cut off", l.names[place])
		}
		data = data[n:]
		return x
	}
	numbers := func(to []int64, n int) []int64 {
		to = to[:0]
		for range n {
			to = append(to, number())
		}
		return to
	}
	codes := func(to []int32, n int) []int32 {
		to = to[:0]
		for range n {
			x := number()
			if x < -1 || x > math.MaxInt32 {
				err = fmt.Errorf("a waiting row of table %q has code %d", l.names[place], x)
				x = -1
			}
			to = append(to, int32(x))
		}
		return to
	}
	r.known = numbers(r.known, len(t.clocks))
	r.happened = number()
	r.keys = codes(r.keys, len(t.source.Keys))
	r.values = numbers(r.values, len(t.source.Values))
	r.words = codes(r.words, len(t.source.Words))
	r.marks = uint64(number())
	return place, clocks, data, err
}

// waits is one row that waits.
type waits struct {
	place  int
	clocks uint8
	row
}

// of calls each with every row that waits for a claim, in the order in which
// they came. What each gets is good until it returns.
func (w *waiting) of(l *layout, claim int32, each func(*waits) error) error {
	var one waits
	one.claim = claim
	for data := w.rows[claim]; len(data) > 0; {
		var err error
		if one.place, one.clocks, data, err = l.readRow(data, &one.row); err != nil {
			panic("history: BUG: " + err.Error())
		}
		if err := each(&one); err != nil {
			return err
		}
	}
	return nil
}

// orphan counts a row of a claim that is not there.
func (w *waiting) orphan(claim int32) {
	w.orphans[claim]++
	w.absent++
}

// adopt forgets that the claim was not there.
func (w *waiting) adopt(claim int32) {
	if n, there := w.orphans[claim]; there {
		w.absent -= int(n)
		delete(w.orphans, claim)
	}
}

// claims returns the claims that rows wait for, sorted.
func (w *waiting) claims() []int32 { return sortedCodes(w.rows) }

// sortedCodes returns the codes in a map, sorted.
func sortedCodes[V any](m map[int32]V) []int32 {
	out := make([]int32, 0, len(m))
	for c := range m {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

func (w *waiting) size() int {
	n := 24 * len(w.orphans)
	for _, b := range w.rows {
		n += 64 + cap(b)
	}
	return n
}
