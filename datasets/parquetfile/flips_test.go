package parquetfile

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func mustRead(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// flipSeeds returns good files of many encodings and codecs: those of the
// format's own collection, and files written here.
func flipSeeds(t testing.TB) map[string][]byte {
	seeds := map[string][]byte{}
	for _, codec := range []Codec{Zstd, Snappy, Plain} {
		seeds["written"+string(rune('0'+codec))] = sampleFile(t, 300, WriteOptions{Codec: codec, RowGroupRows: 120})
	}
	for _, path := range parquetTesting(t, "data") {
		name := filepath.Base(path)
		data := mustRead(t, path)
		if _, err := readEverything(data); err == nil && len(data) < 40<<10 {
			seeds[name] = data
		}
	}
	if len(seeds) < 20 {
		t.Fatalf("only %d seeds", len(seeds))
	}
	return seeds
}

// TestFlippedBytes damages good files in 10,000 ways: single bytes, several
// bytes, truncations, the footer more often than chance would have it. None may
// panic or ask for much memory.
func TestFlippedBytes(t *testing.T) {
	seeds := flipSeeds(t)
	names := make([]string, 0, len(seeds))
	for name := range seeds {
		names = append(names, name)
	}
	slices.Sort(names)
	r := rand.New(rand.NewPCG(7, 22))
	errors, total := 0, 10_000
	if testing.Short() {
		total = 1000
	}
	for i := range total {
		name := names[i%len(names)]
		data := damage(r, seeds[name])
		if _, err := withinBounds(t, name, data); err != nil {
			errors++
		}
		if t.Failed() {
			t.Fatalf("damage %d to %s", i, name)
		}
	}
	t.Logf("%d of %d damaged files gave an error, the others were read", errors, total)
	if errors < total/4 {
		t.Errorf("only %d of %d damaged files gave an error", errors, total)
	}
}

// damage returns a damaged copy of a file.
func damage(r *rand.Rand, file []byte) []byte {
	data := bytes.Clone(file)
	if r.IntN(10) == 0 {
		return data[:r.IntN(len(data))]
	}
	from := 4
	if r.IntN(3) == 0 { // the footer and the last pages
		from = max(from, len(data)-len(data)/4)
	}
	flips := 1
	if r.IntN(2) == 0 {
		flips += r.IntN(8)
	}
	for range flips {
		at := from + r.IntN(len(data)-from-8)
		switch r.IntN(3) {
		case 0:
			data[at] ^= 1 << r.IntN(8)
		case 1:
			data[at] = byte(r.IntN(256))
		default:
			data[at] = [...]byte{0, 0x7f, 0x80, 0xff}[r.IntN(4)]
		}
	}
	return data
}

// FuzzRead reads whatever bytes come.
func FuzzRead(f *testing.F) {
	for _, codec := range []Codec{Zstd, Snappy, Plain} {
		f.Add(sampleFile(f, 20, WriteOptions{Codec: codec}))
	}
	hostile := hostileFiles(f)
	for _, name := range slices.Sorted(maps.Keys(hostile)) {
		c := hostile[name]
		if data := c.bytes(f); len(data) < 16<<10 {
			f.Add(data)
		}
	}
	f.Add([]byte("PAR1\x00\x00\x00\x00PAR1"))
	f.Fuzz(func(t *testing.T, data []byte) { withinBounds(t, "fuzz", data) })
}
