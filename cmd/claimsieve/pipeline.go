package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/features/catalog"
)

// readPipeline returns the YAML of the catalogue's pipeline of a name, or of a
// file: what holds a slash, a backslash or a dot is a file.
func readPipeline(nameOrFile string) (name string, text []byte, err error) {
	if !strings.ContainsAny(nameOrFile, `/\.`) {
		text, err = catalog.Source(nameOrFile)
		return nameOrFile + ".yaml", text, err
	}
	text, err = os.ReadFile(nameOrFile)
	if err != nil {
		return "", nil, fmt.Errorf("cannot read pipeline: %w", err)
	}
	return nameOrFile, text, nil
}

// compilePipeline opens a dataset and compiles a pipeline against it.
func compilePipeline(data, nameOrFile string) (*datasets.Dataset, *features.Pipeline, error) {
	name, text, err := readPipeline(nameOrFile)
	if err != nil {
		return nil, nil, err
	}
	spec, err := features.ParseSpec(name, text)
	if err != nil {
		return nil, nil, err
	}
	d, err := datasets.Open(data)
	if err != nil {
		return nil, nil, err
	}
	p, err := features.Compile(spec, d.Spec.Tables["claims"])
	return d, p, err
}

func newFeatures(a *app) *cobra.Command {
	return group("features", "indicators: list, check, build, schema", newFeaturesList(a), newFeaturesCheck(a), newFeaturesBuild(a), newFeaturesSchema(a))
}

func newFeaturesList(a *app) *cobra.Command {
	var pipeline string
	c := &cobra.Command{
		Use:     "list [--pipeline NAME|FILE]",
		Short:   "the indicators of a pipeline, or the pipelines of the catalogue",
		Example: "  claimsieve features list --pipeline motor",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			if pipeline == "" {
				return a.print(map[string]any{"pipelines": catalog.Names()}, func() error {
					_, err := fmt.Fprintf(a.out, "pipelines of the catalogue: %s\n", strings.Join(catalog.Names(), ", "))
					return err
				})
			}
			name, text, err := readPipeline(pipeline)
			if err != nil {
				return err
			}
			spec, err := features.ParseSpec(name, text)
			if err != nil {
				return err
			}
			return a.print(spec, func() error { return writeIndicators(a, spec) })
		},
	}
	c.Flags().StringVar(&pipeline, "pipeline", "", "name in the catalogue, or a file")
	return c
}

func writeIndicators(a *app, spec *features.Spec) error {
	w := table(a.out)
	fmt.Fprintln(w, "INDICATOR\tFROM\tDIMENSION\tDIRECTION\tTITLE\t名称")
	for _, ind := range spec.Indicators {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", ind.Name, sourceOf(ind), ind.Dimension, ind.Direction, ind.Title.EN, ind.Title.ZH)
	}
	return w.Flush()
}

func sourceOf(ind features.IndicatorSpec) string {
	switch {
	case ind.Column != "":
		return ind.Column
	case ind.Category != "":
		return "category " + ind.Category
	case ind.Expr != "":
		return ind.Expr
	case ind.Days != nil:
		return fmt.Sprintf("days %s..%s", ind.Days.From, ind.Days.To)
	}
	return fmt.Sprintf("%s of %s", ind.Calendar.Part, ind.Calendar.Of)
}

func newFeaturesCheck(a *app) *cobra.Command {
	var data, pipeline string
	c := &cobra.Command{
		Use:     "check --data DIR --pipeline NAME|FILE",
		Short:   "tell which indicators can be computed on a dataset, and what the others miss",
		Example: "  claimsieve features check --data portfolio --pipeline motor",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			name, text, err := readPipeline(pipeline)
			if err != nil {
				return err
			}
			spec, err := features.ParseSpec(name, text)
			if err != nil {
				return err
			}
			d, err := datasets.Open(data)
			if err != nil {
				return err
			}
			return a.checkIndicators(spec, d)
		},
	}
	c.Flags().StringVar(&data, "data", "", "the dataset's folder")
	c.Flags().StringVar(&pipeline, "pipeline", "", "name in the catalogue, or a file")
	require(c, "data", "pipeline")
	return c
}

func newFeaturesSchema(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "the JSON Schema of the pipeline format, for editors",
		Long: `Prints the JSON Schema of the pipeline format. An editor with a YAML language
server takes it from a first line such as
  # yaml-language-server: $schema=pipeline.schema.json`,
		Example: "  claimsieve features schema > pipeline.schema.json",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			if _, err := a.out.Write(features.Schema); err != nil {
				return fmt.Errorf("cannot write schema: %w", err)
			}
			return nil
		},
	}
}

// checkIndicators prints the availability of every indicator; some that cannot
// be computed are an error.
func (a *app) checkIndicators(spec *features.Spec, d *datasets.Dataset) error {
	all := features.Available(spec, d.Spec.Tables["claims"])
	stuck := 0
	for _, x := range all {
		if len(x.Faults) > 0 {
			stuck++
		}
	}
	result := map[string]any{"pipeline": spec.Name, "stage": spec.Stage, "dataset": d.Spec.Name, "indicators": all, "unavailable": stuck}
	err := a.print(result, func() error {
		w := table(a.out)
		for _, x := range all {
			if len(x.Faults) > 0 {
				fmt.Fprintf(w, "%s\t%s\n", x.Indicator, strings.Join(x.Faults, "; "))
			}
		}
		if err := w.Flush(); err != nil {
			return err
		}
		_, err := fmt.Fprintf(a.out, "pipeline %s: %d of %d indicators can be computed at stage %s on %s\n", spec.Name, len(all)-stuck, len(all), spec.Stage, d.Spec.Name)
		return err
	})
	if err == nil && stuck > 0 {
		err = fmt.Errorf("cannot compute %d of %d indicators of pipeline %s on %s", stuck, len(all), spec.Name, d.Spec.Name)
	}
	return err
}

func newFeaturesBuild(a *app) *cobra.Command {
	var data, pipeline, out, until string
	c := &cobra.Command{
		Use:   "build --data DIR --pipeline NAME|FILE --out FILE.parquet",
		Short: "compute the vectors of all claims into a Parquet file",
		Long: `Computes every indicator of every claim. The words of categories are learned
from the claims known before --until (all claims when it is not given) and
written as words; numbers are written as numbers, missing values as null.`,
		Example: "  claimsieve features build --data portfolio --pipeline motor --out vectors.parquet",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			before, err := parseDay("until", until)
			if err != nil {
				return err
			}
			if err := outside(data, out); err != nil {
				return err
			}
			d, p, err := compilePipeline(data, pipeline)
			if err != nil {
				return err
			}
			rows, err := buildVectors(d, p, before, out)
			if err != nil {
				return err
			}
			return a.print(map[string]any{"out": out, "claims": rows, "indicators": len(p.Names())}, func() error {
				_, err := fmt.Fprintf(a.out, "wrote %d vectors of %d indicators to %s\n", rows, len(p.Names()), out)
				return err
			})
		},
	}
	f := c.Flags()
	f.StringVar(&data, "data", "", "the dataset's folder")
	f.StringVar(&pipeline, "pipeline", "", "name in the catalogue, or a file")
	f.StringVar(&out, "out", "", "Parquet file to write")
	f.StringVar(&until, "until", "", "learn words from claims known before this day")
	require(c, "data", "pipeline", "out")
	return c
}
