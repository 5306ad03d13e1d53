package history

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// halves splits a history by a choice of its rows.
func (h *historyRows) halves(first func(table string, row values) bool) [2]*historyRows {
	out := [2]*historyRows{{spec: h.spec, rows: map[string][]values{}}, {spec: h.spec, rows: map[string][]values{}}}
	for table, rows := range h.rows {
		out[0].rows[table], out[1].rows[table] = nil, nil
		for _, row := range rows {
			half := 1
			if first(table, row) {
				half = 0
			}
			out[half].add(table, row)
		}
	}
	return out
}

// TestMergedHalvesAnswerLikeTheWhole splits histories by claim, by table and by
// time, builds a state of each half, merges them, and wants the batch's bits
// over the whole.
func TestMergedHalvesAnswerLikeTheWhole(t *testing.T) {
	odd := func(word any) bool {
		f := fnv.New32a()
		fmt.Fprint(f, word)
		return f.Sum32()%2 == 1
	}
	splits := map[string]func(h *historyRows) func(string, values) bool{
		"claim": func(*historyRows) func(string, values) bool {
			return func(table string, row values) bool {
				if id := row["claim_id"]; id != nil {
					return odd(id)
				}
				return odd(row["policy_id"]) != odd(row["shop"])
			}
		},
		"time": func(h *historyRows) func(string, values) bool {
			all := h.instants()
			middle := all[len(all)/2]
			return func(table string, row values) bool { return micro(row[h.spec.Tables[table].KnownAt]) < middle }
		},
		"table": func(*historyRows) func(string, values) bool {
			return func(table string, row values) bool { return table == "claims" || table == "bills" }
		},
	}
	for name, split := range splits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n, sh := range shapes {
				for round := range 2 {
					sh.unique, sh.ordered = true, true
					r := rand.New(rand.NewPCG(uint64(n), uint64(300+round)))
					h := randomRows(r, sh)
					c := newConformance(t, h, randomPlan(r, h.spec, parts{groups: true, rates: true, graph: true, joins: true}), fmt.Sprintf("shape %d round %d", n, round))
					parts := h.halves(split(h))
					if err := c.state.Build(parts[0].dataset(t), BatchOptions{}); err != nil {
						t.Fatal(err)
					}
					other, _ := c.plan.NewState()
					if err := other.Build(parts[1].dataset(t), BatchOptions{}); err != nil {
						t.Fatal(err)
					}
					if err := c.state.Merge(other); err != nil {
						t.Fatal(c.name, err)
					}
					c.state = restored(t, c.state)
					for i := range h.rows["claims"] {
						c.ask(i, "after the merge")
					}
				}
			}
		})
	}
}

func TestMergeRefuses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	h := randomRows(r, shapes[1])
	plan := randomPlan(r, h.spec, parts{groups: true})
	one, _ := plan.NewState()
	other, _ := plan.NewState()
	claim := h.rows["claims"][slices.IndexFunc(h.rows["claims"], func(row values) bool { return row["reported_at"] != nil })]
	for _, s := range []*State{one, other} {
		if err := s.Fold("claims", h.record(t, "claims", claim)); err != nil {
			t.Fatal(err)
		}
	}
	if err := one.Merge(other); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", claim["claim_id"])) {
		t.Errorf("a claim in both: %v", err)
	}
	if err := one.Merge(one); err == nil {
		t.Error("a state was merged into itself")
	}
	told := randomPlan(r, h.spec, parts{stories: true})
	one, _ = told.NewState()
	other, _ = told.NewState()
	if err := one.Merge(other); err == nil || !strings.Contains(err.Error(), "narratives") {
		t.Errorf("narratives: %v", err)
	}
}
