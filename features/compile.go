package features

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"claimsieve/datasets"
	"claimsieve/datasets/strictyaml"
	"claimsieve/features/expression"
	"claimsieve/features/history"
)

// Compile resolves every indicator of spec against a dataset's tables. It
// reports all faults at once: an unknown column, table or indicator (with the
// nearest name), a type that the indicator cannot use, an identifier used as a
// number or a category, a column of a later stage than the pipeline's, by name,
// and indicators that read each other in a circle.
func Compile(spec *Spec, data *datasets.Spec) (*Pipeline, error) {
	var faults []string
	for _, f := range spec.faults() {
		faults = append(faults, f.text)
	}
	if len(faults) > 0 {
		return nil, compileError(spec, faults)
	}
	c := newCompiler(spec, data)
	p := &Pipeline{spec: spec, data: data}
	for i := range spec.Indicators {
		one := c.indicator(&spec.Indicators[i])
		for _, f := range one.faults {
			faults = append(faults, place(&spec.Indicators[i])+f)
		}
		p.indicators = append(p.indicators, one.indicator)
	}
	levels, cycle := levelsOf(p.indicators)
	if cycle != nil {
		faults = append(faults, circle(cycle))
	}
	faults = append(faults, c.faults...)
	if len(faults) > 0 {
		return nil, compileError(spec, faults)
	}
	p.levels, p.joined = levels, c.joined
	for j := range p.indicators {
		p.read = append(p.read, p.isRead(j))
	}
	if c.plan.Answers > 0 || len(c.plan.Joins) > 0 {
		p.plan = c.plan
		p.plan.Digest = p.identity()
	}
	return p, nil
}

// place says where an indicator stands, for messages.
func place(s *IndicatorSpec) string {
	if s.line > 0 {
		return fmt.Sprintf("line %d: indicator %q: ", s.line, s.Name)
	}
	return fmt.Sprintf("indicator %q: ", s.Name)
}

func compileError(spec *Spec, faults []string) error {
	return fmt.Errorf("cannot compile pipeline %q:\n%s", spec.Name, strings.Join(faults, "\n"))
}

// Availability says whether one indicator can be computed on a dataset.
type Availability struct {
	Indicator string   `json:"indicator"`
	Missing   []string `json:"missing"` // columns that the dataset does not have, as table.column
	Faults    []string `json:"faults"`  // what stands in the way, missing columns included; empty when it can be computed
}

// Available holds every indicator of a valid pipeline against a dataset's
// tables, each by itself. One that reads others is available when they are.
func Available(spec *Spec, data *datasets.Spec) []Availability {
	out := make([]Availability, len(spec.Indicators))
	all := make([]indicator, len(spec.Indicators))
	for i := range spec.Indicators {
		c := newCompiler(spec, data)
		one := c.indicator(&spec.Indicators[i])
		all[i] = one.indicator
		out[i] = Availability{Indicator: one.Name, Missing: append([]string{}, one.missing...), Faults: append(append([]string{}, one.faults...), c.faults...)}
	}
	if _, cycle := levelsOf(all); cycle != nil {
		for i := range out {
			if slices.Contains(cycle, out[i].Indicator) {
				out[i].Faults = append(out[i].Faults, circle(cycle))
			}
		}
	}
	spread(out, all)
	return out
}

// spread makes the readers of indicators that cannot be computed unavailable.
func spread(out []Availability, all []indicator) {
	at := map[string]int{}
	for i := range all {
		at[all[i].Name] = i
	}
	for again := true; again; {
		again = false
		for i := range all {
			if len(out[i].Faults) > 0 {
				continue
			}
			for _, name := range all[i].reads {
				if j, there := at[name]; there && len(out[j].Faults) > 0 {
					out[i].Faults = append(out[i].Faults, fmt.Sprintf("it reads indicator %q, which cannot be computed", name))
					again = true
				}
			}
		}
	}
}

// circle is the fault of indicators that read each other.
func circle(names []string) string {
	return "indicators read each other in a circle: " + strings.Join(names, " -> ")
}

// compiler is a pipeline on its way; what the indicators ask of the history is
// gathered in one plan.
type compiler struct {
	spec                     *Spec
	data                     *datasets.Spec
	claims                   *datasets.TableSpec
	plan                     *history.Plan
	joined                   []joinedColumn
	faults                   []string // of the pipeline as a whole
	spaces                   map[string]int
	places                   map[string]int             // of what the plan reads, by what it is
	groups                   map[string]int             // by what their events are
	rates                    map[string]counted         // by what they count
	wheres                   map[string][]string        // conditions by table, as the source reads them
	graphInputs, graphTables []string                   // that the network reads of the claim, and whose history
	types                    map[string]expression.Type // of indicators that others read; NoType while being found out
}

func newCompiler(spec *Spec, data *datasets.Spec) *compiler {
	return &compiler{spec: spec, data: data, claims: data.Tables[datasets.ClaimsTable], spaces: map[string]int{}, rates: map[string]counted{}, places: map[string]int{}, groups: map[string]int{}, wheres: map[string][]string{}, types: map[string]expression.Type{},
		plan: &history.Plan{Stage: spec.Stage, Sources: map[string]*history.Source{}}}
}

// compiling is one indicator on its way from a declaration to a kernel.
type compiling struct {
	*compiler
	indicator
	missing []string
	faults  []string
}

