package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"claimsieve/datasets"
	"claimsieve/features"
)

// selection writes a pipeline of the catalogue with the indicators of r.Keep
// only, and without those that are declared with a word of r.Skip (network,
// text) or read an indicator that is left out. Every indicator of the catalogue
// stands in a line of its own.
func selection(r *request) (any, error) {
	name, text, err := source(r.Pipeline)
	if err != nil {
		return nil, err
	}
	d, err := datasets.Open(r.Data)
	if err != nil {
		return nil, err
	}
	spec, err := features.ParseSpec(name, text)
	if err != nil {
		return nil, err
	}
	var dropped []string
	for _, ind := range spec.Indicators {
		unwanted := len(r.Keep) > 0 && !slices.Contains(r.Keep, ind.Name)
		if unwanted || ind.Network != nil && slices.Contains(r.Skip, "network") || ind.Text != nil && slices.Contains(r.Skip, "text") {
			dropped = append(dropped, ind.Name)
		}
	}
	for more := dropped; len(more) > 0; {
		text = without(text, more)
		if spec, err = features.ParseSpec(name, text); err != nil {
			return nil, err
		}
		more = nil
		for _, a := range features.Available(spec, d.Spec) {
			if len(a.Faults) > 0 { // it reads one that was dropped
				more = append(more, a.Indicator)
			}
		}
		dropped = append(dropped, more...)
	}
	if err := os.WriteFile(r.Out, text, 0o644); err != nil {
		return nil, fmt.Errorf("cannot write pipeline: %w", err)
	}
	var kept []string
	for _, ind := range spec.Indicators {
		kept = append(kept, ind.Name)
	}
	return map[string]any{"kept": kept, "dropped": dropped}, nil
}

// without returns the text without the lines that declare the named indicators.
func without(text []byte, names []string) []byte {
	var out strings.Builder
	for line := range strings.Lines(string(text)) {
		if !slices.ContainsFunc(names, func(n string) bool { return strings.Contains(line, "{name: "+n+",") }) {
			out.WriteString(line)
		}
	}
	return []byte(out.String())
}
