// Package catalog holds the pipelines that come with claimsieve, embedded as
// YAML. They are defaults to copy and edit, not code: the guideline calls its
// indicators reference indicators (参考性指标). docs/catalogue.md lists them.
package catalog

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"claimsieve/datasets"
	"claimsieve/datasets/strictyaml"
	"claimsieve/features"
)

//go:embed *.yaml shapes/*.yaml
var files embed.FS

// Names returns the names of the pipelines, sorted.
func Names() []string { return namesIn(".") }

// Shapes returns the names of the pipelines that come with a [Shape], sorted.
func Shapes() []string { return namesIn("shapes") }

func namesIn(folder string) []string {
	entries, err := files.ReadDir(folder)
	if err != nil {
		panic(fmt.Sprintf("BUG: cannot list embedded files: %v", err))
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".yaml"); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names) // files are listed by name with suffix, which orders "a-b" before "a"
	return names
}

// Source returns the YAML of a pipeline. NAME is the pipeline at its own stage,
// NAME@STAGE the one with all indicators up to a later stage: motor is at the
// report, motor@audit has everything. See [features.AtStage]. Indicators of
// later stages are never in the answer.
func Source(name string) ([]byte, error) {
	plain, word, given := strings.Cut(name, "@")
	text, err := files.ReadFile(plain + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("cannot find pipeline %q in the catalogue%s; it has %s", plain, strictyaml.DidYouMean(plain, Names()), strings.Join(Names(), ", "))
	}
	stage := datasets.NoStage
	if given {
		if stage, err = datasets.ParseStage(word); err != nil {
			return nil, fmt.Errorf("cannot find pipeline %q in the catalogue: %w", name, err)
		}
	}
	if text, err = features.AtStage(text, stage); err != nil {
		return nil, fmt.Errorf("cannot use pipeline %q of the catalogue: %w", name, err)
	}
	return text, nil
}

// Open returns the pipeline of a name as [Source] understands it.
func Open(name string) (*features.Spec, error) {
	data, err := Source(name)
	if err != nil {
		return nil, err
	}
	return features.ParseSpec(name+".yaml", data)
}

// Shape returns a dataset.yaml with the tables and columns that a pipeline
// reads at any stage, to be filled with the user's own file and column names.
// The motor pipeline reads what `claimsieve data synth` writes, and carclaims
// what `claimsieve data import carclaims` does; they have no shape here.
func Shape(name string) ([]byte, error) {
	text, err := files.ReadFile("shapes/" + name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("cannot find a dataset description for pipeline %q%s; there are some for %s", name, strictyaml.DidYouMean(name, Shapes()), strings.Join(Shapes(), ", "))
	}
	return text, nil
}
