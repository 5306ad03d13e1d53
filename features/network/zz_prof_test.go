package network

import "testing"

func BenchmarkZZRefresh(b *testing.B) {
	g := zzLoad(b)
	r := g.NewRefresher()
	c := zzCPU()
	for b.Loop() {
		r.Refresh(1 << 60)
	}
	b.ReportMetric(float64((zzCPU()-c).Milliseconds())/float64(b.N), "cpu-ms")
}
