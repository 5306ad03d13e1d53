package history

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"claimsieve/datasets"
	"claimsieve/features/window"
)

// countPlan counts earlier claims of the vehicle, and the own injured parties.
func countPlan(spec *datasets.Spec) *Plan {
	p := &planner{Rand: rand.New(rand.NewPCG(1, 1)), spec: spec, Plan: &Plan{Stage: datasets.Report, Instant: "reported_at", Digest: "count", Sources: map[string]*Source{}, Spaces: make([]string, 8)}}
	k := p.key("claims", "vehicle")
	all := window.Window{From: window.Forever}
	p.Groups = append(p.Groups, Group{Of: "claims", AskOf: "claims", Ask: k, Keys: []int{k}, Aggregates: []window.Aggregate{{Do: window.Count, Window: all, Column: window.None}}, Columns: []Column{{Answer: p.answer()}}})
	p.source("parties").Wheres = append(p.source("parties").Wheres, p.program("parties", `role == "injured"`))
	p.Groups = append(p.Groups, Group{Of: "parties", AskOf: "claims", Own: true, Space: 7, Aggregates: []window.Aggregate{{Do: window.Count, Window: all, Column: window.None, Where: 1}}, Columns: []Column{{Answer: p.answer()}}})
	s := p.source("claims")
	s.Values = append(s.Values, Value{"value", p.program("claims", "amount"), 2})
	p.Groups = append(p.Groups, Group{Of: "claims", AskOf: "claims", Ask: k, Keys: []int{k}, Clock: datasets.Assessment, Values: []int{0},
		Aggregates: []window.Aggregate{{Do: window.Sum, Window: all, Column: 0}}, Columns: []Column{{Answer: p.answer(), Scale: 100}}})
	return p.Plan
}

// small is a state of the count plan with the means to fold rows.
type small struct {
	*testing.T
	*State
	rows *historyRows
}

func newSmall(t *testing.T) small {
	t.Helper()
	h := &historyRows{spec: testSpec(), rows: map[string][]values{}}
	s, err := countPlan(h.spec).NewState()
	if err != nil {
		t.Fatal(err)
	}
	return small{t, s, h}
}

func day(n int) any { return firstDay + int64(n)*window.Day }

func claimRow(id string, known int) values {
	return values{"claim_id": id, "reported_at": day(known), "happened_at": day(known - 1), "vehicle": "v"}
}

func (s small) fold(table string, rows ...values) error {
	return s.State.Fold(table, s.rows.record(s.T, table, rows...))
}

func (s small) must(table string, rows ...values) {
	s.T.Helper()
	if err := s.fold(table, rows...); err != nil {
		s.T.Fatal(err)
	}
}

func (s small) want(row values, want ...float64) {
	s.T.Helper()
	got, err := s.Answer(nil, s.rows.record(s.T, "claims", row))
	if err != nil {
		s.T.Fatal(err)
	}
	if !slices.Equal(got, want) {
		s.T.Errorf("got %v, want %v", got, want)
	}
}

func TestLateRowCountsFromItsArrival(t *testing.T) {
	s := newSmall(t)
	s.must("claims", claimRow("a", 10))
	s.must("claims", claimRow("late", 5))
	s.want(claimRow("x", 8), 0, 0, 0)
	s.want(claimRow("x", 10), 0, 0, 0)
	s.want(claimRow("x", 11), 2, 0, 0)
	if s.Bumped() != 1 || s.Newest() != day(10) || s.Claims() != 2 {
		t.Errorf("%d late, newest %d, %d claims", s.Bumped(), s.Newest(), s.Claims())
	}
}

