package network

import "testing"

func BenchmarkZZRefresh(b *testing.B) {
	g := zzLoad(b)
	l := g.linkage(g.log.cut(1 << 60))
	_, size, byClaim, _ := l.bundles()
	b.Log("claims", len(l.claims), "shared", len(l.degree), "edges", len(l.shared.cols), "bundles", len(size), "edges", len(byClaim.cols))
	for b.Loop() {
		g.Refresh(1 << 60)
	}
	b.Log(ZZ)
}
