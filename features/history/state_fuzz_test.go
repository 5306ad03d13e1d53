package history

import (
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"testing"
)

// fuzzed is a folded state of every kind of part, with rows that wait and
// stages that lie ahead.
func fuzzed(t testing.TB, stories bool) (*State, *historyRows) {
	r := rand.New(rand.NewPCG(12, 5))
	sh := shapes[0]
	sh.ordered = true
	h := randomRows(r, sh)
	s, err := randomPlan(r, h.spec, parts{true, true, true, stories, true}).NewState()
	if err != nil {
		t.Fatal(err)
	}
	half := len(h.rows["claims"]) / 2
	for table, rows := range h.rows {
		if table == "claims" {
			rows = rows[:half]
		}
		if err := s.Fold(table, h.record(t, table, rows...)); err != nil {
			t.Fatal(err)
		}
	}
	return s, h
}

// FuzzRestore feeds Restore bytes whose checksum fits: it refuses them, or what
// it makes of them can be asked, folded into and stored again.
func FuzzRestore(f *testing.F) {
	s, h := fuzzed(f, true)
	seed, err := s.AppendBinary(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed[:len(seed)-4])
	empty, _ := s.plan.NewState()
	none, _ := empty.AppendBinary(nil)
	f.Add(none[:len(none)-4])
	f.Add([]byte(snapshotMark))
	claim := h.record(f, "claims", h.rows["claims"][0])
	last := h.record(f, "claims", h.rows["claims"][len(h.rows["claims"])-1])
	f.Fuzz(func(t *testing.T, body []byte) {
		data := binary.LittleEndian.AppendUint32(append([]byte(nil), body...), crc32.Checksum(body, castagnoli))
		r, err := s.plan.Restore(data)
		if err != nil {
			return
		}
		_, _ = r.Answer(nil, claim)
		_, _ = r.Joined("policies", claim)
		_ = r.Fold("claims", last)
		_, _ = r.Answer(nil, last)
		_, _ = r.AppendBinary(nil)
	})
}

// TestRestoreRefusesDamage cuts a stored state everywhere and turns bytes of it,
// with checksums that fit, so that each part has to look at what it reads.
func TestRestoreRefusesDamage(t *testing.T) {
	s, h := fuzzed(t, true)
	data, err := s.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	body := data[:len(data)-4]
	sealed := func(b []byte) []byte { return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli)) }
	claim := h.record(t, "claims", h.rows["claims"][0])
	r := rand.New(rand.NewPCG(13, 1))
	for range 3000 {
		bad := append([]byte(nil), body...)
		switch r.IntN(3) {
		case 0:
			bad = bad[:r.IntN(len(bad))]
		case 1:
			bad[len(snapshotMark)+r.IntN(len(bad)-len(snapshotMark))] ^= byte(1 + r.IntN(255))
		case 2:
			at := len(snapshotMark) + r.IntN(len(bad)-len(snapshotMark))
			bad[at] = []byte{0, 1, 0x7f, 0x80, 0xff}[r.IntN(5)]
		}
		got, err := s.plan.Restore(sealed(bad))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "cannot restore a state: ") {
				t.Fatalf("an error of another voice: %v", err)
			}
			continue
		}
		_, _ = got.Answer(nil, claim)
		_, _ = got.AppendBinary(nil)
	}
	other := *s.plan
	other.Digest = "another"
	if _, err := other.Restore(data); err == nil || !strings.Contains(err.Error(), "another") {
		t.Errorf("another plan: %v", err)
	}
	data[len(snapshotMark)-1]++
	if _, err := s.plan.Restore(data); err == nil || !strings.Contains(err.Error(), "version") {
		t.Errorf("another version: %v", err)
	}
}
