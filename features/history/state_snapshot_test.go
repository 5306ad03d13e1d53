package history

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// restored is the state after it was stored and read again.
func restored(t testing.TB, s *State) *State {
	t.Helper()
	data, err := s.AppendBinary([]byte("before"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.plan.Restore(data[len("before"):])
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRestoredStateGoesOn stores and restores the state between instants, and
// wants the batch's bits as before.
func TestRestoredStateGoesOn(t *testing.T) {
	for n, sh := range shapes {
		for round := range 3 {
			sh.ordered = true
			r := rand.New(rand.NewPCG(uint64(n), uint64(100+round)))
			h := randomRows(r, sh)
			c := newConformance(t, h, randomPlan(r, h.spec, parts{true, true, true, true, true}), fmt.Sprintf("shape %d round %d", n, round))
			c.early = sh.unique
			c.between = func() {
				if r.IntN(4) == 0 {
					c.state = restored(t, c.state)
				}
			}
			c.run()
		}
	}
}

// TestBuiltStateAnswersLikeBatch builds states from datasets, asks every claim,
// and folds the rows once more, which changes nothing.
func TestBuiltStateAnswersLikeBatch(t *testing.T) {
	for n, sh := range shapes {
		for round := range 3 {
			sh.ordered = true
			r := rand.New(rand.NewPCG(uint64(n), uint64(200+round)))
			h := randomRows(r, sh)
			c := newConformance(t, h, randomPlan(r, h.spec, parts{true, true, true, true, true}), fmt.Sprintf("shape %d round %d", n, round))
			if err := c.state.Build(h.dataset(t), BatchOptions{Threads: 1 + round%2}); err != nil {
				t.Fatal(c.name, err)
			}
			askAll := func(when string) {
				for i := range h.rows["claims"] {
					c.ask(i, when)
				}
			}
			askAll("after it was built")
			events := c.state.Events()
			for _, table := range c.plan.tableOrder() {
				c.fold(table, h.rows[table]...)
			}
			askAll("after all came again")
			if got := c.state.Events(); got != events {
				t.Errorf("%s: %d events after all rows came again, %d before", c.name, got, events)
			}
			c.state = restored(t, c.state)
			askAll("after it was restored")
		}
	}
}
