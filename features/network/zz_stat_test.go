package network

import (
	"os"
	"syscall"
	"testing"
	"time"
)

func zzCPU() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func zzLoad(t testing.TB) *Graph {
	name := os.Getenv("ZZG")
	if name == "" {
		t.Skip()
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	g, err := ReadSnapshot(data)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestZZStat(t *testing.T) {
	g := zzLoad(t)
	end := int64(1) << 60
	cut := g.log.cut(end)
	deg := make([]int32, g.entities.n)
	n := make([]int32, g.claims.n)
	hist := map[int32]int{}
	for e := range deg {
		deg[e] = int32(len(before(g.pool.view(g.entities.at(int32(e))), cut)))
		hist[min(deg[e], 64)]++
	}
	t.Log("runs", g.log.runs.n, "degrees", hist)
	for r := range cut {
		n[g.log.runs.at(r).claim] += int32(len(g.log.names(r)))
	}
	for round := range 12 {
		ce, cc, ed := 0, 0, 0
		for e := range deg {
			if deg[e] > 0 {
				ce++
				ed += int(deg[e])
			}
		}
		for c := range n {
			if n[c] > 0 {
				cc++
			}
		}
		t.Log("round", round, "entities", ce, "claims", cc, "edges", ed)
		for e := range deg {
			if deg[e] == 1 {
				deg[e] = 0
				for _, r := range g.pool.view(g.entities.at(int32(e))) {
					if c := g.log.runs.at(r).claim; n[c] > 0 {
						n[c]--
						break
					}
				}
			}
		}
		for c := range n {
			if n[c] == 1 {
				n[c] = 0
				for r := range g.runsOf(int32(c), cut) {
					for _, e := range g.log.names(r) {
						if deg[e] > 0 {
							deg[e]--
						}
					}
				}
			}
		}
	}
}

func TestZZTime(t *testing.T) {
	g := zzLoad(t)
	run := func(what string, f func() any) {
		for range 3 {
			c, w := zzCPU(), time.Now()
			out := f()
			t.Log(what, "cpu", zzCPU()-c, "wall", time.Since(w), out)
		}
	}
	end := int64(1) << 60
	run("refresh", func() any { return g.Refresh(end).Iterations() })
	run("gangs10", func() any {
		x, err := g.Gangs(end, GangOptions{LinkDegree: 10})
		if err != nil {
			return err
		}
		return len(x)
	})
	run("gangs20", func() any {
		x, err := g.Gangs(end, GangOptions{LinkDegree: 20})
		if err != nil {
			return err
		}
		return len(x)
	})
}

func BenchmarkZZGangs(b *testing.B) {
	g := zzLoad(b)
	for b.Loop() {
		if _, err := g.Gangs(1<<60, GangOptions{LinkDegree: 20}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkZZComp(b *testing.B) {
	g := zzLoad(b)
	for _, d := range []int{10, 20} {
		f := grouping{g: g, options: GangOptions{LinkDegree: d}.withDefaults(), cut: g.log.cut(1 << 60), concl: g.verdicts.cut(1 << 60)}
		n, m := 0, 0
		large := []int{}
		comps := f.components()
		for _, c := range comps {
			if len(c) > 60 {
				large = append(large, len(c))
			}
			n++
			m += len(c)
		}
		b.Log(d, n, m, large)
	}
}
