package features

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"claimsieve/datasets"
	"claimsieve/datasets/strictyaml"
)

// ReadSpec reads a pipeline file. All faults are reported at once, each with
// file, line and column.
func ReadSpec(path string) (*Spec, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read pipeline: %w", err)
	}
	return ParseSpec(path, data)
}

// ParseSpec reads a pipeline from bytes; file names them in messages.
func ParseSpec(file string, data []byte) (*Spec, error) {
	spec := &Spec{}
	doc := strictyaml.Decode(file, data, spec)
	if doc.Err() == nil {
		for _, f := range spec.faults() {
			doc.Add(f.text, f.path...)
		}
	}
	if err := doc.Err(); err != nil {
		return nil, fmt.Errorf("cannot use pipeline:\n%w", err)
	}
	for i := range spec.Indicators {
		spec.Indicators[i].line = doc.Line("indicators", i)
	}
	return spec, nil
}

// Digest is the hex SHA-256 of what the pipeline means: its comments and
// layout do not count, everything else does.
func (s *Spec) Digest() string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("BUG: a pipeline cannot be written as JSON: %v", err))
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// specFault is a fault and the path to the value at fault.
type specFault struct {
	text string
	path []any
}

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// faults returns what is wrong in the declaration by itself, before it is
// held against a dataset's columns.
func (s *Spec) faults() []specFault {
	var out []specFault
	add := func(text string, path ...any) { out = append(out, specFault{text, path}) }
	if s.Format != FormatVersion {
		add(fmt.Sprintf("cannot use pipeline format %d: this program reads format %d", s.Format, FormatVersion), "format")
	}
	if s.Name == "" {
		add("the pipeline needs a name", "name")
	}
	if s.Stage == datasets.NoStage {
		add("the pipeline needs a stage: underwriting, report, survey, assessment or audit", "stage")
	}
	if len(s.Indicators) == 0 {
		add("the pipeline has no indicators", "indicators")
	}
	seen := map[string]bool{}
	for i, ind := range s.Indicators {
		if !nameForm.MatchString(ind.Name) {
			add(fmt.Sprintf("cannot use indicator name %q: want lower case letters, digits and _, beginning with a letter, at most 63", ind.Name), "indicators", i, "name")
		}
		if seen[ind.Name] {
			add(fmt.Sprintf("indicator %q is declared twice", ind.Name), "indicators", i, "name")
		}
		seen[ind.Name] = true
		for _, text := range ind.faults() {
			add(fmt.Sprintf("indicator %q: %s", ind.Name, text), "indicators", i)
		}
	}
	return out
}

// faults returns what is wrong in one indicator by itself.
func (s *IndicatorSpec) faults() []string {
	var out []string
	kinds := 0
	for _, given := range []bool{s.Column != "", s.Category != "", s.Expr != "", s.Days != nil, s.Calendar != nil} {
		if given {
			kinds++
		}
	}
	if kinds != 1 {
		out = append(out, fmt.Sprintf("it has %d of column, category, expr, days and calendar; give exactly one", kinds))
	}
	if s.Dimension == NoDimension {
		out = append(out, "it needs a dimension: "+strings.Join(dimensionNames[1:], ", "))
	}
	if s.MinCount < 0 {
		out = append(out, fmt.Sprintf("min_count is %d; want 0 or more", s.MinCount))
	}
	if s.MinCount > 0 && s.Category == "" && s.Expr == "" {
		out = append(out, "min_count belongs to a category")
	}
	if s.Category != "" && s.Direction != Free {
		out = append(out, "a category has no direction; remove it")
	}
	if s.Days != nil && (s.Days.From == "" || s.Days.To == "") {
		out = append(out, "days needs from and to")
	}
	if s.Calendar != nil && s.Calendar.Of == "" {
		out = append(out, "calendar needs of, the column")
	}
	if s.Calendar != nil {
		if _, ok := calendarParts[s.Calendar.Part]; !ok {
			out = append(out, fmt.Sprintf("calendar part %q is unknown; want %s", s.Calendar.Part, strings.Join(slices.Sorted(maps.Keys(calendarParts)), ", ")))
		}
	}
	return out
}
