// Package catalog holds the pipelines that come with claimsieve, embedded as
// YAML. They are defaults to copy and edit, not code: the guideline calls its
// indicators reference indicators (参考性指标).
package catalog

import (
	"embed"
	"fmt"
	"strings"

	"claimsieve/datasets/strictyaml"
	"claimsieve/features"
)

//go:embed *.yaml
var files embed.FS

// Names returns the names of the pipelines, sorted.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(fmt.Sprintf("BUG: cannot list embedded pipelines: %v", err))
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// Source returns the YAML of the pipeline of that name.
func Source(name string) ([]byte, error) {
	data, err := files.ReadFile(name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("cannot find pipeline %q in the catalogue%s; it has %s", name, strictyaml.DidYouMean(name, Names()), strings.Join(Names(), ", "))
	}
	return data, nil
}

// Open returns the pipeline of that name.
func Open(name string) (*features.Spec, error) {
	data, err := Source(name)
	if err != nil {
		return nil, err
	}
	return features.ParseSpec(name+".yaml", data)
}
