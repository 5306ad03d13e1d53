package history

import (
	"encoding/binary"
	"math"

	"claimsieve/datasets"
)

// ownRows remembers the rows that belong to claims, for what is asked about
// them later: one record a row and clock, chained by claim from the newest to
// the oldest, in one piece of memory. A record is
//
//	uvarint  how far back the claim's record before begins, 0 for none
//	byte     place of the table
//	byte     clock
//	instant  known
//	instant  happened
//	byte     label, of outcomes only
//	uvarint  per key that is asked about at the clock: its code plus one, 0 for none
//
// with instants as appendInstant writes them.
type ownRows struct {
	bytes []byte
	heads []uint32 // by claim: where its last record begins, plus one; 0 for none
}

// maxOwnBytes bounds the memory of own rows, since places in it are uint32.
const maxOwnBytes = math.MaxUint32 - 1<<16

// ownRow is one record.
type ownRow struct {
	place, clock    int
	known, happened int64
	label           datasets.Label
	keys            []int32
}

// instantUnits are the units in which instants are written, by the low 2 bits
// of the number: a day, a second, a microsecond.
var instantUnits = [...]int64{86_400_000_000, 1_000_000, 1}

// appendInstant appends an instant in the largest unit that divides it.
func appendInstant(dst []byte, t int64) []byte {
	unit := 0
	for t%instantUnits[unit] != 0 {
		unit++
	}
	q := t / instantUnits[unit]
	return binary.AppendUvarint(dst, (uint64(q)<<1^uint64(q>>63))<<2|uint64(unit))
}

// readInstant reads an instant; n is 0 when data holds none within the bounds
// of a state's instants.
func readInstant(data []byte) (t int64, n int) {
	x, n := binary.Uvarint(data)
	unit := x & 3
	if n <= 0 || int(unit) >= len(instantUnits) {
		return 0, 0
	}
	z := x >> 2
	q := int64(z>>1) ^ -int64(z&1)
	if limit := int64(endInstant) / instantUnits[unit]; q > limit || q < -limit {
		return 0, 0
	}
	return q * instantUnits[unit], n
}

// add remembers a row of a claim.
func (o *ownRows) add(claim int32, r *ownRow, labelled bool) {
	if n := int(claim) + 1 - len(o.heads); n > 0 {
		o.heads = extend(o.heads, n)
	}
	at, back := uint32(len(o.bytes)), uint32(0)
	if head := o.heads[claim]; head > 0 {
		back = at - (head - 1)
	}
	b := binary.AppendUvarint(o.bytes, uint64(back))
	b = append(b, byte(r.place), byte(r.clock))
	b = appendInstant(appendInstant(b, r.known), r.happened)
	if labelled {
		b = append(b, byte(r.label))
	}
	for _, code := range r.keys {
		b = binary.AppendUvarint(b, uint64(code+1))
	}
	o.bytes, o.heads[claim] = b, at+1
}

// head is where a claim's last record begins, plus one.
func (o *ownRows) head(claim int32) uint32 {
	if claim < 0 || int(claim) >= len(o.heads) {
		return 0
	}
	return o.heads[claim]
}

// read reads the record that begins at head-1 into r, and returns the head of
// the record before it. keys says how many the table has at a clock.
func (o *ownRows) read(head uint32, r *ownRow, l *layout) (before uint32) {
	b := o.bytes[head-1:]
	back, n := binary.Uvarint(b)
	r.place, r.clock = int(b[n]), int(b[n+1])
	b = b[n+2:]
	r.known, n = readInstant(b)
	b = b[n:]
	r.happened, n = readInstant(b)
	b = b[n:]
	t := l.tables[l.names[r.place]]
	if r.label = datasets.Unknown; t.labels {
		r.label, b = datasets.Label(b[0]), b[1:]
	}
	r.keys = r.keys[:0]
	for _, a := range t.asks {
		if a.clock != r.clock {
			continue
		}
		code, n := binary.Uvarint(b)
		b = b[n:]
		r.keys = append(r.keys, int32(code)-1)
	}
	if back == 0 {
		return 0
	}
	return head - uint32(back)
}

func (o *ownRows) size() int { return cap(o.bytes) + 4*cap(o.heads) }

// trail reads a claim's records, the newest first.
type trail struct {
	rows   *ownRows
	layout *layout
	head   uint32
	ownRow
}

// start goes to the newest record of a claim.
func (t *trail) start(s *State, claim int32) {
	t.rows, t.layout, t.head = &s.own, s.layout, s.own.head(claim)
}

// next reads the next record; false when there is none.
func (t *trail) next() bool {
	if t.head == 0 {
		return false
	}
	t.head = t.rows.read(t.head, &t.ownRow, t.layout)
	return true
}
