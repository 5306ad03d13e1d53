package history

import (
	"math/rand/v2"
	"runtime"
	"testing"

	"claimsieve/features/window"
)

// TestTwoCountsInOne adds up outcomes and corrections as one number each, and
// wants both sums back, up to the largest that a state takes.
func TestTwoCountsInOne(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	sums := func(columns ...int) []window.Aggregate {
		var out []window.Aggregate
		for _, c := range columns {
			out = append(out, window.Aggregate{Do: window.Sum, Column: c})
		}
		return out
	}
	g := Group{Outcomes: &Treatments{}, Aggregates: sums(0, 1)}
	if !g.both() {
		t.Fatal("two counts are not kept as one")
	}
	for _, other := range []Group{{Aggregates: sums(0, 1)}, {Outcomes: &Treatments{}, Aggregates: sums(1, 1)},
		{Outcomes: &Treatments{}, Aggregates: append(sums(0, 1), window.Aggregate{Do: window.Mean})}} {
		if other.both() {
			t.Errorf("%+v is kept as one", other)
		}
	}
	l := &layout{both: []bool{true}}
	check := func(sum int64, want count) {
		answers := []float64{float64(sum), float64(sum)}
		if g.split(answers); answers[0] != float64(want.concluded) || answers[1] != float64(want.confirmed) {
			t.Fatalf("got %v, want %+v", answers, want)
		}
	}
	for range 100 {
		var total count
		var sum int64
		for range r.IntN(300) {
			change := []count{{1, 1}, {1, 0}, {0, -1}, {-1, -1}, {-1, 0}, {0, 1}}[r.IntN(6)]
			next := count{total.concluded + change.concluded, total.confirmed + change.confirmed}
			if next.confirmed < 0 || next.concluded < next.confirmed {
				continue
			}
			total = next
			sum += l.counted(nil, 0, change)[0]
		}
		check(sum, total)
	}
	most := count{maxCounted, maxCounted}
	check(l.counted(nil, 0, most)[0], most)
}

// TestRefreshComesWithTheMonth folds a row of a later month into a state that
// has been asked, and waits for the refresh that nobody asks for. A state that
// was not asked has none.
func TestRefreshComesWithTheMonth(t *testing.T) {
	p := motorPlan(testSpec())
	s, err := p.NewState()
	if err != nil {
		t.Fatal(err)
	}
	rows := newPortfolio(400)
	fold := func(claims int) {
		rows.next(claims)
		for _, table := range []string{"claims", "parties", "outcomes"} {
			if err := s.Fold(table, rows.rows.record(t, table, rows.rows.rows[table]...)); err != nil {
				t.Fatal(err)
			}
		}
	}
	fold(200)
	if s.refresh.last.Load() != nil {
		t.Fatal("a state that was not asked has a refresh")
	}
	if err := s.Refresh(s.Newest()); err != nil {
		t.Fatal(err)
	}
	before := s.refresh.last.Load().at
	fold(200)
	for s.refresh.last.Load().at == before {
		select {
		case <-t.Context().Done():
			t.Fatal("no refresh came")
		default:
			runtime.Gosched()
		}
	}
	if at := s.refresh.last.Load().at; at <= before {
		t.Errorf("the refresh is of %d, not after %d", at, before)
	}
}
