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

// stem is a role up to its first dot: what kind of entity it names.
func stem(role string) string {
	s, _, _ := strings.Cut(role, ".")
	return s
}

// spaceName names the entities of a column: its role's stem, or the column.
func spaceName(col *datasets.ColumnSpec) string {
	if col.Role != "" {
		return stem(col.Role)
	}
	return "column " + col.Name
}

// outcomeClaim is the column with the claim's id in the outcomes table.
const outcomeClaim = "claim_id"

func (c *compiler) space(name string) int {
	if s, known := c.spaces[name]; known {
		return s
	}
	c.spaces[name] = len(c.plan.Spaces)
	c.plan.Spaces = append(c.plan.Spaces, name)
	return c.spaces[name]
}

// source returns what the plan reads of a table that the dataset has.
func (c *compiler) source(table string) *history.Source {
	s := c.plan.Sources[table]
	if s == nil {
		t := c.data.Tables[table]
		s = &history.Source{Name: table, Spec: t}
		if t.Column(c.claims.Key) != nil {
			s.Claim = c.claims.Key
		}
		if table == datasets.OutcomesTable {
			s.Claim = outcomeClaim
		}
		c.plan.Sources[table] = s
	}
	return s
}

// key returns the place of a column, or of a tuple, among the keys that the
// plan reads of a table.
func (c *compiler) key(table string, columns []*datasets.ColumnSpec) int {
	names := make([]string, len(columns))
	for i, col := range columns {
		names[i] = col.Name
	}
	space := "tuple " + strings.Join(names, ", ")
	if len(columns) == 1 {
		space = spaceName(columns[0])
	}
	s := c.source(table)
	key := history.Key{Space: c.space(space), Columns: names}
	if at := slices.IndexFunc(s.Keys, func(k history.Key) bool { return k.Space == key.Space && slices.Equal(k.Columns, key.Columns) }); at >= 0 {
		return at
	}
	s.Keys = append(s.Keys, key)
	return len(s.Keys) - 1
}

func isKey(t datasets.Type) bool {
	switch t {
	case datasets.ID, datasets.Text, datasets.Category, datasets.Int, datasets.Bool:
		return true
	}
	return false
}

// keyColumns resolves columns of a table that name an entity.
func (c *compiling) keyColumns(table string, names []string) []*datasets.ColumnSpec {
	var out []*datasets.ColumnSpec
	for _, name := range names {
		col := c.column(table, name)
		if col == nil {
			return nil
		}
		if !isKey(col.Type) {
			c.fault("column %q is of type %s and cannot be a key; want id, text, category, int or bool", name, col.Type)
			return nil
		}
		out = append(out, col)
	}
	return out
}

// asked is the asking side of a group: whose key is looked for.
type asked struct {
	table   string
	columns []*datasets.ColumnSpec
	key     int
	clock   datasets.Stage // of a claim's own row
}

// ask resolves by: columns of the claim, or a column of its own rows.
func (c *compiling) ask(by Keys) *asked {
	if table, column, dotted := strings.Cut(by[0], "."); dotted && c.claims.Column(by[0]) == nil {
		return c.askOfOwnRows(table, column)
	}
	columns := c.keyColumns(datasets.ClaimsTable, by)
	if columns == nil {
		return nil
	}
	for _, col := range columns {
		c.inputs = append(c.inputs, col.Name)
		c.reach(col.Name, col.FromStage())
	}
	return &asked{table: datasets.ClaimsTable, columns: columns, key: c.key(datasets.ClaimsTable, columns)}
}

func (c *compiling) askOfOwnRows(table, column string) *asked {
	t := c.table(table)
	if t == nil {
		return nil
	}
	if table == datasets.OutcomesTable {
		c.fault(ownOutcome)
		return nil
	}
	if table == datasets.ClaimsTable || t.Column(c.claims.Key) == nil {
		c.fault("table %q has no column %q, so that its rows belong to no claim; name a column of the claims table", table, c.claims.Key)
		return nil
	}
	columns := c.keyColumns(table, []string{column})
	if columns == nil {
		return nil
	}
	c.reach(table+"."+column, columns[0].FromStage())
	own, _ := c.clocks(table, columns[0].FromStage())
	c.tables = append(c.tables, table)
	c.own = true
	return &asked{table: table, columns: columns, key: c.key(table, columns), clock: own}
}

// clocks divides the stage of what is read of a table's rows into the part that
// its own instants tell and the part that the row's claim tells, and notes the
// fault when neither does.
func (c *compiling) clocks(table string, stage datasets.Stage) (own, claim datasets.Stage) {
	stage = max(stage, datasets.Report)
	if stage == datasets.Report {
		return stage, datasets.Report
	}
	if c.data.Tables[table].StageTime(stage) != "" {
		return c.clock(table, stage), datasets.Report
	}
	if s := c.source(table); s.Claim != "" && table != datasets.ClaimsTable && c.claims.StageTime(stage) != "" {
		return datasets.Report, c.clock(datasets.ClaimsTable, stage)
	}
	c.fault("it reads what exists from stage %s on in table %q, which names no time of that stage; add stages: {%s: COLUMN} to the table in dataset.yaml", stage, table, stage)
	return datasets.Report, datasets.Report
}

// clock makes the plan read a table's instants of a stage.
func (c *compiler) clock(table string, stage datasets.Stage) datasets.Stage {
	s := c.source(table)
	if stage > datasets.Report && !slices.Contains(s.Stages, stage) {
		s.Stages = append(s.Stages, stage)
	}
	return stage
}

