package features

import (
	"slices"
	"sort"

	"claimsieve/datasets"
	"claimsieve/features/history"
)

// Pipeline is a pipeline compiled against a dataset's tables. It is immutable
// and safe for concurrent use.
type Pipeline struct {
	spec       *Spec
	data       *datasets.Spec
	indicators []indicator
	read       []bool        // whether other indicators read it
	levels     [][]int       // indicators in the order in which they are computed: those of a level read only earlier ones
	plan       *history.Plan // nil when nothing of the history is asked
	joined     []joinedColumn
}

// indicator is one compiled indicator: its declaration, what it reads, and the
// stage from which all of that exists.
type indicator struct {
	IndicatorSpec
	inputs []string // columns of the asking claim
	tables []string // whose history it reads
	own    bool     // it looks at the claim's own rows in another table
	reads  []string // other indicators
	from   datasets.Stage
	answer int        // of the history; -1 when it is computed from the claim's row
	fixed  kernel     // nil for words, whose kernel needs the fitted vocabulary, and for answers
	words  wordSource // nil for a number
	truth  bool       // 0 and 1 stand for no and yes
}

// joinedColumn is a column of the row of another table that the claim refers to.
type joinedColumn struct {
	table, column string
	typ           datasets.Type
}

func (j joinedColumn) name() string { return j.table + "." + j.column }

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

// Missing returns the names of the indicators that cannot be computed, or not
// from all that they ask for, when the given columns of the claim are absent, or
// nothing is known of a table's history or of the claim's own rows, in vector
// order. An indicator that reads a missing one is missing.
func (p *Pipeline) Missing(absent []string, past *Past) []string {
	gone := map[string]bool{}
	for _, c := range absent {
		gone[c] = true
	}
	for _, t := range p.lacking(past) {
		gone["table "+t] = true
	}
	var names []string
	for _, level := range p.levels {
		for _, j := range level {
			if ind := &p.indicators[j]; ind.lacks(gone) || ind.own && past != nil && past.Stranger {
				gone["indicator "+ind.Name] = true
			}
		}
	}
	for _, ind := range p.indicators {
		if gone["indicator "+ind.Name] {
			names = append(names, ind.Name)
		}
	}
	return names
}

func (ind *indicator) lacks(gone map[string]bool) bool {
	return slices.ContainsFunc(ind.inputs, func(c string) bool { return gone[c] }) ||
		slices.ContainsFunc(ind.tables, func(t string) bool { return gone["table "+t] }) ||
		slices.ContainsFunc(ind.reads, func(n string) bool { return gone["indicator "+n] })
}

// Plan returns what the pipeline asks of the history, nil for nothing.
func (p *Pipeline) Plan() *history.Plan { return p.plan }

// Tables returns the description of the tables that the pipeline reads, the
// claims table always.
func (p *Pipeline) Tables() *datasets.Spec {
	out := &datasets.Spec{Format: p.data.Format, Name: p.data.Name, Line: p.data.Line, Tables: map[string]*datasets.TableSpec{}}
	names := []string{datasets.ClaimsTable}
	for _, ind := range p.indicators {
		names = append(names, ind.tables...)
	}
	for _, name := range names {
		table := *p.data.Tables[name]
		out.Tables[name] = &table
	}
	return out
}
