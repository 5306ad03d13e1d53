package main

import (
	"fmt"
	"io"
	"path/filepath"
	"text/tabwriter"

	"claimsieve/datasets"
	"claimsieve/features"
)

// table returns a writer that aligns tab-separated columns.
func table(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 2, 8, 2, ' ', 0) }

// outside refuses an output that would lie in the dataset's own folder.
func outside(data, out string) error {
	folder, err := filepath.Abs(data)
	if err == nil {
		var file string
		if file, err = filepath.Abs(out); err == nil {
			if rel, e := filepath.Rel(folder, file); e == nil && filepath.IsLocal(rel) {
				return usageError{fmt.Errorf("cannot write %s: it lies in the dataset that is read; choose a place outside of %s", out, data)}
			}
		}
	}
	return err
}

// buildVectors computes all vectors into one file and returns the number of
// claims. Words are learned from claims before an instant, 0 for all.
func buildVectors(d *datasets.Dataset, p *features.Pipeline, before int64, out string) (int, error) {
	result, err := p.Build(d, out, features.BuildOptions{FitBefore: before, Memory: usualMemory()})
	if err != nil {
		return 0, err
	}
	return result.Claims, nil
}
