package history

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets"
	"claimsieve/features/window"
)

var shapes = []shape{
	{claims: 8, days: 3, grain: window.Day},
	{claims: 20, days: 40, grain: window.Day},
	{claims: 20, days: 90, grain: window.Day / 24, unique: true},
	{claims: 40, days: 20, grain: 7 * window.Day, unique: true},
	{claims: 30, days: 60, grain: window.Day, unique: true},
}

// TestStateAnswersLikeBatch folds random histories instant by instant, each row
// when it brings something and with what is known then, asks every claim at its
// instant, folded or not yet, and asks all of them again at the end: each time
// it wants the batch's bits.
func TestStateAnswersLikeBatch(t *testing.T) {
	for name, with := range map[string]parts{
		"groups": {groups: true}, "rates": {rates: true}, "graph": {graph: true}, "stories": {stories: true}, "joins": {joins: true},
		"all": {true, true, true, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n, sh := range shapes {
				for round := range conformRounds {
					sh.ordered = with.stories
					r := rand.New(rand.NewPCG(uint64(n), uint64(round)))
					h := randomRows(r, sh)
					c := newConformance(t, h, randomPlan(r, h.spec, with), fmt.Sprintf("shape %d round %d", n, round))
					c.early = sh.unique && round%2 == 0
					c.run()
				}
			}
		})
	}
}

const conformRounds = 5

// conformance is a state beside the batch's answers.
type conformance struct {
	*testing.T
	name  string
	rows  *historyRows
	plan  *Plan
	want  *Answers
	state *State
	early bool // claims are asked before their rows are folded
	// between, when not nil, is called between instants.
	between func()
}

func newConformance(t *testing.T, h *historyRows, p *Plan, name string) *conformance {
	t.Helper()
	want, err := p.Batch(h.dataset(t), BatchOptions{Threads: 1})
	if err != nil {
		t.Fatal(name, err)
	}
	s, err := p.NewState()
	if err != nil {
		t.Fatal(name, err)
	}
	return &conformance{T: t, name: name, rows: h, plan: p, want: want, state: s}
}

func (c *conformance) run() {
	c.Helper()
	for _, at := range c.rows.instants() {
		c.step(at)
		if c.between != nil {
			c.between()
		}
	}
	for i := range c.rows.rows["claims"] {
		c.ask(i, "at the end")
	}
}

// step folds what becomes known at an instant and asks the claims whose instant
// it is.
func (c *conformance) step(at int64) {
	var asked []int
	for i, t := range c.want.At {
		if t == at {
			asked = append(asked, i)
		}
	}
	late := map[int]bool{}
	if c.early {
		for _, i := range asked {
			late[i] = true
		}
	}
	for _, table := range c.plan.tableOrder() {
		rows, places := c.rows.news(table, at)
		var now []values
		for j, row := range rows {
			if table != "claims" || !late[places[j]] {
				now = append(now, row)
			}
		}
		c.fold(table, now...)
	}
	for _, i := range asked {
		c.ask(i, "at its instant")
	}
	if c.early {
		rows, places := c.rows.news("claims", at)
		for j, row := range rows {
			if late[places[j]] {
				c.fold("claims", row)
				c.ask(places[j], "after it was folded")
			}
		}
	}
}

func (c *conformance) fold(table string, rows ...values) {
	c.Helper()
	if err := c.state.Fold(table, c.rows.record(c, table, rows...)); err != nil {
		c.Fatal(c.name, err)
	}
}

// ask compares the answers for a claim with those of the batch.
func (c *conformance) ask(i int, when string) {
	c.Helper()
	row := c.rows.rows["claims"][i]
	rec := c.rows.record(c, "claims", c.rows.asOf("claims", row, c.want.At[i]))
	got, err := c.state.Answer(nil, rec)
	if err != nil {
		c.Fatal(c.name, err)
	}
	for a, column := range c.want.Columns {
		if math.Float64bits(got[a]) != math.Float64bits(column[i]) && !(math.IsNaN(got[a]) && math.IsNaN(column[i])) {
			c.Fatalf("%s: answer %d of claim %v %s: got %v, batch has %v\n%s", c.name, a, row["claim_id"], when, got[a], column[i], c.plan.about(a))
		}
	}
	for _, j := range c.plan.Joins {
		c.compareJoined(i, j, rec)
	}
}

func (c *conformance) compareJoined(i int, j Join, rec arrow.Record) {
	got, err := c.state.Joined(j.Table, rec)
	if err != nil {
		c.Fatal(c.name, err)
	}
	want := values{}
	if r := c.want.Joined[j.Table][i]; r >= 0 {
		want = c.rows.rows[j.Table][r]
	}
	whole := c.rows.record(c, j.Table, want)
	for k, name := range j.Columns {
		column, _ := field(whole, name)
		if !array.Equal(got.Column(k), column) {
			c.Fatalf("%s: column %q of the joined row of claim %d: got %v, want %v", c.name, name, i, got.Column(k), column)
		}
	}
}

// about describes an answer of a plan.
func (p *Plan) about(answer int) string {
	for _, g := range p.Groups {
		for a, c := range g.Columns {
			if c.Answer == answer {
				return fmt.Sprintf("stage %s group %+v aggregate %+v over %d", p.Stage, g, g.Aggregates[a], c.Over)
			}
		}
	}
	for _, r := range p.Rates {
		if r.Answer == answer {
			return fmt.Sprintf("stage %s rate %+v of %+v", p.Stage, r, p.Groups[r.Group])
		}
	}
	if p.Graph != nil {
		for _, a := range p.Graph.Asks {
			if a.Answer == answer {
				return fmt.Sprintf("stage %s graph %+v", p.Stage, a)
			}
		}
	}
	for _, s := range p.Stories {
		for _, a := range s.Asks {
			if a.Answer == answer {
				return fmt.Sprintf("stage %s stories %+v clock %s", p.Stage, a, s.Clock)
			}
		}
	}
	return "nothing"
}

var _ = datasets.NoTime
