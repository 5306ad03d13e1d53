package main

import (
	"fmt"
	"io"
	"math"
	"time"

	"github.com/spf13/cobra"

	"claimsieve/datasets"
	"claimsieve/models"
	"claimsieve/models/registry"
	"claimsieve/screen/backtest"
	"claimsieve/screen/policy"
)

// backtestOptions are the flags of backtest.
type backtestOptions struct {
	registry, data, rule string
	periodFlags
	policy     int
	inSample   bool
	replicates int
	seed       uint64
	threads    int
}

// backtestResult is what backtest prints.
type backtestResult struct {
	Model      models.ModelRef      `json:"model"`
	Policy     int                  `json:"policy"`
	InSample   string               `json:"in_sample,omitempty"` // why the figures flatter; "" when they do not
	NoOutcome  int                  `json:"left_out_without_conclusion"`
	Settled    int                  `json:"left_out_settled"` // their conclusion was known at the time of the vector
	Report     *backtest.Report     `json:"report"`
	Comparison *backtest.Comparison `json:"comparison,omitempty"`
}

func newBacktest(a *app) *cobra.Command {
	o := &backtestOptions{}
	c := &cobra.Command{
		Use:   "backtest MODEL [VERSION] --data DIR --from DAY --until DAY",
		Short: "what a version and its policy would have done in a past period",
		Long: `Scores the claims of a period with a version of a model, applies the policy that
was set for it, and compares the alerts with what investigations found. The
threshold is the policy's; nothing is chosen by looking at the period: one that
begins before the training or the policy's window ended is refused, unless
--in-sample, which marks the report.

Claims without a conclusion are left out; give --maturity-days to leave young
claims out altogether, because what is concluded early is not like the rest.
Where the chance of being investigated was recorded, the figures are weighted by
it and speak of all claims.

With --rule the alerts of a simple rule are measured beside the policy's, and
the difference in savings has a paired bootstrap interval.`,
		Example: "  claimsieve backtest cars --data carclaims --from 1996-01-01 --until 1997-01-01 --unknown negative \\\n    --rule 'fault = Policy Holder and base_policy != Liability'",
		Args:    nameAndVersion,
		RunE:    func(_ *cobra.Command, args []string) error { return a.backtest(o, args) },
	}
	f := c.Flags()
	f.StringVar(&o.registry, "registry", "registry", "folder of the models")
	f.StringVar(&o.data, "data", "", "the dataset's folder")
	o.periodFlags.add(f)
	f.StringVar(&o.rule, "rule", "", "a rule to compare with: conditions column = word or column != word, joined by and")
	f.IntVar(&o.policy, "policy", 0, "policy to use (default: the champion's, or the newest of the version)")
	f.BoolVar(&o.inSample, "in-sample", false, "allow a period that the training or the policy has seen, and mark the report")
	f.IntVar(&o.replicates, "replicates", 1000, "replicates of the bootstrap")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the bootstrap")
	f.IntVar(&o.threads, "threads", 0, "threads; 0: all processors")
	require(c, "data", "from", "until")
	return c
}

func (a *app) backtest(o *backtestOptions, args []string) error {
	result, err := runBacktest(o, args)
	if err != nil {
		return err
	}
	return a.print(result, func() error { return result.writeText(a.out) })
}

