package formats_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"claimsieve/models/forest/foresttest"
	"claimsieve/models/formats"
)

// FuzzReadLightGBM wants every text refused or read into a forest that is
// valid, can be walked, and comes back the same when written and read.
func FuzzReadLightGBM(f *testing.F) {
	small, err := os.ReadFile(filepath.Join("testdata", "small.txt"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(small)
	for k, s := range madeShapes()[:8] {
		var b bytes.Buffer
		if err := formats.WriteLightGBM(&b, foresttest.Random(uint64(k), s), formats.LightGBMOptions{}); err != nil {
			f.Fatal(err)
		}
		if b.Len() < 1<<14 {
			f.Add(b.Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := formats.ReadLightGBM(bytes.NewReader(b))
		if err != nil {
			return
		}
		if err := got.Validate(); err != nil {
			t.Fatalf("read a forest that is not valid: %v", err)
		}
		columns := foresttest.Columns(1, got, 4)
		for i := range 4 {
			got.Raw(foresttest.Row(columns, i)) // every index it follows must hold
		}
		var written bytes.Buffer
		if err := formats.WriteLightGBM(&written, got, formats.LightGBMOptions{}); err != nil {
			if bytes.Contains([]byte(err.Error()), []byte("is above LightGBM's")) {
				return
			}
			t.Fatalf("cannot write what was read: %v", err)
		}
		again, err := formats.ReadLightGBM(&written)
		if err != nil {
			t.Fatalf("cannot read what was written: %v", err)
		}
		sameForest(t, again, got)
	})
}