func TestSameRowTwiceChangesNothing(t *testing.T) {
	s := newSmall(t)
	hurt := values{"claim_id": "a", "added_at": day(10), "role": "injured"}
	s.must("claims", claimRow("a", 10), claimRow("a", 10))
	s.must("parties", hurt, hurt)
	s.must("parties", hurt)
	s.must("parties", hurt, hurt)
	s.must("claims", claimRow("a", 10))
	s.want(claimRow("a", 10), 0, 2, 0)
	s.want(claimRow("x", 11), 1, 0, 0)
	s.must("parties", hurt, hurt, hurt)
	s.want(claimRow("a", 10), 0, 3, 0)
}

func TestLaterStageOfAClaim(t *testing.T) {
	s := newSmall(t)
	s.must("claims", claimRow("a", 10))
	assessed := claimRow("a", 10)
	assessed["assessed_at"], assessed["amount"] = day(20), 12.5
	s.must("claims", assessed)
	s.want(claimRow("x", 20), 1, 0, 0)
	s.want(claimRow("x", 21), 1, 0, 12.5)
	s.must("claims", claimRow("a", 10)) // what it brought stays
	s.want(claimRow("x", 21), 1, 0, 12.5)
}

func TestChangedValueIsRefused(t *testing.T) {
	s := newSmall(t)
	assessed := claimRow("a", 10)
	assessed["assessed_at"], assessed["amount"] = day(20), 12.5
	s.must("claims", assessed)
	for stage, change := range map[string]values{"report": {"vehicle": "w"}, "assessment": {"amount": 13.0}} {
		row := values{}
		for _, from := range []values{assessed, change} {
			for k, v := range from {
				row[k] = v
			}
		}
		err := s.fold("claims", claimRow("b", 30), row)
		if err == nil || !strings.Contains(err.Error(), `"a"`) || !strings.Contains(err.Error(), stage) || !strings.Contains(err.Error(), "row 2") {
			t.Errorf("changed %v: %v", change, err)
		}
	}
	unread := claimRow("a", 10)
	unread["loss"] = 5.0 // the plan does not read it
	s.must("claims", unread)
	if s.Claims() != 1 || s.Newest() != day(10) {
		t.Errorf("refused records changed the state: %d claims", s.Claims())
	}
}

func TestRowsWaitForTheirClaim(t *testing.T) {
	s := newSmall(t)
	s.must("parties", values{"claim_id": "a", "added_at": day(9), "role": "injured"})
	s.want(claimRow("a", 10), 0, 1, 0) // asked before it is folded
	s.want(claimRow("a", 8), 0, 0, 0)
	s.must("claims", claimRow("a", 10))
	s.want(claimRow("a", 10), 0, 1, 0)
	many := make([]values, maxOrphans+1)
	nobody := values{"claim_id": "nobody", "added_at": day(11)}
	for i := range many {
		many[i] = nobody
	}
	if err := s.fold("parties", many...); err == nil || !strings.Contains(err.Error(), "wait") {
		t.Errorf("%d rows of nobody: %v", len(many), err)
	}
	if got := s.Lacks(); len(got) != 0 {
		t.Errorf("lacks %v", got)
	}
}

func TestBadRowRefusesTheRecord(t *testing.T) {
	s := newSmall(t)
	if err := s.fold("claims", claimRow("a", 10), values{"reported_at": day(11)}); err == nil || !strings.Contains(err.Error(), "claim_id") {
		t.Errorf("a claim without its id: %v", err)
	}
	s.must("claims", values{"claim_id": "never"})
	s.must("bills", values{"shop": "s", "billed_at": day(3)}) // not a table of the plan
	if s.Claims() != 0 || s.Events() != 0 || s.Skipped() != 1 {
		t.Errorf("%d claims, %d events, %d skipped", s.Claims(), s.Events(), s.Skipped())
	}
	if got := s.Lacks(); !slices.Equal(got, []string{"claims", "parties"}) {
		t.Errorf("lacks %v", got)
	}
	got, err := s.Answer([]float64{7}, s.rows.record(t, "claims", values{"claim_id": "never"}))
	if err != nil || len(got) != 4 || got[0] != 7 || !math.IsNaN(got[1]) {
		t.Errorf("a claim without an instant: %v, %v", got, err)
	}
}

