package datasets

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"claimsieve/datasets/strictyaml"

	"go.yaml.in/yaml/v3"
)

// SpecFile is the name of a dataset's description in its folder.
const SpecFile = "dataset.yaml"

// ReadSpec reads and validates the dataset.yaml at path. See [ParseSpec].
func ReadSpec(path string) (*Spec, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("cannot read dataset: %s does not exist; want a folder with a %s in it", path, SpecFile)
		}
		return nil, fmt.Errorf("cannot read dataset: %w", err)
	}
	return ParseSpec(filepath.Base(path), data)
}

// ParseSpec reads a dataset.yaml, named name in messages, and validates it.
// The error is a [strictyaml.Faults] and lists every fault at once, each with
// file, line and column: unknown and repeated keys, unknown types, stages and
// data classes, and all that [Spec.Validate] finds.
func ParseSpec(name string, data []byte) (*Spec, error) {
	spec := &Spec{}
	doc := strictyaml.Decode(name, data, spec)
	if doc.Line() == 0 { // no YAML at all: nothing to validate
		if err := doc.Err(); err != nil {
			return nil, err
		}
	}
	refused := faultLines(doc.Err())
	for _, f := range spec.faults() {
		if f.absent == "" {
			doc.Add(f.text, f.path...)
			continue
		}
		// The key may be there with a value that was refused already.
		at := append(slices.Clone(f.path), f.absent)
		if !refused[doc.Line(at...)] {
			doc.Add(f.text, at...)
		}
	}
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return spec, nil
}

// faultLines returns the lines at which err has faults.
func faultLines(err error) map[int]bool {
	var faults strictyaml.Faults
	if !errors.As(err, &faults) {
		return nil
	}
	lines := map[int]bool{}
	for _, f := range faults {
		lines[f.Line] = f.Line > 0
	}
	return lines
}

// encode returns the spec as the text of a dataset.yaml.
func (s *Spec) encode() ([]byte, error) {
	text, err := yaml.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("cannot write %s: %w", SpecFile, err)
	}
	return text, nil
}