// runBacktest evaluates the version and policy that the arguments name.
func runBacktest(o *backtestOptions, args []string) (*backtestResult, error) {
	span, err := o.resolve()
	if err != nil {
		return nil, err
	}
	bundle, pol, result, err := openBacktest(o, args)
	if err != nil {
		return nil, err
	}
	if result.InSample, err = seenBefore(bundle, pol, span); err != nil {
		return nil, err
	}
	if result.InSample != "" && !o.inSample {
		return nil, fmt.Errorf("cannot backtest from %s on: %s, so the figures would flatter; begin later, or give --in-sample to mark them", o.from, result.InSample)
	}
	d, err := datasets.Open(o.data)
	if err != nil {
		return nil, err
	}
	s, err := scorePeriod(d, bundle, pol, span)
	if err != nil {
		return nil, err
	}
	table, left := s.table(span, pol)
	result.NoOutcome, result.Settled = left, s.settled
	span.asOf = s.asOf
	options := span.options(o)
	if result.Report, err = backtest.Evaluate(table, pol, options); err != nil {
		return nil, err
	}
	if o.rule != "" {
		if result.Comparison, err = compareRule(d, table, pol, o.rule, options); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// openBacktest loads the version and the policy that the arguments name.
func openBacktest(o *backtestOptions, args []string) (*models.Bundle, *policy.Policy, *backtestResult, error) {
	reg, err := registry.OpenExisting(o.registry)
	if err != nil {
		return nil, nil, nil, err
	}
	target, err := chosenTarget(reg, args[0], args[1:])
	if err != nil {
		return nil, nil, nil, err
	}
	if o.policy != 0 {
		target.Policy = o.policy
	}
	path, err := reg.Path(args[0], target.Version)
	if err != nil {
		return nil, nil, nil, err
	}
	bundle, err := models.Load(path)
	if err != nil {
		return nil, nil, nil, err
	}
	text, err := reg.Policy(args[0], target.Policy)
	if err != nil {
		return nil, nil, nil, err
	}
	pol, err := policy.Parse(text)
	if err != nil {
		return nil, nil, nil, err
	}
	if pol.Model.Version != target.Version || pol.Model.Digest != bundle.Manifest.Digest {
		return nil, nil, nil, fmt.Errorf("cannot backtest version %d of model %q with policy %d: it was made for version %d", target.Version, args[0], target.Policy, pol.Model.Version)
	}
	return bundle, pol, &backtestResult{
		Model:  models.ModelRef{Name: args[0], Version: target.Version, Digest: bundle.Manifest.Digest},
		Policy: target.Policy,
	}, nil
}

// seenBefore says what of a model has seen claims of the period, "" for nothing.
func seenBefore(b *models.Bundle, pol *policy.Policy, span period) (string, error) {
	made, err := trainedWith(b)
	if err != nil {
		return "", err
	}
	day := func(t int64) string { return time.UnixMicro(t).UTC().Format(time.DateOnly) }
	if span.from < made.Windows.Until {
		return fmt.Sprintf("the model was trained and calibrated on claims until %s", day(made.Windows.Until)), nil
	}
	if to := pol.Window.To.UnixMicro(); span.from < to {
		return fmt.Sprintf("the policy was fitted on claims until %s", day(to)), nil
	}
	return "", nil
}

// table lays a scored period out for the backtest. Claims without any
// conclusion are left out and counted, unless they are old enough to be taken
// for honest.
func (s *scoredPeriod) table(p period, pol *policy.Policy) (t backtest.Scored, left int) {
	drop := p.labels.Unknown != datasets.AsNegative || p.labels.MaturityDays == 0
	recorded, raised := false, s.raised(pol)
	for i, id := range s.ids {
		if drop && !s.concluded[i] {
			left++
			continue
		}
		propensity := math.NaN()
		if s.concluded[i] {
			propensity = s.outcomes[i].Chance()
		}
		recorded = recorded || propensity > 0
		if raised != nil {
			t.Raised = append(t.Raised, raised[i])
		}
		t.ClaimID, t.Time = append(t.ClaimID, id), append(t.Time, s.known[i])
		t.Probability = append(t.Probability, s.probability[i])
		t.Outcome, t.Propensity = append(t.Outcome, s.outcomes[i].Label), append(t.Propensity, propensity)
	}
	if !recorded {
		t.Propensity = nil
	}
	return t, left
}

// options translates the period's label rule for the backtest.
func (p period) options(o *backtestOptions) backtest.Options {
	use := map[datasets.Treatment]backtest.Use{datasets.Exclude: backtest.LeaveOut, datasets.AsNegative: backtest.AsHonest, datasets.AsPositive: backtest.AsFraud}
	return backtest.Options{
		AsOf: p.asOf, Maturity: time.Duration(p.labels.MaturityDays) * 24 * time.Hour,
		Unknown: use[p.labels.Unknown], Suspected: use[p.labels.Suspected],
		Replicates: o.replicates, Seed: o.seed, Threads: o.threads,
	}
}

func compareRule(d *datasets.Dataset, table backtest.Scored, pol *policy.Policy, text string, options backtest.Options) (*backtest.Comparison, error) {
	conditions, err := parseRule(text)
	if err != nil {
		return nil, err
	}
	alerts, err := applyRule(d, conditions)
	if err != nil {
		return nil, err
	}
	rule := backtest.Rule{Name: text, Alerts: make([]bool, len(table.ClaimID))}
	for i, id := range table.ClaimID {
		rule.Alerts[i] = alerts[id]
	}
	return backtest.Compare(table, pol, rule, options)
}

func (r *backtestResult) writeText(out io.Writer) error {
	fmt.Fprintf(out, "%s version %d, policy %d\n", r.Model.Name, r.Model.Version, r.Policy)
	if r.InSample != "" {
		fmt.Fprintf(out, "IN SAMPLE: %s; these figures flatter\n", r.InSample)
	}
	if r.Settled > 0 {
		fmt.Fprintf(out, "%d claims are left out that had a conclusion at the time of their vector\n", r.Settled)
	}
	if r.NoOutcome > 0 {
		fmt.Fprintf(out, "%d claims without any conclusion are left out\n", r.NoOutcome)
	}
	if err := r.Report.WriteText(out); err != nil {
		return err
	}
	if c := r.Comparison; c != nil {
		fmt.Fprintf(out, "\ncompared with the rule %q (%s)\n", c.Rule, c.Basis)
		w := table(out)
		fmt.Fprintln(w, "\tALERTS\tHITS\tSAVINGS")
		fmt.Fprintf(w, "policy\t%.0f\t%.0f\t%.0f\n", c.Policy.Alerts(), c.Policy.TP, c.Savings.First.Value)
		fmt.Fprintf(w, "rule\t%.0f\t%.0f\t%.0f\n", c.Other.Alerts(), c.Other.TP, c.Savings.Second.Value)
		if err := w.Flush(); err != nil {
			return err
		}
		fmt.Fprintf(out, "difference in savings: %s (paired bootstrap)\nalerts of both %.0f, of the policy only %.0f, of the rule only %.0f\n", c.Savings, c.Both, c.PolicyOnly, c.RuleOnly)
	}
	return nil
}
