package conformance

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"claimsieve/features"
	"claimsieve/features/history"
)

// TestOnlineIsTheOracle folds random histories in the order in which their rows
// became known, asks about every claim at its instant, and stores and restores
// the state on the way.
func TestOnlineIsTheOracle(t *testing.T) {
	for seed := range uint64(24) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			d := newDice(seed + 1000)
			w := d.world(3 + d.IntN(30))
			data := w.create(t)
			for range 3 {
				p := d.pipeline(w, 12)
				f := fitted(t, data, p.text())
				p.online(t, w, f, d.IntN(40))
				p.rebuilt(t, w, f, data)
			}
		})
	}
}

// instants are all times at which a row became known or a claim is asked about.
func (p *pipeline) instants(w *world) []micros {
	seen := map[micros]bool{}
	for name, rows := range w.rows {
		for _, r := range rows {
			if k, ok := r[w.spec.Tables[name].KnownAt].(micros); ok {
				seen[k] = true
			}
		}
	}
	for _, c := range w.rows["claims"] {
		if k, ok := w.instant(c, p.stage); ok {
			seen[k] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// online folds and asks; after stop instants the state goes through its bytes.
func (p *pipeline) online(t *testing.T, w *world, f *features.Fitted, stop int) {
	t.Helper()
	plan := f.Plan()
	if plan == nil {
		return
	}
	state, err := plan.NewState()
	if err != nil {
		t.Fatal(err)
	}
	for i, now := range p.instants(w) {
		p.fold(t, w, state, now)
		if i == stop {
			state = stored(t, plan, state)
		}
		for _, c := range w.rows["claims"] {
			if at, ok := w.instant(c, p.stage); ok && at == now {
				p.asks(t, w, f, state, c, "online")
			}
		}
	}
}

func stored(t *testing.T, plan *history.Plan, state *history.State) *history.State {
	t.Helper()
	data, err := state.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	restored, err := plan.Restore(data)
	if err != nil {
		t.Fatal(err)
	}
	return restored
}

// fold folds the rows that became known at an instant, those of a table at once.
func (p *pipeline) fold(t *testing.T, w *world, state *history.State, now micros) {
	t.Helper()
	for _, name := range foldingOrder {
		var rows []row
		for _, r := range w.rows[name] {
			if k, ok := r[w.spec.Tables[name].KnownAt].(micros); ok && k == now {
				rows = append(rows, r)
			}
		}
		for _, rec := range tableOf(t, name, w.spec.Tables[name], rows).Chunks() {
			if err := state.Fold(name, rec); err != nil {
				t.Fatalf("%v\n%s", err, p.text())
			}
		}
	}
}

// foldingOrder is that of State.Build within an instant.
var foldingOrder = []string{"claims", "outcomes", "parties", "payments", "policies"}

// rebuilt asks a state made of the whole dataset at once.
func (p *pipeline) rebuilt(t *testing.T, w *world, f *features.Fitted, data *dataset) {
	t.Helper()
	plan := f.Plan()
	if plan == nil {
		return
	}
	state, err := plan.NewState()
	if err != nil {
		t.Fatal(err)
	}
	if err := state.Build(data, history.BatchOptions{Threads: 2}); err != nil {
		t.Fatalf("%v\n%s", err, p.text())
	}
	state = stored(t, plan, state)
	for _, c := range w.rows["claims"] {
		p.asks(t, w, f, state, c, "built")
	}
}

// asks compares the vector of one claim with what each indicator has to be.
func (p *pipeline) asks(t *testing.T, w *world, f *features.Fitted, state *history.State, claim row, how string) {
	t.Helper()
	rec := tableOf(t, "claims", w.spec.Tables["claims"], []row{claim}).Chunks()
	one := rec[len(rec)-1]
	for _, r := range rec {
		if r.NumRows() == 1 {
			one = r
		}
	}
	answers, err := state.Answer(nil, one)
	if err != nil {
		t.Fatalf("%v\n%s", err, p.text())
	}
	past := &features.Past{Answers: answers}
	for _, j := range f.Plan().Joins {
		joined, err := state.Joined(j.Table, one)
		if err != nil {
			t.Fatal(err)
		}
		past.Joined = append(past.Joined, joined.Columns()...)
	}
	vector, err := f.Vector(nil, one, past)
	if err != nil {
		t.Fatalf("%v\n%s", err, p.text())
	}
	for j, x := range p.indicators {
		if want := x.want(claim); !sameNumber(vector[j], want) {
			t.Errorf("%s: claim %v at the %s: %s gives %v, want %v (network: %s)", how, claim["claim_id"], p.stage, x.words, vector[j], want, p.network)
		}
	}
}
