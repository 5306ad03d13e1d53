package synth

import (
	"context"
	"path/filepath"
	"testing"
)

// BenchmarkWrite is the whole of data synth: simulate, encode, sync.
func BenchmarkWrite(b *testing.B) {
	const claims = 100_000
	for b.Loop() {
		if err := Write(context.Background(), filepath.Join(b.TempDir(), "portfolio"), Config{Seed: 7, Claims: claims}, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(claims*float64(b.N)/b.Elapsed().Seconds(), "claims/s")
}
