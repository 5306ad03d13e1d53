package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"claimsieve/datasets"
	"claimsieve/datasets/public"
	"claimsieve/datasets/synth"
)

func newData(a *app) *cobra.Command {
	return group("data", "claim histories: simulate, import, check, describe",
		graceful(newDataSynth(a)), newDataImport(a), newDataCheck(a), newDataDescribe(a))
}

func newDataSynth(a *app) *cobra.Command {
	cfg := synth.Config{Claims: 20_000, Seed: 1, Months: 36, FraudShare: 0.05, OddShare: 0.10, AuditShare: 0.03}
	var out, start string
	c := &cobra.Command{
		Use:   "synth --out DIR",
		Short: "write a simulated motor portfolio whose truth is known",
		Long: `Writes a dataset of simulated motor claims, parties, policies and outcomes:
honest claims, exaggerations and two kinds of rings, and investigators who look
only at what seems odd to them plus a random arm. truth.parquet beside the
tables holds what really happened; it is for tests and belongs to no table.`,
		Example: "  claimsieve data synth --claims 20000 --seed 7 --out portfolio",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := refuseZeros(&cfg); err != nil {
				return err
			}
			from, err := parseDay("start", start)
			if err != nil {
				return err
			}
			if from != 0 {
				cfg.Start = time.UnixMicro(from).UTC()
			}
			advance, finish := a.progress("simulating", cfg.Claims)
			err = synth.Write(c.Context(), out, cfg, func(done, total int) { advance(done*cfg.Claims/max(total, 1), "") })
			finish()
			if err != nil {
				return err
			}
			return a.print(map[string]any{"dataset": out, "claims": cfg.Claims, "seed": cfg.Seed}, func() error {
				_, err := fmt.Fprintf(a.out, "wrote %d simulated claims (seed %d) to %s; look at them with: claimsieve data describe %s\n", cfg.Claims, cfg.Seed, out, out)
				return err
			})
		},
	}
	f := c.Flags()
	f.IntVar(&cfg.Claims, "claims", cfg.Claims, "number of claims")
	f.Uint64Var(&cfg.Seed, "seed", cfg.Seed, "seed; the same seed gives the same files")
	f.IntVar(&cfg.Months, "months", cfg.Months, "length of the simulated period")
	f.StringVar(&start, "start", "", "first day of the period (default 2022-01-01)")
	f.Float64Var(&cfg.FraudShare, "fraud-share", cfg.FraudShare, "expected share of fraud")
	f.Float64Var(&cfg.OddShare, "odd-share", cfg.OddShare, "expected share of claims investigated because they seem odd")
	f.Float64Var(&cfg.AuditShare, "audit-share", cfg.AuditShare, "share of claims investigated at random")
	f.StringVar(&out, "out", "", "folder for the dataset, new or empty")
	require(c, "out")
	return c
}

// refuseZeros refuses settings that would silently mean a default, and turns an
// audit share of 0 into no audit.
func refuseZeros(cfg *synth.Config) error {
	if cfg.Claims < 1 || cfg.Months < 1 || cfg.FraudShare <= 0 || cfg.OddShare <= 0 {
		return usageError{fmt.Errorf("cannot simulate %d claims over %d months with a fraud share of %g and an odd share of %g: want all of them above 0", cfg.Claims, cfg.Months, cfg.FraudShare, cfg.OddShare)}
	}
	if cfg.AuditShare == 0 {
		cfg.AuditShare = synth.NoAudit
	}
	return nil
}

func newDataImport(a *app) *cobra.Command {
	var from, out string
	var delay int
	var excerpt bool
	cars := &cobra.Command{
		Use:   "carclaims --from FILE.csv --out DIR",
		Short: "import the public car claims file (15,420 claims, 1994-1996)",
		Long: `Turns the public car claims file (Oracle and Angoss sample, fraud_oracle.csv;
Phua, Alahakoon and Lee 2004) into a dataset. The file has no conclusion dates
and does not say who was investigated; what is assumed about both stands in the
dataset's dataset.yaml.`,
		Example: "  claimsieve data import carclaims --from fraud_oracle.csv --out carclaims",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if delay < 1 {
				return usageError{fmt.Errorf("cannot use --label-delay-days %d: want 1 or more", delay)}
			}
			s, err := public.ImportCarClaims(c.Context(), from, out, public.CarClaimsOptions{LabelDelay: time.Duration(delay) * 24 * time.Hour, Excerpt: excerpt})
			if err != nil {
				return err
			}
			return a.print(s, func() error {
				fmt.Fprintf(a.out, "imported %d claims, %d of them marked as fraud, to %s\n", s.Claims, s.Frauds, out)
				for _, y := range s.Years {
					fmt.Fprintf(a.out, "  reported in %d: %d claims, %d frauds\n", y.Year, y.Claims, y.Frauds)
				}
				_, err := fmt.Fprintf(a.out, "the assumptions made are listed in %s/dataset.yaml\n", out)
				return err
			})
		},
	}
	cars.Flags().StringVar(&from, "from", "", "the CSV file")
	cars.Flags().StringVar(&out, "out", "", "folder for the dataset, new or empty")
	cars.Flags().IntVar(&delay, "label-delay-days", int(public.DefaultLabelDelay/(24*time.Hour)), "days from report to conclusion, assumed for every claim")
	cars.Flags().BoolVar(&excerpt, "excerpt", false, "accept another number of rows than the published 15,420")
	require(cars, "from", "out")
	return group("import", "bring public data sets into the dataset format", cars)
}

func newDataDescribe(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "describe DIR",
		Short:   "what is in a dataset: rows, times, columns, labels by year",
		Example: "  claimsieve data describe portfolio",
		Args:    exactly(1, "the dataset's folder"),
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := datasets.Open(args[0])
			if err != nil {
				return err
			}
			description, err := datasets.Describe(d)
			if err != nil {
				return err
			}
			return a.print(description, func() error { return description.WriteText(a.out) })
		},
	}
}

// exactly wants n arguments, described for people.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return usageError{fmt.Errorf("%s wants %s; see %s --help", c.CommandPath(), what, c.CommandPath())}
		}
		return nil
	}
}
