package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/features/history"
	"claimsieve/features/network"
)

// gangFlags are the flags of features gangs.
type gangFlags struct {
	data, pipeline, asOf string
	skip                 []string
	options              network.GangOptions
	most                 int
}

func newFeaturesGangs(a *app) *cobra.Command {
	f := &gangFlags{}
	c := &cobra.Command{
		Use:   "gangs --data DIR --pipeline NAME|FILE",
		Short: "list groups of claims that share entities, with members and linking evidence (串并)",
		Long: `Lists the gangs in the claims graph of a pipeline as of a day: claims linked by
shared persons, vehicles, telephones or accounts, with every entity that they
name and those that link them. Most confirmed frauds first, then most claims.
The output holds identifiers of persons: handle it like the claims themselves.`,
		Example: "  claimsieve features gangs --data portfolio --pipeline motor --as-of 2024-06-30 --skip repair_shop",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			gangs, err := f.find()
			if err != nil {
				return err
			}
			all := len(gangs)
			gangs = gangs[:min(all, f.most)]
			return a.print(map[string]any{"found": all, "gangs": gangs}, func() error { return writeGangs(a, gangs, all) })
		},
	}
	c.Flags().StringVar(&f.data, "data", "", "the dataset's folder")
	c.Flags().StringVar(&f.pipeline, "pipeline", "", "name in the catalogue, or a file")
	c.Flags().StringVar(&f.asOf, "as-of", "", "day before which everything must have been known (default: all that is known)")
	c.Flags().StringSliceVar(&f.skip, "skip", nil, "kinds of entities that link nothing")
	c.Flags().IntVar(&f.options.LinkDegree, "link-degree", 0, "most claims that one entity links (default: link_degree of the pipeline)")
	c.Flags().IntVar(&f.options.MinClaims, "min-claims", 0, "fewest claims of a gang (default 3)")
	c.Flags().IntVar(&f.options.MinPeople, "min-people", 0, "fewest persons who come back (default 1)")
	c.Flags().IntVar(&f.options.MinConfirmed, "min-confirmed", 0, "fewest confirmed frauds of a gang")
	c.Flags().IntVar(&f.most, "most", 20, "gangs to print")
	require(c, "data", "pipeline")
	return c
}

func (f *gangFlags) find() ([]history.Gang, error) {
	if f.most < 0 {
		return nil, usageError{fmt.Errorf("--most is %d; want 0 or more", f.most)}
	}
	at, err := parseDay("as-of", f.asOf)
	if err != nil {
		return nil, err
	}
	d, p, err := compilePipeline(f.data, f.pipeline)
	if err != nil {
		return nil, err
	}
	if f.asOf == "" {
		if at, err = afterAllClaims(d); err != nil {
			return nil, err
		}
	}
	if f.options.LinkDegree == 0 && p.Plan() != nil && p.Plan().Graph != nil {
		f.options.LinkDegree = p.Plan().Graph.Gangs.LinkDegree
	}
	return p.Plan().Gangs(d, at, f.skip, f.options, features.ReadOptions{})
}

// afterAllClaims is the first instant at which all claims and outcomes are known.
func afterAllClaims(d *datasets.Dataset) (int64, error) {
	spec := d.Spec.Tables[datasets.ClaimsTable]
	claims, err := d.Table(datasets.ClaimsTable, spec.KnownAt)
	if err != nil {
		return 0, err
	}
	known, err := claims.Micros(spec.KnownAt)
	if err != nil {
		return 0, err
	}
	return afterEverything(d, known)
}

func writeGangs(a *app, gangs []history.Gang, all int) error {
	for i, g := range gangs {
		fmt.Fprintf(a.out, "gang %d: %d claims, %d confirmed as fraud, %d entities\n  claims: %s\n", i+1, len(g.Claims), g.Confirmed, len(g.Members), strings.Join(g.Claims, " "))
		w := table(a.out)
		fmt.Fprintln(w, "  LINK\tID\tCLAIMS\tSINCE")
		for _, l := range g.Links {
			since := l.Known[0]
			for _, t := range l.Known {
				since = min(since, t)
			}
			fmt.Fprintf(w, "  %s\t%s\t%d\t%s\n", l.Kind, l.ID, len(l.Claims), time.UnixMicro(since).UTC().Format(time.DateOnly))
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(a.out, "%d of %d gangs\n", len(gangs), all)
	return err
}
