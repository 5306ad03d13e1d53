package datasets

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"unicode"

	"claimsieve/datasets/strictyaml"
)

// The tables with a meaning of their own.
const (
	ClaimsTable   = "claims"
	OutcomesTable = "outcomes"
)

// specFault is one thing wrong in a spec, at the value that path leads to.
type specFault struct {
	text   string
	absent string // the key whose absence is the fault, "" for other faults
	path   []any
}

// Validate returns an error that lists everything wrong with the spec, a line
// each, or nil: a missing claims table, tables without files, keys or times
// that name no column or one of the wrong type, repeated columns, files
// outside the dataset's folder. Files need not exist yet.
func (s *Spec) Validate() error {
	faults := s.faults()
	if len(faults) == 0 {
		return nil
	}
	lines := make([]string, len(faults))
	for i, f := range faults {
		steps := make([]string, len(f.path))
		for j, step := range f.path {
			steps[j] = fmt.Sprint(step)
		}
		if lines[i] = f.text; len(steps) > 0 {
			lines[i] = strings.Join(steps, ".") + ": " + f.text
		}
	}
	return fmt.Errorf("cannot use dataset description: %s", strings.Join(lines, "\n"))
}

func (s *Spec) faults() []specFault {
	var v specValidator
	switch {
	case s.Format == 0:
		v.absent("format", fmt.Sprintf("key \"format\" is missing: write format: %d", FormatVersion))
	case s.Format != FormatVersion:
		v.fault(fmt.Sprintf("cannot read format %d: this program reads format %d", s.Format, FormatVersion), "format")
	}
	if s.Name == "" {
		v.absent("name", "key \"name\" is missing: give the dataset a name")
	}
	if s.Tables[ClaimsTable] == nil {
		v.absent("tables", fmt.Sprintf("table %q is missing: every dataset needs it%s", ClaimsTable, strictyaml.DidYouMean(ClaimsTable, s.TableNames())))
	}
	for _, name := range s.TableNames() {
		v.table(name, s.Tables[name])
	}
	v.quality(s)
	return v.faults
}