// instant makes sure that claims have an instant of the pipeline's stage.
func (c *compiling) instant() {
	column := c.claims.StageTime(c.spec.Stage)
	if column == "" {
		c.fault("it looks at the history as of stage %s, and the claims table names no time of that stage; add stages: {%s: COLUMN} to the claims table in dataset.yaml", c.spec.Stage, c.spec.Stage)
		return
	}
	c.plan.Instant = column
	c.inputs = append(c.inputs, column)
	c.source(datasets.ClaimsTable).Claim = c.claims.Key
	c.clock(datasets.ClaimsTable, c.spec.Stage)
	c.tables = append(c.tables, datasets.ClaimsTable)
	c.answer = c.plan.Answers
	c.plan.Answers++
}

// rowProgram compiles an expression over the columns of a table.
func (c *compiling) rowProgram(word, source, table string) *expression.Program {
	t := c.data.Tables[table]
	typeOf := func(name string) (datasets.Type, bool) {
		if col := t.Column(name); col != nil {
			return col.Type, true
		}
		return datasets.NoType, false
	}
	program, err := expression.Compile(source, typeOf, columnNames(t))
	if err != nil {
		c.expressionFaults(word, err)
		for _, name := range unknownColumns(err) {
			c.missing = append(c.missing, table+"."+name)
		}
		return nil
	}
	return program
}

// unknownColumns returns nothing but the faults' names of columns that are not
// there, for the list of what a dataset misses.
func unknownColumns(err error) []string {
	var faults expression.Faults
	var names []string
	if errors.As(err, &faults) {
		for _, f := range faults {
			if rest, is := strings.CutPrefix(f.Text, "there is no column "); is {
				var name string
				if _, err := fmt.Sscanf(rest, "%q", &name); err == nil {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// stageOf returns the latest stage of a program's columns.
func stageOf(p *expression.Program, t *datasets.TableSpec) datasets.Stage {
	stage := datasets.Report
	for _, name := range p.Inputs() {
		stage = max(stage, t.Column(name).FromStage())
	}
	return stage
}

// join makes the plan find the row of another table that the claim refers to.
func (c *compiling) join(table, column string) {
	t := c.table(table)
	if t == nil {
		return
	}
	if table == datasets.OutcomesTable {
		c.fault(ownOutcome)
		return
	}
	if table == datasets.ClaimsTable || t.Key == "" || c.claims.Column(t.Key) == nil {
		c.fault("%s.%s: the claim refers to a row of another table by that table's key, and table %q has no key that is a column of the claims table", table, column, table)
		return
	}
	col := c.column(table, column)
	if col == nil {
		return
	}
	askColumns := c.keyColumns(datasets.ClaimsTable, []string{t.Key})
	keyColumns := c.keyColumns(table, []string{t.Key})
	if askColumns == nil || keyColumns == nil {
		return
	}
	if spaceName(askColumns[0]) != spaceName(keyColumns[0]) {
		c.fault("%s.%s: column %q is of role %q in the claims table and of role %q in table %q; give it the same role", table, column, t.Key, askColumns[0].Role, keyColumns[0].Role, table)
		return
	}
	if col.FromStage() > datasets.Report {
		c.fault("%s.%s exists from stage %s on; a row that the claim refers to gives columns that exist with the row: use aggregate: {of: %s, by: %s, do: last, column: %s}", table, column, col.FromStage(), table, t.Key, column)
		return
	}
	c.inputs = append(c.inputs, t.Key, c.claims.StageTime(c.spec.Stage))
	c.joinColumn(table, col, askColumns, keyColumns)
}

func (c *compiling) joinColumn(table string, col *datasets.ColumnSpec, ask, key []*datasets.ColumnSpec) {
	own, claim := c.clocks(table, col.FromStage())
	if claim > datasets.Report {
		c.fault("%s.%s exists from stage %s on, and table %q names no time of that stage", table, col.Name, col.FromStage(), table)
	}
	if !slices.ContainsFunc(c.compiler.joined, func(j joinedColumn) bool { return j.table == table && j.column == col.Name }) {
		c.compiler.joined = append(c.compiler.joined, joinedColumn{table, col.Name, col.Type})
	}
	if c.plan.Instant == "" { // without an answer of its own
		c.instantOfJoin()
	}
	c.tables = append(c.tables, table)
	at := slices.IndexFunc(c.plan.Joins, func(j history.Join) bool { return j.Table == table })
	if at < 0 {
		c.plan.Joins = append(c.plan.Joins, history.Join{Table: table, Ask: c.key(datasets.ClaimsTable, ask), Key: c.key(table, key), Clock: datasets.Report})
		at = len(c.plan.Joins) - 1
	}
	j := &c.plan.Joins[at]
	if !slices.Contains(j.Columns, col.Name) {
		j.Columns = append(j.Columns, col.Name)
	}
	j.Clock = max(j.Clock, own)
}

// instantOfJoin makes the plan read the claims' instants.
func (c *compiling) instantOfJoin() {
	c.plan.Instant = c.claims.StageTime(c.spec.Stage)
	if c.plan.Instant == "" {
		c.fault("it looks up another table as of stage %s, and the claims table names no time of that stage; add stages: {%s: COLUMN} to the claims table in dataset.yaml", c.spec.Stage, c.spec.Stage)
		return
	}
	c.source(datasets.ClaimsTable).Claim = c.claims.Key
	c.clock(datasets.ClaimsTable, c.spec.Stage)
}

// nearest offers the name nearest to one that is unknown.
func nearest(name string, names []string) string { return strictyaml.DidYouMean(name, names) }
