package network

import (
	"fmt"
	"hash/fnv"
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
	run("member10", func() any {
		x, err := g.Memberships(end, GangOptions{LinkDegree: 10})
		if err != nil {
			return err
		}
		return len(x.gangs)
	})
	run("gangs10", func() any {
		x, err := g.Gangs(end, GangOptions{LinkDegree: 10})
		if err != nil {
			return err
		}
		return len(x)
	})
	if os.Getenv("ZZ20") != "" {
		run("gangs20", func() any {
			x, err := g.Gangs(end, GangOptions{LinkDegree: 20})
			if err != nil {
				return err
			}
			return len(x)
		})
	}
}

func BenchmarkZZGangs(b *testing.B) {
	g := zzLoad(b)
	for b.Loop() {
		if _, err := g.Gangs(1<<60, GangOptions{LinkDegree: 20}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestZZSum(t *testing.T) {
	g := zzLoad(t)
	for _, at := range []int64{1 << 60, 1700000000000000} {
		for _, o := range []GangOptions{{LinkDegree: 10}, {}, {MinConfirmed: 1, LinkDegree: 15, MinTurns: 1.5, Skip: 4}} {
			x, err := g.Gangs(at, o)
			h := fnv.New64()
			fmt.Fprintf(h, "%+v", x)
			t.Log(at, o, len(x), err, h.Sum64())
		}
	}
}
