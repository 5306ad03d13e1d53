package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"claimsieve/datasets"
	"claimsieve/features"
)

func newFeaturesState(a *app) *cobra.Command {
	var data, pipeline, out string
	c := &cobra.Command{
		Use:   "state --data DIR --pipeline NAME|FILE --out FILE",
		Short: "store the history that a pipeline asks, for serve --history and score --history",
		Long: `Folds all rows of a dataset in the order in which they became known and writes
the folded history into one file. A server reads it in a fraction of the time
that the dataset takes. It holds identifiers: handle it like the claims.`,
		Example: "  claimsieve features state --data portfolio --pipeline motor --out motor.state",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := outside(data, out); err != nil {
				return err
			}
			d, p, err := compilePipeline(data, pipeline)
			if err != nil {
				return err
			}
			if err := datasets.Gate(d); err != nil {
				return err
			}
			if p.Plan() == nil {
				return fmt.Errorf("cannot store a history: pipeline %s asks nothing of it", p.Spec().Name)
			}
			state, err := p.OpenState(data, features.ReadOptions{})
			if err != nil {
				return err
			}
			stored, err := state.AppendBinary(nil)
			if err != nil {
				return err
			}
			write := func(w io.Writer) error {
				_, err := w.Write(stored)
				return err
			}
			if err := writeBeside(out, write); err != nil {
				return err
			}
			result := map[string]any{"out": out, "claims": state.Claims(), "bytes": len(stored), "memory": state.Size()}
			return a.print(result, func() error {
				_, err := fmt.Fprintf(a.out, "stored the history of %d claims in %s: %d bytes, %d in memory\n", state.Claims(), out, len(stored), state.Size())
				return err
			})
		},
	}
	f := c.Flags()
	f.StringVar(&data, "data", "", "the dataset's folder")
	f.StringVar(&pipeline, "pipeline", "", "name in the catalogue, or a file")
	f.StringVar(&out, "out", "", "file to write")
	require(c, "data", "pipeline", "out")
	return c
}
