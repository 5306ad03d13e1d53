package features

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"claimsieve/datasets"
	"claimsieve/datasets/strictyaml"
	"claimsieve/features/expression"
)

// Pipeline is a pipeline compiled against the columns of a claims table. It is
// immutable and safe for concurrent use.
type Pipeline struct {
	spec       *Spec
	indicators []indicator
}

// indicator is one compiled indicator: its declaration, the columns that it
// reads and the stage from which all of them exist.
type indicator struct {
	IndicatorSpec
	inputs []string
	stage  datasets.Stage
	fixed  kernel     // nil for words, whose kernel needs the fitted vocabulary
	words  wordSource // nil for a number
	truth  bool       // 0 and 1 stand for no and yes
}

// Compile resolves every indicator of spec against the claims table. It
// reports all faults at once: an unknown column (with the nearest name), a
// type that the indicator cannot use, an identifier used as a number or a
// category, and a column of a later stage than the pipeline's, by name.
func Compile(spec *Spec, claims *datasets.TableSpec) (*Pipeline, error) {
	var faults []string
	for _, f := range spec.faults() {
		faults = append(faults, f.text)
	}
	if len(faults) > 0 {
		return nil, compileError(spec, faults)
	}
	p := &Pipeline{spec: spec}
	for _, s := range spec.Indicators {
		c := compileIndicator(s, claims, spec.Stage)
		for _, f := range c.faults {
			place := ""
			if s.line > 0 {
				place = fmt.Sprintf("line %d: ", s.line)
			}
			faults = append(faults, fmt.Sprintf("%sindicator %q: %s", place, s.Name, f))
		}
		p.indicators = append(p.indicators, c.indicator)
	}
	if len(faults) > 0 {
		return nil, compileError(spec, faults)
	}
	return p, nil
}

func compileError(spec *Spec, faults []string) error {
	return fmt.Errorf("cannot compile pipeline %q:\n%s", spec.Name, strings.Join(faults, "\n"))
}

// Availability says whether one indicator can be computed on a claims table.
type Availability struct {
	Indicator string   `json:"indicator"`
	Missing   []string `json:"missing"` // columns that the table does not have
	Faults    []string `json:"faults"`  // what stands in the way, missing columns included; empty when it can be computed
}

// Available holds every indicator of a valid pipeline against a claims table,
// each by itself.
func Available(spec *Spec, claims *datasets.TableSpec) []Availability {
	out := make([]Availability, len(spec.Indicators))
	for i, s := range spec.Indicators {
		c := compileIndicator(s, claims, spec.Stage)
		out[i] = Availability{Indicator: s.Name, Missing: append([]string{}, c.missing...), Faults: append([]string{}, c.faults...)}
	}
	return out
}

// compiling is one indicator on its way from a declaration to a kernel.
type compiling struct {
	indicator
	claims  *datasets.TableSpec
	at      datasets.Stage // of the pipeline
	missing []string
	faults  []string
}

func (c *compiling) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

// use notes that the indicator reads a column and returns the column, nil when
// there is none. usable says which types will do, want names them.
func (c *compiling) use(column string, usable func(datasets.Type) bool, want string) *datasets.ColumnSpec {
	c.inputs = append(c.inputs, column)
	col := c.claims.Column(column)
	if col == nil {
		c.missing = append(c.missing, column)
		c.fault("the claims table has no column %q%s", column, strictyaml.DidYouMean(column, columnNames(c.claims)))
		return nil
	}
	if !usable(col.Type) {
		c.fault("column %q is of type %s, want %s", column, col.Type, want)
	}
	c.stage = max(c.stage, col.FromStage())
	if col.FromStage() > c.at {
		c.fault("column %q exists from stage %s on and cannot be known at stage %s; remove it or use a pipeline of that stage", column, col.FromStage(), c.at)
	}
	return col
}

