package window

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"testing"
)

func stored(t testing.TB, n int) []byte {
	r := rand.New(rand.NewPCG(3, 3))
	ev, _ := randomHistory(r, shape{events: n, keys: 3, span: 100, grain: 1, late: 3})
	s, err := NewState(nil, len(ev.Values), len(ev.Codes))
	if err != nil {
		t.Fatal(err)
	}
	for i := range ev.Key {
		if err := s.Fold(eventOf(ev, i)); err != nil {
			t.Fatal(err)
		}
	}
	data, err := s.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// sealed writes a fresh checksum, so that what lies behind it is reached.
func sealed(data []byte) []byte {
	if len(data) < tailSize {
		return data
	}
	body := bytes.Clone(data[:len(data)-tailSize])
	return binary.LittleEndian.AppendUint32(body, crc32.Checksum(body, castagnoli))
}

func TestRestoreRefusesDamage(t *testing.T) {
	data := stored(t, 700)
	for n := 0; n < len(data); n += 1 + n/20 {
		if _, err := Restore(data[:n], nil); err == nil {
			t.Fatalf("a state cut to %d bytes was taken", n)
		}
		flipped := bytes.Clone(data)
		flipped[n] ^= 4
		if _, err := Restore(flipped, nil); err == nil {
			t.Fatalf("a state with byte %d changed was taken", n)
		}
	}
	faults := map[string]func([]byte){
		"columns":      func(b []byte) { binary.LittleEndian.PutUint32(b[8:], 1<<31) },
		"keys":         func(b []byte) { binary.LittleEndian.PutUint64(b[16:], 1<<60) },
		"events":       func(b []byte) { binary.LittleEndian.PutUint32(b[28:], 1<<31) },
		"out of order": func(b []byte) { binary.LittleEndian.PutUint64(b[32:], 1<<50) },
		"happened":     func(b []byte) { binary.LittleEndian.PutUint64(b[32:], 1<<63) },
		"add up":       func(b []byte) { binary.LittleEndian.PutUint64(b[32+24:], 1<<63-1) },
	}
	for want, spoil := range faults {
		bad := bytes.Clone(data)
		spoil(bad)
		if _, err := Restore(sealed(bad), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("fault %q: got %v", want, err)
		}
	}
	if _, err := Restore(data, []Aggregate{{Do: Sum, Window: Window{From: 1}, Column: 9}}); err == nil {
		t.Error("an aggregate of a column that is not stored was taken")
	}
}

// FuzzRestore wants every input refused or read into a state that answers and
// is stored as the same bytes again. The checksum is made right first.
func FuzzRestore(f *testing.F) {
	data := stored(f, 6)
	empty, err := NewState(nil, 0, 0)
	if err != nil {
		f.Fatal(err)
	}
	none, _ := empty.AppendBinary(nil)
	f.Add(data)
	f.Add(data[:100])
	f.Add(none)
	f.Add([]byte(magic))
	aggs := []Aggregate{
		{Do: Count, Window: Window{From: Forever}, Column: None},
		{Do: GapStd, Window: Window{From: 1000}, Column: None},
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		data = sealed(data)
		s, err := Restore(data, aggs)
		if err != nil {
			return
		}
		again, err := s.AppendBinary(nil)
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("stored differently after a restore: %v", err)
		}
		for _, key := range s.sortedKeys() {
			if _, err := s.Answer(nil, key, 50); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := RestoreRates(data, []Rate{{Window: Window{From: 5}, Strength: 1}}); err == nil && s.values != 1 {
			t.Fatal("rates restored from a state without outcomes")
		}
	})
}
