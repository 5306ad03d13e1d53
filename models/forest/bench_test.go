package forest_test

import (
	"testing"

	"claimsieve/models/forest/foresttest"
)

var benchShape = foresttest.Shape{Trees: 100, Leaves: 31, Features: 40, Categorical: 5, Codes: 30}

func BenchmarkRaw(b *testing.B) {
	f := foresttest.Random(1, benchShape)
	columns := foresttest.Columns(1, f, 1024)
	rows := make([][]float64, 1024)
	for i := range rows {
		rows[i] = foresttest.Row(columns, i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.Raw(rows[i%1024])
	}
}

func BenchmarkRawBatch(b *testing.B) {
	f := foresttest.Random(1, benchShape)
	columns := foresttest.Columns(1, f, 4096)
	dst := make([]float64, 4096)
	for b.Loop() {
		f.RawBatch(dst, columns, 1)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4096, "ns/row")
}
