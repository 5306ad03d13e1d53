package history

import (
	"encoding/binary"
	"hash/crc32"
)

// A stored state is, with numbers little endian, "uvarint" those of
// encoding/binary, "number" those of appendNumber, and everything that has a
// count with that in front as a uvarint:
//
//	mark      "cshist" and two bytes with the version
//	plan      the bytes of Plan.Digest
//	counts    numbers: newest, bumped, skipped, and the rows folded of each
//	          table in the order of Plan.tableOrder
//	words     per dictionary (claims, spaces, and by table those of its words):
//	          bytes end to end, and where each word ends (uint32)
//	claims    happened (int64); per clock known (int64) and digest (uint32);
//	          kept keys (int32); links (uint32)
//	own       records (bytes), heads (uint32)
//	seen      digests (uint64)
//	waiting   per claim its code as a number, and rows (bytes); per claim that is
//	          not there its code and its rows, as numbers
//	groups    per group its totals (uint64) and window.State's form (bytes)
//	graph     network.Graph's form (bytes), numbers of claims and of each
//	          space's entities (int32), and what is kept back, as numbers
//	ahead     numbers and the bytes of narratives
//	stories   per index text.Index's form (bytes) and what was answered, as numbers
//	joins     per join heads (int32), known (int64), start (uint32), before
//	          (int32), cells (bytes)
//	check     uint32 CRC-32C of everything before
//
// Parts that the plan does not have are left out.
const snapshotMark = "cshist\x00\x02"

// AppendBinary appends the stored form of the state to dst and returns it.
// [Plan.Restore] reads it. The error is always nil and is there for
// encoding.BinaryAppender.
func (s *State) AppendBinary(dst []byte) ([]byte, error) {
	s.mu.Lock() // an index of narratives sorts what waits
	defer s.mu.Unlock()
	if s.broken != nil {
		return dst, s.broken
	}
	from := len(dst)
	dst = append(dst, snapshotMark...)
	dst = appendBytes(dst, s.plan.Digest)
	for _, x := range []int64{s.newest, int64(s.bumped), int64(s.skipped)} {
		dst = appendNumber(dst, x)
	}
	for _, name := range s.layout.names {
		dst = appendNumber(dst, int64(s.rows[name]))
	}
	for _, d := range s.codes.all(s.layout) {
		dst = append32(appendBytes(dst, d.bytes), d.ends)
	}
	dst = s.claims.appendTo(dst)
	dst = append32(appendBytes(dst, s.own.bytes), s.own.heads)
	dst = s.seen.appendTo(dst)
	dst = s.waiting.appendTo(dst)
	var err error
	for g, w := range s.groups {
		dst = append64(dst, s.totals[g])
		if dst, err = appendPart(dst, w.AppendBinary); err != nil {
			return dst, err
		}
	}
	if s.graph != nil {
		dst = s.graph.appendTo(dst)
	}
	dst = s.ahead.appendTo(dst)
	for _, n := range s.stories {
		if dst, err = n.appendTo(dst); err != nil {
			return dst, err
		}
	}
	for _, v := range s.joins {
		dst = v.appendTo(dst)
	}
	return binary.LittleEndian.AppendUint32(dst, crc32.Checksum(dst[from:], castagnoli)), nil
}

// appendPart appends what a part appends, with its length as 8 bytes in front.
func appendPart(dst []byte, part func([]byte) ([]byte, error)) ([]byte, error) {
	at := len(dst)
	dst, err := part(binary.LittleEndian.AppendUint64(dst, 0))
	if err != nil {
		return dst, err
	}
	binary.LittleEndian.PutUint64(dst[at:], uint64(len(dst)-at-8))
	return dst, nil
}

// part reads what appendPart appended.
func (u *unpacker) part() []byte {
	head := u.take(8)
	if head == nil {
		return nil
	}
	n := binary.LittleEndian.Uint64(head)
	if n > uint64(len(u.data)) {
		u.fail("%w", errCutOff)
		return nil
	}
	return u.take(int(n))
}

