package datasets

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"claimsieve/datasets/codes"
)

// outcomeCodes are the code tables of the outcomes' columns (Application
// Guideline No. 1, Article 26).
var outcomeCodes = map[string]string{
	"fraud_flag":             codes.FraudFlags,
	"fraud_types":            codes.FraudTypes,
	"refusal_reason":         codes.RefusalReasons,
	"vehicle_risk_codes":     codes.VehicleRisk,
	"person_risk_codes":      codes.PersonRisk,
	"institution_risk_codes": codes.InstitutionRisk,
}

// CodeTable returns the code table of that name: the dataset's own where it
// brings one, else the one that comes with the program.
func (d *Dataset) CodeTable(name string) (*codes.Table, error) {
	file, own := d.Spec.Codes[name]
	if !own {
		return codes.Embedded(name)
	}
	path := filepath.Join(d.Dir, filepath.FromSlash(file))
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("cannot read code table %q: %s is no file", name, file)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read code table %q: %w", name, err)
	}
	defer f.Close()
	const more = 1<<20 + 1 // a byte more than a table may have, so that Read says so
	data, err := io.ReadAll(io.LimitReader(f, more))
	if err != nil {
		return nil, fmt.Errorf("cannot read code table %q: %w", name, err)
	}
	return codes.Read(file, data)
}

// codeTables reads every code table that may be needed.
func (c *checker) codeTables() {
	for _, name := range append(codes.Names(), sortedNames(c.data.Spec.Codes)...) {
		if _, done := c.codes[name]; done {
			continue
		}
		t, err := c.data.CodeTable(name)
		if c.codes[name] = t; err != nil {
			c.codes[name] = nil
			c.fault(UnreadableCodes, "", "", err.Error(), "mend the file, or take the table out of codes: in "+SpecFile)
		}
	}
}

// codeTable returns the code table of a column's values, nil for none.
func (c *checker) codeTable(table string, col *ColumnSpec) *codes.Table {
	name := col.Codes
	if name == "" && table == OutcomesTable && col.Type != Bool {
		name = outcomeCodes[col.Name]
		if col.Name == "refusal_reason" && col.Type == Text { // free words
			name = ""
		}
	}
	if name == "" {
		return nil
	}
	return c.codes[name]
}

// known finds values with a code that is not in the table. Values that repeat
// are looked up once, as long as they are few.
func (s *scan) known(t *Table, table *codes.Table) {
	if table == nil {
		return
	}
	s.formed = true
	values, valid, err := t.words(s.column.Name)
	if err != nil {
		s.broken(err, "declare the column as category")
		return
	}
	const remembered = 10_000
	unknown := map[string]string{} // by value its first code that is not known, "" when all are
	var wrong tally
	first := ""
	for i, v := range values {
		if !valid[i] || v == "" {
			continue
		}
		code, done := unknown[v]
		if !done {
			if code = firstUnknown(table, v); len(unknown) < remembered {
				unknown[strings.Clone(v)] = code
			}
		}
		if code == "" {
			continue
		}
		if wrong.count == 0 {
			first = code
		}
		wrong.add(i, s.masked(v))
	}
	if s.column.Class == Sensitive {
		first = "the first"
	}
	s.find(UnknownCode, wrong, fmt.Sprintf("code %q is not in the code table %s", oneLine(s.masked(first)), table.Name()),
		"correct the code at its source, or add it to the table (codes: in "+SpecFile+")")
}

// firstUnknown returns the first code of a value that is not in the table, ""
// when all are; an empty element counts as the code "empty".
func firstUnknown(t *codes.Table, value string) string {
	for _, code := range codes.Split(value) {
		switch {
		case t.Has(code):
		case code == "":
			return "empty"
		default:
			return code
		}
	}
	return ""
}
