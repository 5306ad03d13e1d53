package network

import (
	"os"
	"testing"
)

func TestZZRenumber(t *testing.T) {
	if os.Getenv("ZZOUT") == "" {
		return
	}
	g := zzLoad(t)
	out, _ := New(g.options)
	claims, entities := map[int32]int32{}, make([]int32, g.entities.n)
	n := int32(0)
	out.announced = g.Edges()
	for r := range int32(g.log.runs.n) {
		c := g.log.runs.at(r).claim
		if _, ok := claims[c]; !ok {
			claims[c] = int32(len(claims))
		}
		for _, e := range g.log.names(r) {
			if entities[e] == 0 {
				n++
				entities[e] = n
			}
			if err := out.Add(Edge{claims[c], entities[e] - 1, g.entities.at(e).kind(), g.log.known(r)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	type o struct{ c, conf int32 }
	all := make([]o, g.verdicts.known.n)
	for c := range int32(g.claims.n) {
		for at := g.claims.at(c).outcome; at > 0; {
			link := *g.verdicts.links.at(at - 1)
			all[at-1] = o{claims[c], link & 1}
			at = link >> 1
		}
	}
	for i, v := range all {
		if err := out.AddOutcome(Outcome{v.c, v.conf == 1, *g.verdicts.known.at(int32(i))}); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(os.Getenv("ZZOUT"), out.AppendSnapshot(nil), 0o644); err != nil {
		t.Fatal(err)
	}
}