func compileIndicator(s IndicatorSpec, claims *datasets.TableSpec, stage datasets.Stage) *compiling {
	c := &compiling{indicator: indicator{IndicatorSpec: s, stage: datasets.Underwriting}, claims: claims, at: stage}
	switch {
	case s.Column != "":
		col := c.use(s.Column, isNumber, "int, float or bool (use category: for words)")
		c.truth = col != nil && col.Type == datasets.Bool
		c.fixed = numberKernel(s.Column)
	case s.Category != "":
		c.use(s.Category, isCategory, "category, int or bool")
		c.words = columnWords(s.Category)
	case s.Expr != "":
		c.expression()
	case s.Days != nil:
		c.use(s.Days.From, isInstant, "time or date")
		c.use(s.Days.To, isInstant, "time or date")
		c.fixed = daysKernel(s.Days.From, s.Days.To)
	case s.Calendar != nil:
		col := c.use(s.Calendar.Of, isInstant, "time or date")
		if col != nil && col.Type == datasets.Date && s.Calendar.Part == "hour" {
			c.fault("column %q is a date and has no hour", s.Calendar.Of)
		}
		c.fixed = calendarKernel(s.Calendar.Of, calendarParts[s.Calendar.Part])
	}
	return c
}

// expression compiles the indicator's expression.
func (c *compiling) expression() {
	typeOf := func(name string) (datasets.Type, bool) {
		if col := c.claims.Column(name); col != nil {
			return col.Type, true
		}
		return datasets.NoType, false
	}
	program, err := expression.Compile(c.Expr, typeOf, columnNames(c.claims))
	if err != nil {
		var faults expression.Faults
		if !errors.As(err, &faults) {
			c.fault("expr: %v", err)
		}
		for _, f := range faults {
			c.fault("expr, character %d: %s", f.Column, f.Text)
		}
		return
	}
	for _, name := range program.Inputs() {
		c.use(name, func(datasets.Type) bool { return true }, "")
	}
	switch program.Type() {
	case expression.Number, expression.Bool:
		c.fixed = expressionKernel(program)
		c.truth = program.Type() == expression.Bool
		if c.MinCount > 0 {
			c.fault("min_count belongs to words, and the expression gives a %s", program.Type())
		}
	case expression.Word:
		c.words = expressionWords(program)
		if c.Direction != Free {
			c.fault("words have no direction; remove it")
		}
	default:
		c.fault("the expression gives a %s; an indicator is a number, a truth or a word (days(...) measures a duration)", program.Type())
	}
}

func isNumber(t datasets.Type) bool {
	return t == datasets.Int || t == datasets.Float || t == datasets.Bool
}
func isCategory(t datasets.Type) bool {
	return t == datasets.Category || t == datasets.Int || t == datasets.Bool
}
func isInstant(t datasets.Type) bool { return t == datasets.Time || t == datasets.Date }

func columnNames(t *datasets.TableSpec) []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// Spec returns the declaration. The caller must not change it.
func (p *Pipeline) Spec() *Spec { return p.spec }

// Names returns the indicators' names in vector order.
func (p *Pipeline) Names() []string {
	names := make([]string, len(p.indicators))
	for i, ind := range p.indicators {
		names[i] = ind.Name
	}
	return names
}

// Inputs returns the claims columns that the pipeline reads, sorted, each once.
func (p *Pipeline) Inputs() []string {
	seen := map[string]bool{}
	var inputs []string
	for _, ind := range p.indicators {
		for _, c := range ind.inputs {
			if !seen[c] {
				seen[c] = true
				inputs = append(inputs, c)
			}
		}
	}
	sort.Strings(inputs)
	return inputs
}

// Missing returns the names of the indicators that cannot be computed when the
// given columns are absent, in vector order.
func (p *Pipeline) Missing(absent []string) []string {
	gone := map[string]bool{}
	for _, c := range absent {
		gone[c] = true
	}
	var names []string
	for _, ind := range p.indicators {
		for _, c := range ind.inputs {
			if gone[c] {
				names = append(names, ind.Name)
				break
			}
		}
	}
	return names
}
