package network

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestSnapshotRestoresTheGraph(t *testing.T) {
	rng := rand.New(rand.NewPCG(14, 15))
	for range 200 {
		h := randomHistory(rng)
		g := h.graph(t, Options{HubDegree: 4, Damping: 0.7})
		data := g.AppendSnapshot([]byte("before"))[6:]
		back, err := ReadSnapshot(data)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(back.AppendSnapshot(nil), data) || back.Options() != g.Options() {
			t.Fatal("the restored graph writes another snapshot")
		}
		for range 5 {
			q := randomQuestion(rng, h)
			x, err1 := g.NewAsker().Ask(q, g.Refresh(q.At))
			y, err2 := back.NewAsker().Ask(q, back.Refresh(q.At))
			if err1 != nil || err2 != nil || !identical(x, y) {
				t.Fatalf("%+v and %+v after restoring (%v, %v)", x, y, err1, err2)
			}
		}
		for range 20 { // the restored graph grows like the other one
			e := Edge{int32(rng.IntN(40)), int32(rng.IntN(9)), 0, 100}
			e.Kind = uint8(e.Entity % 3)
			if err1, err2 := g.Add(e), back.Add(e); err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
		}
		if !bytes.Equal(back.AppendSnapshot(nil), g.AppendSnapshot(nil)) {
			t.Fatal("the restored graph grows to another one")
		}
	}
}

// Sparse numbers that the whole allows are restored, although few rows came first.
func TestSnapshotOfSparseNumbers(t *testing.T) {
	g, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range int32(20_000) {
		if err := g.AddOutcome(Outcome{i, i%7 == 0, int64(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.Add(Edge{numberSlack + 200_000, 0, 0, 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadSnapshot(g.AppendSnapshot(nil)); err != nil {
		t.Error(err)
	}
}

// sealed corrects the checksum, so that what is read behind it is tested.
func sealed(data []byte) []byte {
	if len(data) < snapshotSum {
		return data
	}
	data = bytes.Clone(data)
	body := data[:len(data)-snapshotSum]
	binary.LittleEndian.PutUint32(data[len(body):], crc32.Checksum(body, castagnoli))
	return data
}

func smallSnapshot(t testing.TB) []byte {
	h := history{edges: []Edge{{0, 0, 0, 1}, {1, 0, 0, 2}, {1, 2, 1, 2}}, outcomes: []Outcome{{0, true, 3}, {1, false, 4}}}
	return h.graph(t, Options{}).AppendSnapshot(nil)
}

func TestSnapshotRefusesDamage(t *testing.T) {
	good := smallSnapshot(t)
	for n := range good {
		if _, err := ReadSnapshot(good[:n]); err == nil {
			t.Errorf("%d of %d bytes are taken", n, len(good))
		}
		bad := bytes.Clone(good)
		bad[n] ^= 0x10
		if _, err := ReadSnapshot(bad); err == nil {
			t.Errorf("a changed byte %d is taken", n)
		}
	}
	instants := snapshotHead
	runs := instants + 2*instantSize
	edges := runs + 2*runSize
	kinds := edges + 3*edgeSize
	outcomes := kinds + 3
	for name, change := range map[string]func(b []byte){
		"kind":                func(b []byte) { b[kinds] = 99 },
		"spare entity":        func(b []byte) { b[kinds+1] = 3 },
		"order":               func(b []byte) { b[instants] = 9 },
		"no runs":             func(b []byte) { b[instants+8] = 0 },
		"too many runs":       func(b []byte) { b[instants+8] = 3 },
		"entity":              func(b []byte) { b[edges] = 77 },
		"claim":               func(b []byte) { b[runs+3] = 0x7f },
		"empty run":           func(b []byte) { b[runs+4] = 0 },
		"long run":            func(b []byte) { b[runs+5] = 1 },
		"twice":               func(b []byte) { b[edges+2*edgeSize] = 0 },
		"confirmed":           func(b []byte) { b[outcomes+12] = 2 },
		"order of outcomes":   func(b []byte) { b[outcomes] = 9 },
		"outcome of no claim": func(b []byte) { b[outcomes+8] = 99 },
		"damping":             func(b []byte) { b[len(snapshotMark)+12+7] = 0xff },
		"no hub limit":        func(b []byte) { b[len(snapshotMark)] = 0 },
		"earlier version":     func(b []byte) { b[len(snapshotMark)-2] = '1' },
	} {
		bad := bytes.Clone(good)
		change(bad)
		if _, err := ReadSnapshot(sealed(bad)); err == nil || !strings.HasPrefix(err.Error(), "cannot read network snapshot: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadSnapshot(f *testing.F) {
	f.Add(smallSnapshot(f))
	f.Add(smallSnapshot(f)[:snapshotHead])
	f.Add(randomHistory(rand.New(rand.NewPCG(1, 1))).graph(f, Options{HubDegree: 2}).AppendSnapshot(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = sealed(data)
		g, err := ReadSnapshot(data)
		if err != nil {
			return
		}
		if !bytes.Equal(g.AppendSnapshot(nil), data) {
			t.Fatal("another snapshot comes out")
		}
		if _, err := g.NewAsker().Ask(Question{Claim: 1, At: 1 << 40}, nil); err != nil {
			t.Fatal(err)
		}
	})
}

func TestRefusals(t *testing.T) {
	g, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range int32(MaxClaimEntities) {
		if err := g.Add(Edge{0, i, 1, 10}); err != nil {
			t.Fatal(err)
		}
	}
	before := g.AppendSnapshot(nil)
	for want, err := range map[string]error{
		"before the last edge":    g.Add(Edge{1, 1, 1, 9}),
		"running numbers":         g.Add(Edge{1 << 30, 1, 1, 10}),
		"from 0 to":               g.Add(Edge{1, -1, 1, 10}),
		"is of kind 1":            g.Add(Edge{1, 1, 2, 10}),
		"not below 16":            g.Add(Edge{1, 5000, 16, 10}),
		"which is the limit":      g.Add(Edge{0, 5000, 1, 10}),
		"claim -1 is not from 0":  g.AddOutcome(Outcome{-1, true, 10}),
		"cannot use HubDegree -1": Options{HubDegree: -1}.Validate(),
		"use 5":                   Options{PartyHops: 4}.Validate(),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
	if !bytes.Equal(before, g.AppendSnapshot(nil)) {
		t.Error("a refused row changed the graph")
	}
	for want, q := range map[string]Question{
		"begin at 0": {Claim: -1}, "below 0": {Own: []Own{{-1, 0}}}, "is of kind 1": {Own: []Own{{1, 0}}}, "may name 1024": {At: 10, Own: []Own{{5000, 0}}},
	} {
		if _, err := g.NewAsker().Ask(q, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}