// TableNames returns the names of the tables, sorted.
func (s *Spec) TableNames() []string {
	names := make([]string, 0, len(s.Tables))
	for name := range s.Tables {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

type specValidator struct{ faults []specFault }

func (v *specValidator) fault(text string, path ...any) {
	v.faults = append(v.faults, specFault{text: text, path: path})
}

func (v *specValidator) absent(key, text string, path ...any) {
	v.faults = append(v.faults, specFault{text: text, absent: key, path: path})
}

func (v *specValidator) table(name string, t *TableSpec) {
	at := []any{"tables", name}
	if !isName(name) {
		v.fault(fmt.Sprintf("table name %q: want letters, digits and underscores, a letter first", name), at...)
	}
	if t == nil {
		v.fault(fmt.Sprintf("table %q is empty: want files, known_at and columns", name), at...)
		return
	}
	if len(t.Files) == 0 {
		v.absent("files", fmt.Sprintf("table %q has no files: name at least one, such as files: [%s.parquet]", name, name), at...)
	}
	for i, pattern := range t.Files {
		if text := fileFault(pattern); text != "" {
			v.fault(text, "tables", name, "files", i)
		}
	}
	if len(t.Columns) == 0 {
		v.absent("columns", fmt.Sprintf("table %q has no columns", name), at...)
		return
	}
	v.columns(name, t)
	v.key(name, t)
	if t.KnownAt == "" {
		v.absent("known_at", fmt.Sprintf("table %q has no known_at: name the time or date column that says when a row became known", name), at...)
	}
	v.reference(name, t, "known_at", t.KnownAt, Time, Date)
	v.reference(name, t, "happened_at", t.HappenedAt, Time, Date)
	v.stages(name, t)
	if name == OutcomesTable {
		v.outcomes(name, t)
	}
}

// stages checks the columns that say when a row reached a stage.
func (v *specValidator) stages(name string, t *TableSpec) {
	for s := Underwriting; s <= Audit; s++ {
		column, ok := t.Stages[s]
		if !ok {
			continue
		}
		at := []any{"tables", name, "stages", s.String()}
		if s <= Report {
			v.fault(fmt.Sprintf("table %q: rows reach the stage %s when they become known: remove it, known_at says so", name, s), at...)
			continue
		}
		if c := t.Column(column); c == nil {
			v.fault(fmt.Sprintf("stage %s names %q, which is no column of table %q%s", s, column, name, strictyaml.DidYouMean(column, t.columnNames())), at...)
		} else if c.Type != NoType && c.Type != Time && c.Type != Date {
			v.fault(fmt.Sprintf("stage %s names column %q of type %s: want time or date", s, column, c.Type), at...)
		}
	}
}

func (v *specValidator) columns(table string, t *TableSpec) {
	first := map[string]int{}
	for i := range t.Columns {
		c := &t.Columns[i]
		at := []any{"tables", table, "columns", i}
		if c.Name == "" {
			v.absent("name", fmt.Sprintf("column %d of table %q has no name", i+1, table), at...)
			continue
		}
		if !isName(c.Name) {
			v.fault(fmt.Sprintf("column name %q: want letters, digits and underscores, a letter first; the name in the file goes into from:", c.Name), append(at, "name")...)
		}
		if j, twice := first[c.Name]; twice {
			v.fault(fmt.Sprintf("column %q of table %q stands here twice: it is column %d already", c.Name, table, j+1), append(at, "name")...)
		} else {
			first[c.Name] = i
		}
		if c.Type == NoType {
			v.absent("type", fmt.Sprintf("column %q has no type: want one of %s", c.Name, strings.Join(typeNames[1:], ", ")), at...)
		}
		if c.Role != "" && c.Type != ID && c.Type != Category && c.Type != NoType {
			v.fault(fmt.Sprintf("column %q of type %s cannot have a role: roles are for id and category columns", c.Name, c.Type), append(at, "role")...)
		}
	}
}

func (v *specValidator) key(name string, t *TableSpec) {
	if name == ClaimsTable {
		if t.Key == "" {
			v.absent("key", fmt.Sprintf("table %q has no key: name the id column that identifies a claim", name), "tables", name)
		}
		v.reference(name, t, "key", t.Key, ID)
		return
	}
	v.reference(name, t, "key", t.Key, ID, Int)
}

// reference checks a key of the table that names one of its columns.
func (v *specValidator) reference(table string, t *TableSpec, key, column string, types ...Type) {
	if column == "" {
		return
	}
	c := t.Column(column)
	if c == nil {
		v.fault(fmt.Sprintf("%s names %q, which is no column of table %q%s", key, column, table, strictyaml.DidYouMean(column, t.columnNames())), "tables", table, key)
		return
	}
	if c.Type != NoType && !slices.Contains(types, c.Type) {
		v.fault(fmt.Sprintf("%s names column %q of type %s: want %s", key, column, c.Type, typeList(types)), "tables", table, key)
	}
}

func (t *TableSpec) columnNames() []string {
	names := make([]string, len(t.Columns))
	for i := range t.Columns {
		names[i] = t.Columns[i].Name
	}
	return names
}

func typeList(types []Type) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.String()
	}
	return strings.Join(names, " or ")
}

// fileFault says what is wrong with a path or glob of a table, "" for nothing.
func fileFault(pattern string) string {
	switch {
	case pattern == "":
		return "a file name is empty"
	case strings.Contains(pattern, `\`):
		return fmt.Sprintf("file %q: write folders with forward slashes", pattern)
	case path.IsAbs(pattern) || !filepath.IsLocal(filepath.FromSlash(pattern)):
		return fmt.Sprintf("file %q lies outside the dataset's folder: paths are relative to it, without ..", pattern)
	case path.Clean(pattern) == ".":
		return fmt.Sprintf("file %q is the dataset's folder: want a Parquet file or a glob", pattern)
	}
	if _, err := path.Match(pattern, ""); err != nil {
		return fmt.Sprintf("file %q is no valid glob: %v", pattern, err)
	}
	return ""
}

// isName says whether s can name a table or a column: letters of any script,
// digits and underscores, a letter first.
func isName(s string) bool {
	for i, r := range s {
		if !unicode.IsLetter(r) && (i == 0 || r != '_' && !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}
