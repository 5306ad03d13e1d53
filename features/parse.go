package features

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"regexp"

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
	if s.Network != nil {
		for _, text := range s.Network.faults() {
			add("network: "+text, "network")
		}
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
		if ind.Network != nil && s.Network == nil {
			add(fmt.Sprintf("indicator %q: the pipeline has no network; declare one beside indicators: network: {over: [vehicle_id, ...]}", ind.Name), "indicators", i)
		}
		for _, text := range ind.faults() {
			add(fmt.Sprintf("indicator %q: %s", ind.Name, text), "indicators", i)
		}
	}
	return out
}