func (h *historyRows) shuffle(r *rand.Rand) {
	for _, table := range []string{"claims", "parties"} {
		r.Shuffle(len(h.rows[table]), func(i, j int) { h.rows[table][i], h.rows[table][j] = h.rows[table][j], h.rows[table][i] })
	}
}

// TestOrderWithinAnInstantIsNothing folds the rows of each instant in another
// order than the batch has them; only the first and the last of a key, which
// this plan does not ask for, may see it.
func TestOrderWithinAnInstantIsNothing(t *testing.T) {
	for round := range 5 {
		r := rand.New(rand.NewPCG(9, uint64(round)))
		sh := shapes[round%len(shapes)]
		sh.ordered = true
		h := randomRows(r, sh)
		c := newConformance(t, h, randomPlan(r, h.spec, parts{rates: true, graph: true, stories: true}), fmt.Sprint("round ", round))
		mixed := &historyRows{spec: h.spec, rows: map[string][]values{}}
		for table, rows := range h.rows {
			mixed.rows[table] = slices.Clone(rows)
		}
		mixed.shuffle(r)
		for _, at := range h.instants() {
			for _, table := range c.plan.tableOrder() {
				rows, _ := mixed.news(table, at)
				c.fold(table, rows...)
			}
		}
		for i := range h.rows["claims"] {
			c.ask(i, "at the end")
		}
	}
}

// TestWholeRowsInOrderOfReport folds claims with all their stages when they are
// reported: what later stages bring lies ahead.
func TestWholeRowsInOrderOfReport(t *testing.T) {
	for round := range 6 {
		r := rand.New(rand.NewPCG(10, uint64(round)))
		sh := shapes[2+round%3]
		sh.unique, sh.ordered = true, true
		h := randomRows(r, sh)
		c := newConformance(t, h, randomPlan(r, h.spec, parts{true, true, true, true, true}), fmt.Sprint("round ", round))
		for _, at := range h.instants() {
			for _, table := range c.plan.tableOrder() {
				var rows []values
				for _, row := range h.rows[table] {
					if micro(row[h.spec.Tables[table].KnownAt]) == at {
						rows = append(rows, row)
					}
				}
				c.fold(table, rows...)
			}
			for i, t := range c.want.At {
				if t == at {
					c.ask(i, "at its instant")
				}
			}
			if round%2 == 0 {
				c.state = restored(t, c.state)
			}
		}
	}
}

// TestManyAskAtOnce asks from several goroutines while rows are folded; the race
// detector looks on.
func TestManyAskAtOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	sh := shapes[4]
	sh.ordered = true
	h := randomRows(r, sh)
	c := newConformance(t, h, randomPlan(r, h.spec, parts{true, true, true, true, true}), "at once")
	done := make(chan struct{})
	var wait sync.WaitGroup
	for range 4 {
		wg := func() {
			claim := h.record(t, "claims", h.rows["claims"][3])
			for {
				select {
				case <-done:
					return
				default:
				}
				if _, err := c.state.Answer(nil, claim); err != nil {
					t.Error(err)
					return
				}
				if err := c.state.Refresh(firstDay + 20*window.Day); err != nil {
					t.Error(err)
				}
				_, _ = c.state.Joined("policies", claim)
				_, _, _ = c.state.Lacks(), c.state.Size(), c.state.Newest()
			}
		}
		wait.Go(wg)
	}
	for _, at := range h.instants() {
		for _, table := range c.plan.tableOrder() {
			rows, _ := h.news(table, at)
			c.fold(table, rows...)
		}
	}
	if _, err := c.state.AppendBinary(nil); err != nil {
		t.Error(err)
	}
	close(done)
	wait.Wait()
	if _, err := c.state.Joined("bills", h.record(t, "claims", h.rows["claims"][3])); err == nil {
		t.Error("a table that is not joined was")
	}
}