func (c *compiling) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *compiler) indicator(s *IndicatorSpec) *compiling {
	one := &compiling{compiler: c, indicator: indicator{IndicatorSpec: *s, from: datasets.Underwriting, answer: -1}}
	switch {
	case s.Column != "":
		col := one.use(s.Column, isNumber, "int, float or bool (use category: for words)")
		one.truth = col != nil && col.Type == datasets.Bool
		one.fixed = numberKernel(s.Column)
	case s.Category != "":
		one.use(s.Category, isCategory, "category, int or bool")
		one.words = columnWords(s.Category)
	case s.Expr != "":
		one.expression("expr", s.Expr)
	case s.Rule != "":
		one.expression("rule", s.Rule)
	case s.Days != nil:
		one.use(s.Days.From, isInstant, "time or date")
		one.use(s.Days.To, isInstant, "time or date")
		one.fixed = daysKernel(s.Days.From, s.Days.To)
	case s.Calendar != nil:
		one.calendar(s.Calendar)
	case s.Aggregate != nil:
		one.aggregate(s.Aggregate)
	case s.Rate != nil:
		one.rate(s.Rate)
	case s.Network != nil:
		one.network(s.Network)
	case s.Text != nil:
		one.text(s.Text)
	}
	one.stages()
	return one
}

// stages holds the indicator's declared stage to what it reads and to the
// pipeline's.
func (c *compiling) stages() {
	if c.Stage == datasets.NoStage {
		return
	}
	if c.Stage < c.from {
		c.fault("it says stage %s, but reads what exists only from stage %s on", c.Stage, c.from)
	}
	if c.from = max(c.from, c.Stage); c.Stage > c.spec.Stage {
		c.fault("it exists from stage %s on and the pipeline is of stage %s; remove it or use a pipeline of that stage", c.Stage, c.spec.Stage)
	}
}

// use notes that the indicator reads a column of the claim and returns the
// column, nil when there is none. usable says which types will do, want names
// them.
func (c *compiling) use(column string, usable func(datasets.Type) bool, want string) *datasets.ColumnSpec {
	c.inputs = append(c.inputs, column)
	col := c.column(datasets.ClaimsTable, column)
	if col == nil {
		return nil
	}
	if !usable(col.Type) {
		c.fault("column %q is of type %s, want %s", column, col.Type, want)
	}
	c.reach(column, col.FromStage())
	return col
}

// reach notes that the indicator reads something of the claim that exists from
// a stage on.
func (c *compiling) reach(column string, stage datasets.Stage) {
	c.from = max(c.from, stage)
	if stage > c.spec.Stage {
		c.fault("column %q exists from stage %s on and cannot be known at stage %s; remove it or use a pipeline of that stage", column, stage, c.spec.Stage)
	}
}

// column returns a column of a table, or nil after noting the fault.
func (c *compiling) column(table, column string) *datasets.ColumnSpec {
	t := c.table(table)
	if t == nil {
		return nil
	}
	col := t.Column(column)
	if col == nil {
		c.missing = append(c.missing, table+"."+column)
		c.fault("the %s table has no column %q%s", table, column, strictyaml.DidYouMean(column, columnNames(t)))
	}
	return col
}

// table returns a table of the dataset, or nil after noting the fault.
func (c *compiling) table(name string) *datasets.TableSpec {
	t := c.data.Tables[name]
	if t == nil {
		if !slices.Contains(c.missing, name) {
			c.missing = append(c.missing, name)
			c.fault("the dataset has no table %q%s", name, strictyaml.DidYouMean(name, c.data.TableNames()))
		}
		return nil
	}
	return t
}

func (c *compiling) calendar(s *CalendarSpec) {
	col := c.use(s.Of, isInstant, "time or date")
	if col != nil && col.Type == datasets.Date && s.Part == "hour" {
		c.fault("column %q is a date and has no hour", s.Of)
	}
	c.fixed = calendarKernel(s.Of, calendarParts[s.Part])
}

// expression compiles an expression over the claim's columns, the rows that it
// refers to, and other indicators.
func (c *compiling) expression(word, source string) {
	program, err := expression.Compile(source, c.typeOf, c.names())
	if err != nil {
		c.expressionFaults(word, err)
		return
	}
	for _, name := range program.Inputs() {
		c.input(name)
	}
	switch t := program.Type(); {
	case word == "rule" && t != expression.Bool:
		c.fault("a rule is a truth, and the expression gives a %s; compare it with something", t)
	case t == expression.Number || t == expression.Bool:
		c.fixed = expressionKernel(program)
		c.truth = t == expression.Bool
		if c.MinCount > 0 {
			c.fault("min_count belongs to words, and the expression gives a %s", t)
		}
	case t == expression.Word:
		c.words = expressionWords(program)
		if c.Direction != Free {
			c.fault("words have no direction; remove it")
		}
	default:
		c.fault("the expression gives a %s; an indicator is a number, a truth or a word (days(...) measures a duration)", t)
	}
}

func (c *compiling) expressionFaults(word string, err error) {
	var faults expression.Faults
	if !errors.As(err, &faults) {
		c.fault("%s: %v", word, err)
	}
	for _, name := range unknownColumns(err) {
		if c.isIndicator(name) { // what else is said follows from that
			c.fault("%s: it reads indicator %q, which cannot be computed", word, name)
			return
		}
	}
	for _, f := range faults {
		c.fault("%s, character %d: %s", word, f.Column, f.Text)
	}
}
