package text

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"slices"
)

// The stored form of an index. All numbers are little-endian; "uvarint" is
// encoding/binary's.
//
//	magic    "csnarr01"
//	options  12 uint64: Digits, MaxRunes, MinRunes, Shingle, Bands, Rows, the
//	         bits of Threshold, Reach, Phrase as int64, Tellers, Seed, horizon
//	stories  uvarint, folded stories
//	owners   uvarint n, n uint64: mix64 of the code of owner 1 to n
//	bodies   uvarint n, then per body: uint64 digest, uvarint shingles and as
//	         many ascending uint32, the signature, uvarint tellings, the place
//	         of the latest and of the one before
//	told     uvarint n, n ascending uint64 keys each with a uvarint count
//	phrases  uvarint n, n ascending uint64 hashes each with a uvarint: 0 for
//	         everybody, else the number of owners, and as many ascending uvarint
//	pending  uvarint n, then per telling: uint64 id, owner, digest, one byte
//	         1 when shingles and signature follow (as in bodies), uvarint
//	         phrases and as many ascending uint64
//	check    uint32 CRC-32C of all before
//
// A place is int64 time, int64 id, uvarint owner.
const magic = "csnarr01"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encoder appends to a buffer.
type encoder struct{ buf []byte }

func (e *encoder) u64(v uint64)  { e.buf = binary.LittleEndian.AppendUint64(e.buf, v) }
func (e *encoder) uvar(v uint64) { e.buf = binary.AppendUvarint(e.buf, v) }
func (e *encoder) place(p place) {
	e.u64(uint64(p.time))
	e.u64(uint64(p.id))
	e.uvar(uint64(p.owner))
}

func (e *encoder) story(shingles []uint32, signature []byte) {
	e.uvar(uint64(len(shingles)))
	for _, s := range shingles {
		e.buf = binary.LittleEndian.AppendUint32(e.buf, s)
	}
	e.buf = append(e.buf, signature...)
}

// AppendBinary appends the stored form of the index, options and pending
// stories included; Decode reads it. Indexes told the same stories have the
// same bytes, in whatever order the stories of an instant came. It never fails.
func (x *Index) AppendBinary(dst []byte) ([]byte, error) {
	from := len(dst)
	e := &encoder{buf: append(dst, magic...)}
	o := x.opt
	for _, v := range []uint64{
		uint64(o.Digits), uint64(o.MaxRunes), uint64(o.MinRunes), uint64(o.Shingle), uint64(o.Bands), uint64(o.Rows),
		math.Float64bits(o.Threshold), uint64(o.Reach), uint64(int64(o.Phrase)), uint64(o.Tellers), o.Seed, uint64(x.horizon),
	} {
		e.u64(v)
	}
	e.uvar(uint64(x.stories))
	e.owners(&x.owners)
	x.encodeBodies(e)
	e.uvar(uint64(x.told.used))
	x.told.each(func(key uint64, count uint32) bool {
		e.u64(key)
		e.uvar(uint64(count))
		return true
	})
	e.phrases(&x.phrases)
	x.sortPending()
	e.uvar(uint64(len(x.pending)))
	for i := range x.pending {
		e.telling(&x.pending[i])
	}
	e.buf = binary.LittleEndian.AppendUint32(e.buf, crc32.Checksum(e.buf[from:], castagnoli))
	return e.buf, nil
}

func (e *encoder) owners(t *table) {
	codes := make([]uint64, t.used)
	t.each(func(code uint64, number uint32) bool {
		codes[number-1] = code
		return true
	})
	e.uvar(uint64(len(codes)))
	for _, c := range codes {
		e.u64(c)
	}
}

func (x *Index) encodeBodies(e *encoder) {
	b := &x.bodies
	digests := make([]uint64, b.size())
	x.digests.each(func(digest uint64, body uint32) bool {
		digests[body-1] = digest
		return true
	})
	e.uvar(uint64(b.size()))
	for i, d := range digests {
		e.u64(d)
		e.story(b.set(i), b.signatures[i*x.stride:(i+1)*x.stride])
		e.uvar(uint64(b.counts[i]))
		e.place(b.latest[i])
		e.place(b.before[i])
	}
}

func (e *encoder) phrases(p *phrases) {
	e.uvar(uint64(p.table.used))
	var one [1]uint32
	var sorted []uint32
	p.table.each(func(hash uint64, v uint32) bool {
		e.u64(hash)
		if v == everybody {
			e.uvar(0)
			return true
		}
		sorted = append(sorted[:0], p.list(v, &one)...)
		slices.Sort(sorted)
		e.uvar(uint64(len(sorted)))
		for _, o := range sorted {
			e.uvar(uint64(o))
		}
		return true
	})
}

func (e *encoder) telling(t *telling) {
	e.u64(uint64(t.id))
	e.u64(t.owner)
	e.u64(t.digest)
	if t.signature == nil {
		e.buf = append(e.buf, 0)
	} else {
		e.buf = append(e.buf, 1)
		e.story(t.shingles, t.signature)
	}
	e.uvar(uint64(len(t.phrases)))
	for _, h := range t.phrases {
		e.u64(h)
	}
}
