package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/features/catalog"
)

// readPipeline returns the YAML of the catalogue's pipeline of a name, or of a
// file: what holds a slash, a backslash or a dot is a file. @STAGE behind either
// takes its indicators up to that stage.
func readPipeline(nameOrFile string) (name string, text []byte, err error) {
	if !strings.ContainsAny(nameOrFile, `/\.`) {
		text, err = catalog.Source(nameOrFile)
		return nameOrFile + ".yaml", text, err
	}
	file, stage := nameOrFile, datasets.NoStage
	if at := strings.LastIndex(nameOrFile, "@"); at > 0 {
		if s, err := datasets.ParseStage(nameOrFile[at+1:]); err == nil {
			file, stage = nameOrFile[:at], s
		}
	}
	text, err = os.ReadFile(file)
	if err != nil {
		return "", nil, fmt.Errorf("cannot read pipeline: %w", err)
	}
	if stage != datasets.NoStage {
		text, err = features.AtStage(text, stage)
	}
	return nameOrFile, text, err
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
	p, err := features.Compile(spec, d.Spec)
	return d, p, err
}

func newFeatures(a *app) *cobra.Command {
	return group("features", "indicators: list, check, build, state, schema, gangs", newFeaturesList(a), newFeaturesCheck(a), newFeaturesBuild(a), newFeaturesSchema(a), newFeaturesState(a), newFeaturesGangs(a))
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
	c.Flags().StringVar(&pipeline, "pipeline", "", "name in the catalogue, or a file; NAME@STAGE for a later stage")
	return c
}

func writeIndicators(a *app, spec *features.Spec) error {
	w := table(a.out)
	fmt.Fprintln(w, "INDICATOR\tSTAGE\tDIMENSION\tDIRECTION\tCLASS\tSOURCE\tTITLE\t名称\tFROM")
	for _, ind := range spec.Indicators {
		stage := ind.Stage
		if stage == datasets.NoStage {
			stage = datasets.Report
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", ind.Name, stage, ind.Dimension, ind.Direction, ind.Class, ind.Source, ind.Title.EN, ind.Title.ZH, ind.Words())
	}
	return w.Flush()
}

func newFeaturesCheck(a *app) *cobra.Command {
	var data, pipeline, write string
	c := &cobra.Command{
		Use:   "check --data DIR --pipeline NAME|FILE",
		Short: "tell which indicators can be computed on a dataset, and what the others miss",
		Long: `Holds every indicator against the dataset's description. --write makes a pipeline
file of those that can be computed, to begin with and to edit.`,
		Example: "  claimsieve features check --data portfolio --pipeline motor\n  claimsieve features check --data mine --pipeline property --write mine.yaml",
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
			if write != "" {
				return a.writeComputable(spec, text, d, write)
			}
			return a.checkIndicators(spec, d)
		},
	}
	c.Flags().StringVar(&data, "data", "", "the dataset's folder")
	c.Flags().StringVar(&pipeline, "pipeline", "", "name in the catalogue, or a file; NAME@STAGE for a later stage")
	c.Flags().StringVar(&write, "write", "", "file to write with the indicators that can be computed")
	require(c, "data", "pipeline")
	return c
}

// writeComputable writes the pipeline without the indicators that cannot be
// computed on a dataset.
func (a *app) writeComputable(spec *features.Spec, text []byte, d *datasets.Dataset, out string) error {
	stuck := []string{}
	for _, x := range features.Available(spec, d.Spec) {
		if len(x.Faults) > 0 {
			stuck = append(stuck, x.Indicator)
		}
	}
	kept := len(spec.Indicators) - len(stuck)
	if kept == 0 {
		return fmt.Errorf("cannot write %s: none of %d indicators of pipeline %s can be computed on %s; see claimsieve features check without --write", out, len(stuck), spec.Name, d.Spec.Name)
	}
	if _, err := os.Stat(out); err == nil {
		return usageError{fmt.Errorf("cannot write %s: it is there already; choose another name", out)}
	}
	text, err := features.Without(text, stuck)
	if err != nil {
		return err
	}
	write := func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}
	if err := writeBeside(out, write); err != nil {
		return err
	}
	return a.print(map[string]any{"out": out, "indicators": kept, "left_out": stuck}, func() error {
		_, err := fmt.Fprintf(a.out, "wrote %d of %d indicators of pipeline %s to %s; left out: %s\n", kept, len(spec.Indicators), spec.Name, out, strings.Join(stuck, ", "))
		return err
	})
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
	all := features.Available(spec, d.Spec)
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
