package window

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func stored(t testing.TB, n int) []byte {
	r := rand.New(rand.NewPCG(3, 3))
	ev, _ := randomHistory(r, shape{events: n, keys: 3, span: 100, grain: 1, late: 3, owners: 20})
	s, err := NewState(nil, len(ev.Values), len(ev.Codes))
	if err != nil {
		t.Fatal(err)
	}
	for i := range ev.Key {
		e := eventOf(ev, i)
		e.Key = stateKey(e.Key)
		if err := s.Fold(e); err != nil {
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
	old := bytes.Clone(data)
	old[7] = 1
	if _, err := Restore(sealed(old), nil); err == nil || !strings.Contains(err.Error(), "of version 1") {
		t.Errorf("a state of version 1: %v", err)
	}
	if _, err := Restore(data, []Aggregate{{Do: Sum, Window: Window{From: 1}, Column: 9}}); err == nil {
		t.Error("an aggregate of a column that is not stored was taken")
	}
}

// crafted is a stored state of one value and no code column with the counts of
// keys and whatever follows them.
func crafted(keys uint64, rest ...[]byte) []byte {
	data := binary.LittleEndian.AppendUint32([]byte(magic), 1)
	data = binary.LittleEndian.AppendUint32(data, 0)
	data = binary.LittleEndian.AppendUint64(data, keys)
	return sealed(append(append(data, bytes.Join(rest, nil)...), 0, 0, 0, 0))
}

func counts(pairs ...uint64) []byte {
	var out []byte
	for _, x := range pairs {
		out = binary.AppendUvarint(out, x)
	}
	return out
}

// packOf is rows as AppendBinary writes them.
func packOf(rows ...[]int64) []byte { return appendPack(nil, slices.Concat(rows...), len(rows[0])) }

func TestRestoreRefusesWhatFoldRefuses(t *testing.T) {
	row := []int64{5, 0, 0, hole, 10, 0} // happened, delay, marks, owner, value, link
	then := []int64{6, 0, 0, 3, 10, 1}
	if s, err := Restore(crafted(1, counts(7, 2), packOf(row, then)), nil); err != nil || s.Len() != 2 {
		t.Fatalf("a sound state is refused: %v", err)
	}
	long := make([][]int64, 40) // of a key with a history: no links
	for i := range long {
		long[i] = []int64{int64(40 - i), 0, 0, 7, 1}
	}
	for want, data := range map[string][]byte{
		"claims 9 keys":          crafted(9, counts(0, 1), nil),
		"ends in the middle":     crafted(1, []byte{0x80, 0x80}),
		"claims 0 events":        crafted(1, counts(0, 0)),
		"claims 4294967296":      crafted(1, counts(0, 1<<32)),
		"beyond 2^31":            crafted(1, counts(1<<31, 1)),
		"ends before a pack":     crafted(1, counts(0, 1)),
		"of form":                crafted(1, counts(0, 1), []byte{9, 0, 0}),
		"no base":                crafted(1, counts(0, 1), []byte{1, 0, 0x80}),
		"rows of":                crafted(1, counts(0, 2), packOf(row, then)[:25]),
		"out of order":           crafted(1, counts(0, 2), packOf([]int64{6, 0, 0, 1, 10, 0}, []int64{5, 0, 0, 1, 10, 1})),
		"rows back":              crafted(1, counts(0, 2), packOf(row, []int64{6, 0, 0, 3, 10, 2})),
		"rows back instead of 0": crafted(2, counts(0, 1, 0, 1), packOf(row, then)),
		"happened":               crafted(1, counts(0, 1), packOf([]int64{1 << 61, 0, 0, 3, 10, 0})),
		"known":                  crafted(1, counts(0, 1), packOf([]int64{0, 1 << 61, 0, 3, 10, 0})),
		"not written so":         crafted(1, counts(0, 1), packOf([]int64{0, Never, 0, 3, 10, 0})),
		"add up":                 crafted(1, counts(0, 1), packOf([]int64{0, 0, 0, 3, 1 << 62, 0})),
		"event 1 is out":         crafted(1, counts(0, 40), packOf(long...)),
		"the owner -5":           crafted(1, counts(0, 1), packOf([]int64{0, 0, 0, -5, 1, 0})),
		"the owner 2147483648":   crafted(1, counts(0, 1), packOf([]int64{0, 0, 0, 1 << 31, 1, 0})),
		"follow the last key":    crafted(1, counts(0, 1), packOf(row), []byte{1}),
	} {
		if _, err := Restore(data, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

// FuzzRestore wants every input refused or read into a state that answers and
// is stored in the canonical way, which restores to the same. The checksum is made right first.
func FuzzRestore(f *testing.F) {
	data := stored(f, 6)
	empty, err := NewState(nil, 0, 0)
	if err != nil {
		f.Fatal(err)
	}
	none, _ := empty.AppendBinary(nil)
	f.Add(data)
	f.Add(data[:100])
	f.Add(stored(f, 130)) // some in histories
	f.Add(crafted(1, counts(7, 2), packOf([]int64{5, 0, 0, 4, 10, 0}, []int64{6, 0, 0, hole, 10, 1})))
	f.Add(none)
	f.Add([]byte(magic))
	aggs := []Aggregate{
		{Do: Count, Window: Window{From: Forever}, Column: None},
		{Do: GapStd, Window: Window{From: 1000}, Column: None},
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		data = sealed(data)
		s, err := Restore(data, nil)
		if err != nil {
			return
		}
		aggs := slices.Clone(aggs)
		if s.values > 0 {
			aggs = append(aggs, Aggregate{Do: Std, Window: Window{From: Forever}}, Aggregate{Do: Max, Window: Window{From: 40, To: 1}})
		}
		if s.codes > 0 {
			aggs = append(aggs, Aggregate{Do: Distinct, Window: Window{From: 40}}, Aggregate{Do: TopShare, Window: Window{From: Forever}})
		}
		if s, err = Restore(data, aggs); err != nil {
			t.Fatal(err)
		}
		again, err := s.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Restore(again, aggs)
		if err != nil {
			t.Fatalf("what a restored state stores is refused: %v", err)
		}
		if third, _ := back.AppendBinary(nil); !bytes.Equal(again, third) || s.Len() != back.Len() {
			t.Fatal("stored differently after a second restore")
		}
		own := Own{Owner: 4, Happened: []int64{5, 20, 6}}
		for _, key := range s.keys.sorted() {
			one, err := s.Answer(nil, key, 50, own)
			two, _ := back.Answer(nil, key, 50, own)
			if err != nil || fmt.Sprint(one) != fmt.Sprint(two) {
				t.Fatalf("answers %v and %v, %v", one, two, err)
			}
		}
	})
}
