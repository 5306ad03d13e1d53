package features

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"claimsieve/datasets"
	"claimsieve/features/expression"
	"claimsieve/features/history"
	"claimsieve/features/window"
)

// aggregateWord is what a do of an aggregate means.
type aggregateWord struct {
	do          window.Do
	needsColumn bool
	ofCode      bool // the column's identity counts, not its value
	scaled      bool // the answer is in units of the column
}

var aggregateWords = map[string]aggregateWord{
	"count":      {do: window.Count},
	"sum":        {do: window.Sum, needsColumn: true, scaled: true},
	"mean":       {do: window.Mean, needsColumn: true, scaled: true},
	"min":        {do: window.Min, needsColumn: true, scaled: true},
	"max":        {do: window.Max, needsColumn: true, scaled: true},
	"std":        {do: window.Std, needsColumn: true, scaled: true},
	"first":      {do: window.First, needsColumn: true, scaled: true},
	"last":       {do: window.Last, needsColumn: true, scaled: true},
	"distinct":   {do: window.Distinct, needsColumn: true, ofCode: true},
	"top_share":  {do: window.TopShare, needsColumn: true, ofCode: true},
	"since_last": {do: window.SinceLast},
	"growth":     {do: window.Growth},
	"gap_mean":   {do: window.GapMean},
	"gap_min":    {do: window.GapMin},
	"gap_std":    {do: window.GapStd},
}

var overs = map[string]history.Over{"": history.OverMax, "max": history.OverMax, "min": history.OverMin, "sum": history.OverSum, "mean": history.OverMean}

// aggregate compiles an aggregate into a group of the plan.
func (c *compiling) aggregate(s *AggregateSpec) {
	of := s.Of
	if of == "" {
		of = datasets.ClaimsTable
	}
	t := c.table(of)
	if t == nil {
		return
	}
	var g history.Group
	clock := datasets.Report // of what is read of the event's row
	if len(s.By) == 1 && s.By[0] == c.claims.Key {
		if !c.ownGroup(&g, of) {
			return
		}
		if s.Do == "growth" {
			c.fault("do: growth compares two windows of an entity's history, and by names the claim's own rows")
		}
	} else if !c.keyedGroup(&g, s, of, &clock) {
		return
	}
	if s.Over != "" && g.AskOf == datasets.ClaimsTable {
		c.fault("over joins the answers of several keys, and by names one of the claim; remove it")
	}
	where, whereClock := c.where(s.Where, of)
	do := aggregateWords[s.Do]
	agg := window.Aggregate{Do: do.do, Window: s.Window.window(), Against: s.Against.window(), Column: window.None, Where: where}
	if s.Do != "growth" {
		agg.Against = window.Window{}
	}
	clock = max(clock, whereClock)
	var place, digits int
	if s.Column != "" {
		program := c.rowProgram("column", s.Column, of)
		if program == nil {
			return
		}
		clock = max(clock, stageOf(program, t))
		if place, digits = c.aggregateColumn(s, do, program, of); place < 0 {
			return
		}
	}
	own, claim := c.clocks(of, clock)
	g.Clock, g.ClaimClock = own, max(g.ClaimClock, claim)
	c.instant()
	c.source(of)
	if len(c.faults) > 0 {
		return
	}
	if of != datasets.ClaimsTable {
		c.tables = append(c.tables, of)
	}
	if g.Own {
		agg.Window = ownWindow(agg.Window)
	}
	column := history.Column{Answer: c.answer, Over: overs[s.Over], Late: g.Own && s.Do == "since_last"}
	if do.scaled && digits > 0 {
		column.Scale = math.Pow10(digits)
	}
	c.addAggregate(g, agg, s.Column != "", do.ofCode, place, column)
}

// ownOutcome is the fault of an indicator that would show the label.
const ownOutcome = "a claim's own outcome is what is to be learned, not an indicator of it; use rate or network for the outcomes of earlier claims"

// ownWindow is a window for own rows, which are asked about one microsecond
// after the instant so that those of the instant are seen: its bounds are put
// back by as much, but for an end at the instant itself.
func ownWindow(w window.Window) window.Window {
	if w.From != window.Forever {
		w.From++
	}
	if w.To > 0 {
		w.To++
	}
	return w
}

