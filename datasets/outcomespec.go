package datasets

import (
	"fmt"
	"slices"
)

// outcomeColumn is what the outcomes table expects of a column.
type outcomeColumn struct {
	name   string
	types  []Type
	needed bool
}

// outcomeColumns are the columns of the outcomes table that have a meaning
// here (Application Guideline No. 1, Article 26). Others may stand beside them.
var outcomeColumns = []outcomeColumn{
	{"claim_id", []Type{ID}, true},
	{"concluded_at", []Type{Time, Date}, true},
	{"conclusion", []Type{Category, Text}, true},
	{"fraud_flag", []Type{Bool, Category, ID}, false}, // a truth, or 欺诈标志 by its code
	{"fraud_types", []Type{Text, Category}, false},
	{"recovered_amount", []Type{Float, Int}, false},
	{"paid_amount", []Type{Float, Int}, false},
	{"refused", []Type{Bool}, false},
	{"refusal_reason", []Type{Category, Text}, false}, // a category is of a code table, a text is free
	{"vehicle_risk_codes", []Type{Text, Category}, false},
	{"person_risk_codes", []Type{Text, Category}, false},
	{"institution_risk_codes", []Type{Text, Category}, false},
	{"why_investigated", []Type{Category, Text}, false},
	{"propensity", []Type{Float}, false},
}

func (v *specValidator) outcomes(name string, t *TableSpec) {
	for _, want := range outcomeColumns {
		i := slices.IndexFunc(t.Columns, func(c ColumnSpec) bool { return c.Name == want.name })
		if i < 0 {
			if want.needed {
				v.fault(fmt.Sprintf("table %q has no column %q of type %s", name, want.name, typeList(want.types)), "tables", name, "columns")
			}
			continue
		}
		if c := t.Columns[i]; c.Type != NoType && !slices.Contains(want.types, c.Type) {
			v.fault(fmt.Sprintf("column %q of table %q is of type %s: want %s", c.Name, name, c.Type, typeList(want.types)), "tables", name, "columns", i, "type")
		}
	}
}
