package network

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
)

// A snapshot is, with all numbers little endian: the mark, Options (HubDegree,
// MaxEdges, PartyHops as uint32, Damping and Tolerance as float64), the numbers
// of claims, entities, edges and outcomes as uint32, the kind of every entity
// (255 for one without an edge), every edge in the order of folding (known
// int64, claim, entity uint32), every outcome (known int64, claim uint32, one
// byte 0 or 1), and the CRC-32C of all that as uint32.
const (
	snapshotMark   = "CSNETv1\n"
	snapshotHead   = len(snapshotMark) + 3*4 + 2*8 + 4*4
	edgeSize       = 16
	outcomeSize    = 13
	snapshotSum    = 4
	badSnapshot    = "cannot read network snapshot: "
	makeItAnewText = "; make it anew from the edges"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// AppendSnapshot appends the graph as bytes to dst, 16 a folded edge, 13 an
// outcome and 1 an entity, and returns it. Rankings are no part of it, since
// Refresh makes the same again.
func (g *Graph) AppendSnapshot(dst []byte) []byte {
	from, le := len(dst), binary.LittleEndian
	o := g.options
	dst = append(dst, snapshotMark...)
	for _, v := range []int{o.HubDegree, o.MaxEdges, o.PartyHops} {
		dst = le.AppendUint32(dst, uint32(v))
	}
	dst = le.AppendUint64(dst, math.Float64bits(o.Damping))
	dst = le.AppendUint64(dst, math.Float64bits(o.Tolerance))
	for _, n := range []int{len(g.claims), len(g.entities), len(g.known), len(g.concl)} {
		dst = le.AppendUint32(dst, uint32(n))
	}
	dst = append(dst, g.kinds...)
	edges := len(dst)
	dst = append(dst, make([]byte, edgeSize*len(g.known)+outcomeSize*len(g.concl))...)
	rows := dst[edges:]
	for i, t := range g.known {
		le.PutUint64(rows[i*edgeSize:], uint64(t))
	}
	outcomes := rows[edgeSize*len(g.known):]
	for i, t := range g.concl {
		le.PutUint64(outcomes[i*outcomeSize:], uint64(t))
	}
	for c := range g.claims {
		for _, l := range g.pool.view(g.claims[c]) {
			row := rows[int(l.at)*edgeSize:]
			le.PutUint32(row[8:], uint32(c))
			le.PutUint32(row[12:], uint32(l.to))
		}
		for _, l := range g.pool.view(g.outcomes[c]) {
			row := outcomes[int(l.at)*outcomeSize:]
			le.PutUint32(row[8:], uint32(c))
			row[12] = byte(l.to)
		}
	}
	return le.AppendUint32(dst, crc32.Checksum(dst[from:], castagnoli))
}

// ReadSnapshot restores a graph from the bytes of AppendSnapshot, which it does
// not keep. It holds every row to the rules of Add and AddOutcome and asks for
// no more than about 500 bytes for each one in data, and 50 MB at the start.
// The error says what is wrong with data.
func ReadSnapshot(data []byte) (*Graph, error) {
	le := binary.LittleEndian
	if len(data) < snapshotHead+snapshotSum || string(data[:len(snapshotMark)]) != snapshotMark {
		return nil, fmt.Errorf(badSnapshot+"%d bytes do not begin with the mark %q and a head%s", len(data), snapshotMark, makeItAnewText)
	}
	body := data[:len(data)-snapshotSum]
	if got, want := crc32.Checksum(body, castagnoli), le.Uint32(data[len(body):]); got != want {
		return nil, fmt.Errorf(badSnapshot+"checksum %08x is written and %08x found%s", want, got, makeItAnewText)
	}
	h := body[len(snapshotMark):]
	options := Options{
		HubDegree: int(le.Uint32(h)), MaxEdges: int(le.Uint32(h[4:])), PartyHops: int(le.Uint32(h[8:])),
		Damping: math.Float64frombits(le.Uint64(h[12:])), Tolerance: math.Float64frombits(le.Uint64(h[20:])),
	}
	if options != options.withDefaults() {
		return nil, fmt.Errorf(badSnapshot + "a setting is 0 or no number" + makeItAnewText)
	}
	g, err := New(options)
	if err != nil {
		return nil, fmt.Errorf(badSnapshot+"%w", err)
	}
	claims, entities := int(le.Uint32(h[28:])), int(le.Uint32(h[32:]))
	edges, outcomes := int(le.Uint32(h[36:])), int(le.Uint32(h[40:]))
	if want := snapshotHead + entities + edges*edgeSize + outcomes*outcomeSize; want != len(body) {
		return nil, fmt.Errorf(badSnapshot+"%d bytes where its head asks for %d%s", len(body), want, makeItAnewText)
	}
	g.announced = edges + outcomes
	if limit := numberSlack + numbersPerRow*g.announced; max(claims, entities) > limit || edges > maxEdges {
		return nil, fmt.Errorf(badSnapshot+"its head names %d claims, %d entities and %d edges, which is too many%s", claims, entities, edges, makeItAnewText)
	}
	if claims > 0 {
		g.growClaims(int32(claims - 1))
	}
	g.entities, g.kinds = make([]list, entities), bytes.Clone(body[snapshotHead:snapshotHead+entities])
	rows := body[snapshotHead+entities:]
	if err := g.restoreEdges(rows[:edges*edgeSize]); err != nil {
		return nil, err
	}
	if err := g.readOutcomes(rows[edges*edgeSize:]); err != nil {
		return nil, err
	}
	if len(g.claims) != claims || len(g.concl) != outcomes {
		return nil, fmt.Errorf(badSnapshot+"its rows give %d claims and %d outcomes, not the %d and %d of its head%s",
			len(g.claims), len(g.concl), claims, outcomes, makeItAnewText)
	}
	return g, nil
}

func (g *Graph) readOutcomes(rows []byte) error {
	le := binary.LittleEndian
	g.concl = make([]int64, 0, len(rows)/outcomeSize)
	for i := 0; i < len(rows); i += outcomeSize {
		if rows[i+12] > 1 {
			return fmt.Errorf(badSnapshot+"outcome %d is %d, neither 0 nor 1%s", i/outcomeSize, rows[i+12], makeItAnewText)
		}
		o := Outcome{Known: int64(le.Uint64(rows[i:])), Claim: int32(le.Uint32(rows[i+8:])), Confirmed: rows[i+12] == 1}
		if err := g.AddOutcome(o); err != nil {
			return fmt.Errorf(badSnapshot+"outcome %d: %w", i/outcomeSize, err)
		}
	}
	return nil
}
