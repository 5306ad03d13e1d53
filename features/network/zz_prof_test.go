package network

import "testing"

func BenchmarkZZRefresh(b *testing.B) {
	g := zzLoad(b)
	l := g.linkage(g.log.cut(1 << 60))
	size, byClaim := l.size, l.shared
	b.Log("claims", len(l.claims), "bundles", len(size), "edges", len(byClaim.cols))
	for b.Loop() {
		g.Refresh(1 << 60)
	}
	b.Log(ZZ)
}
