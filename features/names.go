package features

import (
	"slices"
	"strings"

	"claimsieve/datasets"
	"claimsieve/features/expression"
)

// typeOf gives the type of a name in an expression: a column of the claim, a
// column of a row that it refers to (table.column), or another indicator.
func (c *compiling) typeOf(name string) (datasets.Type, bool) {
	if col := c.claims.Column(name); col != nil {
		return col.Type, true
	}
	if table, column, dotted := strings.Cut(name, "."); dotted {
		if t := c.data.Tables[table]; t != nil && t.Column(column) != nil {
			return t.Column(column).Type, true
		}
		return datasets.NoType, false
	}
	switch c.indicatorType(name) {
	case expression.Number:
		return datasets.Float, true
	case expression.Bool:
		return datasets.Bool, true
	}
	return datasets.NoType, false
}

// indicatorType gives the type of another indicator's value, NoType when there
// is none or when it cannot be read by others. A circle ends here and is
// reported when the order of the indicators is worked out: it gives Bool, so
// that nothing else is said about it.
func (c *compiler) indicatorType(name string) expression.Type {
	if t, known := c.types[name]; known {
		return t
	}
	i := slices.IndexFunc(c.spec.Indicators, func(s IndicatorSpec) bool { return s.Name == name })
	if i < 0 {
		return expression.NoType
	}
	s := &c.spec.Indicators[i]
	t := expression.Number
	switch {
	case s.Category != "":
		t = expression.Word
	case s.Column != "":
		if col := c.claims.Column(s.Column); col != nil && col.Type == datasets.Bool {
			t = expression.Bool
		}
	case s.Rule != "":
		t = expression.Bool
	case s.Expr != "":
		c.types[name] = expression.Number // while it is being found out
		one := &compiling{compiler: c}
		t = expression.NoType
		if program, err := expression.Compile(s.Expr, one.typeOf, nil); err == nil {
			t = program.Type()
		}
	}
	c.types[name] = t
	return t
}

// names are what an expression may name, for suggestions.
func (c *compiling) names() []string {
	names := columnNames(c.claims)
	for _, s := range c.spec.Indicators {
		if s.Name != c.Name {
			names = append(names, s.Name)
		}
	}
	for _, table := range c.data.TableNames() {
		if table == datasets.ClaimsTable || c.data.Tables[table].Key == "" {
			continue
		}
		for _, col := range columnNames(c.data.Tables[table]) {
			names = append(names, table+"."+col)
		}
	}
	return names
}

// isIndicator says whether another indicator has the name.
func (c *compiling) isIndicator(name string) bool {
	return name != c.Name && slices.ContainsFunc(c.spec.Indicators, func(s IndicatorSpec) bool { return s.Name == name })
}

// input notes what an expression reads.
func (c *compiling) input(name string) {
	if c.claims.Column(name) != nil {
		c.use(name, func(datasets.Type) bool { return true }, "")
		return
	}
	if table, column, dotted := strings.Cut(name, "."); dotted {
		c.join(table, column)
		return
	}
	if i := slices.IndexFunc(c.spec.Indicators, func(s IndicatorSpec) bool { return s.Name == name }); i >= 0 {
		c.reads = append(c.reads, name)
	}
}

// levelsOf orders indicators so that each is computed after those that it
// reads. When some read each other in a circle it returns the names on it.
func levelsOf(indicators []indicator) (levels [][]int, cycle []string) {
	at := map[string]int{}
	for i := range indicators {
		at[indicators[i].Name] = i
	}
	level := make([]int, len(indicators)) // 0: not seen, -1: being looked at, else one more than the level
	var path []int
	var visit func(i int) bool
	visit = func(i int) bool {
		path = append(path, i)
		level[i] = -1
		mine := 0
		for _, name := range indicators[i].reads {
			j := at[name]
			if level[j] == -1 {
				for _, k := range path[slices.Index(path, j):] {
					cycle = append(cycle, indicators[k].Name)
				}
				cycle = append(cycle, name)
				return false
			}
			if level[j] == 0 && !visit(j) {
				return false
			}
			mine = max(mine, level[j])
		}
		level[i] = mine + 1
		path = path[:len(path)-1]
		return true
	}
	for i := range indicators {
		if level[i] == 0 && !visit(i) {
			return nil, cycle
		}
		for len(levels) < level[i] {
			levels = append(levels, nil)
		}
	}
	for i, l := range level {
		levels[l-1] = append(levels[l-1], i)
	}
	return levels, nil
}
