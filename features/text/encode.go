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
//	magic    "csnarr02"
//	options  13 uint64: Digits, MaxRunes, MinRunes, Shingle, Bands, Rows, the
//	         bits of Threshold, Reach, Phrase as int64, Tellers, Keep, Seed, horizon
//	stories  uvarint, folded stories
//	owners   uvarint n, n uint64: mix64 of the code of owner 1 to n
//	bodies   uvarint n, then for every band the uvarint number of its different
//	         keys, then per body: uint64 digest, uvarint shingles and as many
//	         ascending uint32, the signature, uvarint tellings, the place of the
//	         latest and, after several tellings, of the one before by another owner
//	told     uvarint n, n ascending uint64 keys each with a uvarint count, of
//	         bodies told several times; none when Keep is not 0
//	window   uvarint n, then per story that is kept, in their order: int64 time,
//	         uvarint body, uvarint owner; none when Keep is 0
//	phrases  uvarint n, n ascending uint64 hashes each with a uvarint: 0 for
//	         everybody, else the number of owners, and as many ascending uvarint;
//	         when Keep is not 0, places in the window stand for owners
//	pending  uvarint n, then per telling: uint64 id, owner, digest, one byte
//	         1 when shingles and signature follow (as in bodies), uvarint
//	         phrases and as many ascending uint64
//	check    uint32 CRC-32C of all before
//
// A place is int64 time, int64 id, uvarint owner.
const magic = "csnarr02"

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
// same bytes, in whatever order the stories of an instant came. What Options.Keep
// let go is no part of it, and its memory is given back before. It never fails.
func (x *Index) AppendBinary(dst []byte) ([]byte, error) {
	if x.opt.Keep > 0 {
		x.compact()
	}
	from := len(dst)
	e := &encoder{buf: append(dst, magic...)}
	o := x.opt
	for _, v := range []uint64{
		uint64(o.Digits), uint64(o.MaxRunes), uint64(o.MinRunes), uint64(o.Shingle), uint64(o.Bands), uint64(o.Rows),
		math.Float64bits(o.Threshold), uint64(o.Reach), uint64(int64(o.Phrase)), uint64(o.Tellers), uint64(o.Keep), o.Seed, uint64(x.horizon),
	} {
		e.u64(v)
	}
	e.uvar(uint64(x.stories))
	e.owners(&x.owners)
	x.encodeBodies(e)
	if x.opt.Keep > 0 {
		e.uvar(0)
		e.window(&x.window)
		e.recent(&x.recent)
	} else {
		e.told(&x.told)
		e.uvar(0)
		e.phrases(&x.phrases)
	}
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
	all := &x.bodies.all
	digests := make([]uint64, all.n)
	x.digests.each(func(digest uint64, body uint32) bool {
		digests[body-1] = digest
		return true
	})
	e.uvar(uint64(all.n))
	for j := range x.bands.tables {
		e.uvar(uint64(x.bands.tables[j].used))
	}
	for i, d := range digests {
		b := all.at(i)
		e.u64(d)
		e.story(x.bodies.set(b), x.bands.signatures.row(i))
		several := x.bodies.tellings(b)
		e.uvar(uint64(several.count))
		e.place(b.latest())
		if several.count > 1 {
			e.place(several.before)
		}
	}
}

func (e *encoder) told(t *table) {
	e.uvar(uint64(t.used))
	t.each(func(key uint64, count uint32) bool {
		e.u64(key)
		e.uvar(uint64(count))
		return true
	})
}

func (e *encoder) window(w *window) {
	e.uvar(uint64(w.log.n))
	for i := range w.log.n {
		t := w.log.at(i)
		e.u64(uint64(t.time))
		e.uvar(uint64(t.body))
		e.uvar(uint64(t.owner))
	}
}

func (e *encoder) recent(p *recent) {
	e.uvar(uint64(p.table.used))
	var one [1]uint32
	p.table.each(func(hash uint64, v uint32) bool {
		e.u64(hash)
		stories := p.stories(v, &one)
		e.uvar(uint64(len(stories)))
		for _, s := range stories {
			e.uvar(uint64(s))
		}
		return true
	})
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
