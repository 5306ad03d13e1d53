package network

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
)

// A snapshot is, with all numbers little endian: the mark, Options (HubDegree,
// MaxEdges, PartyHops as uint32, Damping and Tolerance as float64), the numbers
// of claims, entities, instants, runs, edges and outcomes as uint32, and one
// after the other
//
//	instants  time int64 and number of runs uint32, in the order of time
//	runs      claim uint32 and number of entities uint16; a run is what a claim
//	          names at one instant without another claim's edge in between
//	edges     entity uint32, in the order of folding
//	kinds     one byte an entity, 255 for one without an edge
//	outcomes  time int64, claim uint32, one byte 0 or 1, in the order of folding
//
// and the CRC-32C of all that as uint32.
const (
	snapshotMark   = "CSNETv2\n"
	snapshotHead   = len(snapshotMark) + 3*4 + 2*8 + 6*4
	instantSize    = 12
	runSize        = 6
	edgeSize       = 4
	outcomeSize    = 13
	snapshotSum    = 4
	unseen         = math.MaxUint8
	badSnapshot    = "cannot read network snapshot: "
	makeItAnewText = "; make it anew from the edges"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// AppendSnapshot appends the graph as bytes to dst, 4 a folded edge, 6 a claim's
// edges of one instant, 12 an instant, 13 an outcome and 1 an entity, and
// returns it. Rankings are no part of it, since Refresh makes the same again.
func (g *Graph) AppendSnapshot(dst []byte) []byte {
	from, le := len(dst), binary.LittleEndian
	o := g.options
	dst = append(dst, snapshotMark...)
	for _, v := range []int{o.HubDegree, o.MaxEdges, o.PartyHops} {
		dst = le.AppendUint32(dst, uint32(v))
	}
	dst = le.AppendUint64(dst, math.Float64bits(o.Damping))
	dst = le.AppendUint64(dst, math.Float64bits(o.Tolerance))
	numbers := len(dst)
	for _, n := range []int{g.claims.n, g.entities.n, g.log.times.n, 0, g.Edges(), g.verdicts.known.n} {
		dst = le.AppendUint32(dst, uint32(n))
	}
	dst, runs := g.log.appendRuns(dst)
	le.PutUint32(dst[numbers+12:], uint32(runs))
	for _, page := range g.log.entities.dir {
		for _, e := range page {
			dst = le.AppendUint32(dst, uint32(e))
		}
	}
	for _, page := range g.entities.dir {
		for i := range page {
			kind := byte(unseen)
			if page[i].len() > 0 {
				kind = page[i].kind()
			}
			dst = append(dst, kind)
		}
	}
	dst = g.appendOutcomes(dst)
	return le.AppendUint32(dst, crc32.Checksum(dst[from:], castagnoli))
}

// appendRuns appends instants and runs, where the parts of a run that stand in
// different pages of the log are one again, and returns the number of these.
func (l *log) appendRuns(dst []byte) (out []byte, runs int) {
	le := binary.LittleEndian
	var rows []byte
	for i := range int32(l.times.n) {
		before, last := runs, int32(-1)
		for r := l.first(i); r < l.first(i+1); r++ {
			claim, n := l.runs.at(r).claim, len(l.names(r))
			if claim == last {
				at := rows[len(rows)-2:]
				le.PutUint16(at, le.Uint16(at)+uint16(n))
				continue
			}
			rows = le.AppendUint16(le.AppendUint32(rows, uint32(claim)), uint16(n))
			runs, last = runs+1, claim
		}
		dst = le.AppendUint64(dst, uint64(*l.times.at(i)))
		dst = le.AppendUint32(dst, uint32(runs-before))
	}
	return append(dst, rows...), runs
}

func (g *Graph) appendOutcomes(dst []byte) []byte {
	le, v := binary.LittleEndian, &g.verdicts
	from := len(dst)
	dst = append(dst, make([]byte, outcomeSize*v.known.n)...)
	for c := range int32(g.claims.n) {
		for at := g.claims.at(c).outcome; at > 0; {
			row, link := dst[from+outcomeSize*int(at-1):], *v.links.at(at - 1)
			le.PutUint64(row, uint64(*v.known.at(at - 1)))
			le.PutUint32(row[8:], uint32(c))
			row[12] = byte(link & 1)
			at = link >> 1
		}
	}
	return dst
}

// sections is the parts of a snapshot whose lengths and checksum hold.
type sections struct {
	options                                Options
	claims, entities                       int
	instants, runs, edges, kinds, outcomes []byte
}

// ReadSnapshot restores a graph from the bytes of AppendSnapshot, which it does
// not keep. It holds every row to the rules of Add and AddOutcome and asks for
// no more than about 500 bytes for each one in data, and 50 MB at the start.
// The error says what is wrong with data, a snapshot of an earlier version
// among it.
func ReadSnapshot(data []byte) (*Graph, error) {
	s, err := divideSnapshot(data)
	if err != nil {
		return nil, err
	}
	if s.options != s.options.withDefaults() {
		return nil, fmt.Errorf(badSnapshot + "a setting is 0 or no number" + makeItAnewText)
	}
	g, err := New(s.options)
	if err != nil {
		return nil, fmt.Errorf(badSnapshot+"%w", err)
	}
	g.announced = len(s.edges)/edgeSize + len(s.outcomes)/outcomeSize
	if limit := numberSlack + numbersPerRow*g.announced; max(s.claims, s.entities) > limit || len(s.edges)/edgeSize > maxEdges {
		return nil, fmt.Errorf(badSnapshot+"its head names %d claims, %d entities and %d edges, which is too many%s", s.claims, s.entities, len(s.edges)/edgeSize, makeItAnewText)
	}
	g.claims.grow(s.claims)
	g.entities.grow(s.entities)
	if err := g.restoreEdges(s); err != nil {
		return nil, err
	}
	if err := g.restoreOutcomes(s.outcomes); err != nil {
		return nil, err
	}
	if n := len(s.outcomes) / outcomeSize; g.claims.n != s.claims || g.verdicts.known.n != n {
		return nil, fmt.Errorf(badSnapshot+"its rows give %d claims and %d outcomes, not the %d and %d of its head%s",
			g.claims.n, g.verdicts.known.n, s.claims, n, makeItAnewText)
	}
	return g, nil
}

func divideSnapshot(data []byte) (s sections, err error) {
	le := binary.LittleEndian
	const family = len("CSNET")
	if len(data) < snapshotHead+snapshotSum || string(data[:family]) != snapshotMark[:family] {
		return s, fmt.Errorf(badSnapshot+"%d bytes do not begin with the mark %q and a head%s", len(data), snapshotMark, makeItAnewText)
	}
	if mark := string(data[:len(snapshotMark)]); mark != snapshotMark {
		return s, fmt.Errorf(badSnapshot+"its format is %q and this program reads %q%s", mark, snapshotMark, makeItAnewText)
	}
	body := data[:len(data)-snapshotSum]
	if got, want := crc32.Checksum(body, castagnoli), le.Uint32(data[len(body):]); got != want {
		return s, fmt.Errorf(badSnapshot+"checksum %08x is written and %08x found%s", want, got, makeItAnewText)
	}
	h := body[len(snapshotMark):]
	s.options = Options{
		HubDegree: int(le.Uint32(h)), MaxEdges: int(le.Uint32(h[4:])), PartyHops: int(le.Uint32(h[8:])),
		Damping: math.Float64frombits(le.Uint64(h[12:])), Tolerance: math.Float64frombits(le.Uint64(h[20:])),
	}
	s.claims, s.entities = int(le.Uint32(h[28:])), int(le.Uint32(h[32:]))
	rest, want := body[snapshotHead:], 0
	for _, part := range []struct {
		to        *[]byte
		n, single int
	}{
		{&s.instants, int(le.Uint32(h[36:])), instantSize}, {&s.runs, int(le.Uint32(h[40:])), runSize},
		{&s.edges, int(le.Uint32(h[44:])), edgeSize}, {&s.kinds, s.entities, 1}, {&s.outcomes, int(le.Uint32(h[48:])), outcomeSize},
	} {
		size := part.n * part.single
		want += size
		if size <= len(rest) {
			*part.to, rest = rest[:size], rest[size:]
		}
	}
	if want != len(body)-snapshotHead {
		return s, fmt.Errorf(badSnapshot+"%d bytes where its head asks for %d%s", len(body), snapshotHead+want, makeItAnewText)
	}
	return s, nil
}