// ownGroup is the claim's own rows.
func (c *compiling) ownGroup(g *history.Group, of string) bool {
	if of == datasets.ClaimsTable {
		c.fault("by names the key of the claims table, and a claim is not its own history; name an entity, or another table with of")
		return false
	}
	if of == datasets.OutcomesTable {
		c.fault(ownOutcome)
		return false
	}
	if c.data.Tables[of].Column(c.claims.Key) == nil {
		c.fault("table %q has no column %q, so that its rows belong to no claim", of, c.claims.Key)
		return false
	}
	c.inputs = append(c.inputs, c.claims.Key)
	c.own = true
	*g = history.Group{Of: of, Space: history.OwnRows, AskOf: datasets.ClaimsTable, Own: true, Clock: datasets.Report, ClaimClock: datasets.Report}
	return true
}

// keyedGroup resolves whose rows count: the asking key and where an event has it.
func (c *compiling) keyedGroup(g *history.Group, s *AggregateSpec, of string, clock *datasets.Stage) bool {
	ask := c.ask(s.By)
	if ask == nil {
		return false
	}
	*g = history.Group{Of: of, AskOf: ask.table, Ask: ask.key, AskClock: ask.clock, Clock: datasets.Report, ClaimClock: datasets.Report}
	g.Space = c.source(ask.table).Keys[ask.key].Space
	return c.eventKeys(g, ask, s.As, of, clock)
}

// eventKeys finds where a row of a table has the asking key.
func (c *compiling) eventKeys(g *history.Group, ask *asked, as, of string, clock *datasets.Stage) bool {
	t := c.data.Tables[of]
	if as != "" {
		return c.roleKeys(g, ask, as, of, clock)
	}
	if columns := c.sameColumns(ask, t); columns != nil {
		for _, col := range columns {
			*clock = max(*clock, col.FromStage())
		}
		g.Keys = []int{c.key(of, columns)}
		if c.source(of).Keys[g.Keys[0]].Space != g.Space {
			c.fault("column %q is of role %q in table %q and of another in table %q; give both the same role", columns[0].Name, columns[0].Role, of, ask.table)
			return false
		}
		return true
	}
	if t.Column(c.claims.Key) != nil && ask.table == datasets.ClaimsTable && of != datasets.ClaimsTable {
		g.Through = true
		g.Keys = []int{ask.key}
		for _, col := range ask.columns {
			g.ClaimClock = max(g.ClaimClock, c.claimClock(col.FromStage()))
		}
		return true
	}
	c.fault("table %q has no column %q and none of its role alone; name the role with as", of, strings.Join(columnSpecNames(ask.columns), ", "))
	return false
}

// claimClock makes the plan read the claims' instants of a stage.
func (c *compiling) claimClock(stage datasets.Stage) datasets.Stage {
	own, _ := c.clocks(datasets.ClaimsTable, stage)
	return own
}

func columnSpecNames(columns []*datasets.ColumnSpec) []string {
	names := make([]string, len(columns))
	for i, col := range columns {
		names[i] = col.Name
	}
	return names
}

// sameColumns returns the columns of a table that name what the asking columns
// name: of the same name, or, for a single one, the only one of the same role.
func (c *compiling) sameColumns(ask *asked, t *datasets.TableSpec) []*datasets.ColumnSpec {
	var out []*datasets.ColumnSpec
	for _, want := range ask.columns {
		if col := t.Column(want.Name); col != nil {
			out = append(out, col)
		}
	}
	if len(out) == len(ask.columns) {
		return out
	}
	if len(ask.columns) > 1 || ask.columns[0].Role == "" {
		return nil
	}
	for _, same := range []func(role string) bool{
		func(role string) bool { return role == ask.columns[0].Role },
		func(role string) bool { return role != "" && stem(role) == stem(ask.columns[0].Role) },
	} {
		out = nil
		for i := range t.Columns {
			if same(t.Columns[i].Role) && isKey(t.Columns[i].Type) {
				out = append(out, &t.Columns[i])
			}
		}
		if len(out) == 1 {
			return out
		}
	}
	return nil
}

// roleKeys finds the columns of a role, up to the stage of the asking column:
// what becomes known later would hide the row until then.
func (c *compiling) roleKeys(g *history.Group, ask *asked, as, of string, clock *datasets.Stage) bool {
	if len(ask.columns) > 1 {
		c.fault("as is for one key, and by names %d columns", len(ask.columns))
		return false
	}
	if stem(ask.columns[0].Role) != stem(as) {
		c.fault("as: %s names other entities than column %q, whose role is %q", as, ask.columns[0].Name, ask.columns[0].Role)
		return false
	}
	t := c.data.Tables[of]
	latest := max(datasets.Report, ask.columns[0].FromStage())
	var roles []string
	for i := range t.Columns {
		col := &t.Columns[i]
		if col.Role != "" {
			roles = append(roles, col.Role)
		}
		if (col.Role == as || strings.HasPrefix(col.Role, as+".")) && isKey(col.Type) && col.FromStage() <= latest {
			g.Keys = append(g.Keys, c.key(of, []*datasets.ColumnSpec{col}))
			*clock = max(*clock, col.FromStage())
		}
	}
	if len(g.Keys) == 0 {
		c.fault("table %q has no column of role %q up to stage %s%s", of, as, latest, nearest(as, roles))
		return false
	}
	return true
}