// all returns all dictionaries in the order in which they are stored.
func (c *codes) all(l *layout) []*dictionary {
	out := append([]*dictionary{c.claims}, c.spaces...)
	for _, name := range l.names {
		out = append(out, c.words[name]...)
	}
	return out
}

func (c *claimRows) appendTo(dst []byte) []byte {
	dst = append64(dst, c.happened)
	for i := range c.clocks {
		dst = append32(append64(dst, c.clocks[i].known), c.clocks[i].digest)
	}
	for _, k := range c.keys {
		dst = append32(dst, k)
	}
	links := make([]uint32, len(c.links))
	for i, n := range c.links {
		links[i] = uint32(n)
	}
	return append32(dst, links)
}

// appendTo appends the digests in the order of their slots, which is quick to
// fill again.
func (s *seen) appendTo(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(s.n))
	for _, d := range s.slots {
		if d != 0 {
			dst = binary.LittleEndian.AppendUint64(dst, d)
		}
	}
	return dst
}

func (w *waiting) appendTo(dst []byte) []byte {
	claims := w.claims()
	dst = binary.AppendUvarint(dst, uint64(len(claims)))
	for _, c := range claims {
		dst = appendBytes(appendNumber(dst, int64(c)), w.rows[c])
	}
	dst = binary.AppendUvarint(dst, uint64(len(w.orphans)))
	for _, c := range sortedCodes(w.orphans) {
		dst = appendNumber(appendNumber(dst, int64(c)), int64(w.orphans[c]))
	}
	return dst
}

func (g *graph) appendTo(dst []byte) []byte {
	dst, _ = appendPart(dst, func(b []byte) ([]byte, error) { return g.net.AppendSnapshot(b), nil })
	dst = append32(dst, g.claims)
	for _, e := range g.entities {
		dst = append32(dst, e)
	}
	dst = appendNumber(dst, g.at)
	dst = binary.AppendUvarint(dst, uint64(len(g.edges)))
	for _, e := range g.edges {
		dst = e.appendTo(dst)
	}
	dst = binary.AppendUvarint(dst, uint64(len(g.verdicts)))
	for _, v := range g.verdicts {
		confirmed := int64(0)
		if v.confirmed {
			confirmed = 1
		}
		dst = appendNumber(appendNumber(dst, int64(v.claim)), confirmed)
	}
	return dst
}

func (e *edge) appendTo(dst []byte) []byte {
	for _, x := range []int64{int64(e.claim), int64(e.space), int64(e.code), int64(e.kind)} {
		dst = appendNumber(dst, x)
	}
	return dst
}

func (s schedule) appendTo(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s)))
	for i := range s {
		p := &s[i]
		dst = appendNumber(appendNumber(dst, p.at), int64(p.story))
		if p.story < 0 {
			dst = p.edge.appendTo(dst)
			continue
		}
		dst = appendBytes(appendNumber(appendNumber(dst, int64(p.tale.claim)), int64(p.tale.owner)), p.tale.text)
	}
	return dst
}

func (v *versions) appendTo(dst []byte) []byte {
	dst = append32(dst, v.heads)
	known, start, before := make([]int64, len(v.list)), make([]uint32, len(v.list)), make([]int32, len(v.list))
	for i, one := range v.list {
		known[i], start[i], before[i] = one.known, one.start, one.before
	}
	return appendBytes(append32(append32(append64(dst, known), start), before), v.bytes)
}

func (n *narratives) appendTo(dst []byte) ([]byte, error) {
	dst, err := appendPart(dst, n.index.AppendBinary)
	if err != nil {
		return dst, err
	}
	fresh := int64(0)
	if n.fresh {
		fresh = 1
	}
	dst = appendNumber(appendNumber(dst, n.horizon), fresh)
	dst = binary.AppendUvarint(dst, uint64(len(n.told)))
	for _, c := range sortedCodes(n.told) {
		for _, x := range n.told[c].numbers(c) {
			dst = appendNumber(dst, x)
		}
	}
	return dst, nil
}