// where returns the mark of a condition and the latest stage that it reads.
func (c *compiling) where(source, of string) (uint64, datasets.Stage) {
	if source == "" {
		return 0, datasets.Report
	}
	program := c.rowProgram("where", source, of)
	if program == nil {
		return 0, datasets.Report
	}
	if program.Type() != expression.Bool {
		c.fault("where is a truth, and the expression gives a %s; compare it with something", program.Type())
		return 0, datasets.Report
	}
	s := c.source(of)
	at := slices.Index(c.wheres[of], source)
	if at < 0 {
		if at = len(s.Wheres); at == 64 {
			c.fault("there are more than 64 different conditions (where) on table %q in one pipeline", of)
			return 0, datasets.Report
		}
		s.Wheres = append(s.Wheres, program)
		c.wheres[of] = append(c.wheres[of], source)
	}
	return 1 << at, stageOf(program, c.data.Tables[of])
}

// aggregateColumn returns the place of the column among the source's values or
// words, -1 after a fault, and the digits kept.
func (c *compiling) aggregateColumn(s *AggregateSpec, do aggregateWord, program *expression.Program, of string) (place, digits int) {
	t := program.Type()
	if do.ofCode {
		if t != expression.Word && t != expression.Number && t != expression.Bool {
			c.fault("do: %s needs words or numbers, and the column gives a %s", s.Do, t)
			return -1, 0
		}
		return c.placeOf(of, "word "+s.Column, func(src *history.Source) int {
			src.Words = append(src.Words, program)
			return len(src.Words) - 1
		}), 0
	}
	if t != expression.Number && t != expression.Bool {
		c.fault("do: %s needs numbers, and the column gives a %s", s.Do, t)
		return -1, 0
	}
	digits = c.digits(s, of)
	return c.placeOf(of, fmt.Sprintf("value %d %s", digits, s.Column), func(src *history.Source) int {
		src.Values = append(src.Values, history.Value{Source: s.Column, Program: program, Digits: digits})
		return len(src.Values) - 1
	}), digits
}

// digits are the decimal digits kept: 0 for a column of whole numbers, else 4,
// unless the declaration says so.
func (c *compiling) digits(s *AggregateSpec, of string) int {
	if s.Digits != nil {
		return *s.Digits
	}
	if col := c.data.Tables[of].Column(s.Column); col != nil && (col.Type == datasets.Int || col.Type == datasets.Bool) {
		return 0
	}
	return 4
}

// placeOf returns the place of something that the plan reads of a table, adding
// it the first time.
func (c *compiler) placeOf(table, what string, add func(*history.Source) int) int {
	key := table + " " + what
	if at, known := c.places[key]; known {
		return at
	}
	c.places[key] = add(c.source(table))
	return c.places[key]
}

// addAggregate puts an aggregate into the group of the same events.
func (c *compiler) addAggregate(g history.Group, agg window.Aggregate, hasColumn, ofCode bool, place int, column history.Column) (group, at int) {
	identity := fmt.Sprintf("%s %d %s %d %d %v %v %v %d %d %v", g.Of, g.Space, g.AskOf, g.Ask, g.AskClock, g.Keys, g.Through, g.Own, g.Clock, g.ClaimClock, g.Outcomes)
	group, known := c.groups[identity]
	if !known {
		group = len(c.plan.Groups)
		c.groups[identity] = group
		c.plan.Groups = append(c.plan.Groups, g)
	}
	into := &c.plan.Groups[group]
	if hasColumn {
		places := &into.Values
		if ofCode {
			places = &into.Words
		}
		if agg.Column = slices.Index(*places, place); agg.Column < 0 {
			agg.Column = len(*places)
			*places = append(*places, place)
		}
	}
	into.Aggregates = append(into.Aggregates, agg)
	into.Columns = append(into.Columns, column)
	return group, len(into.Aggregates) - 1
}
