package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"claimsieve/datasets"
	"claimsieve/models"
	"claimsieve/models/registry"
	"claimsieve/screen/metric"
	"claimsieve/screen/policy"
)

func newPolicy(a *app) *cobra.Command {
	return group("policy", "thresholds: fit on new outcomes without retraining, show", newPolicyFit(a), newPolicyShow(a))
}

// policyOptions are the flags of policy fit.
type policyOptions struct {
	registry, data string
	periodFlags
	method      string
	threshold   float64
	rate        float64
	costs       metric.Costs
	reviewRatio float64
	auditShare  float64
	reason      string
	use         string
	raise       []string
}

func newPolicyFit(a *app) *cobra.Command {
	o := &policyOptions{}
	c := &cobra.Command{
		Use:   "fit MODEL [VERSION] --data DIR --from DAY --until DAY",
		Short: "fit a new policy for a version on the outcomes of a period",
		Long: `Scores the claims of a period with a version of a model, compares them with
what investigations found, and adds a policy for that version to the registry.
The period must not begin before the model's calibration window did.
The policy comes into force when an alias is given to it: with --use champion at
once, else with claimsieve model promote MODEL VERSION --policy N.`,
		Example: "  claimsieve policy fit motor --data portfolio --from 2024-06-01 --until 2024-12-01 \\\n    --average-loss 15000 --investigation-cost 2500 --use champion",
		Args:    nameAndVersion,
		RunE:    func(_ *cobra.Command, args []string) error { return a.fitPolicy(o, args) },
	}
	f := c.Flags()
	f.StringVar(&o.registry, "registry", "registry", "folder of the models")
	f.StringVar(&o.data, "data", "", "the dataset's folder")
	o.periodFlags.add(f)
	f.StringVar(&o.method, "method", string(policy.ExpectedCost), "expected_cost, alert_rate, savings_max or manual")
	f.Float64Var(&o.threshold, "threshold", 0, "the threshold, for manual")
	f.Float64Var(&o.rate, "rate", 0, "the share of claims to alert on, for alert_rate")
	f.Float64Var(&o.costs.AverageLoss, "average-loss", 0, "average loss of a fraud")
	f.Float64Var(&o.costs.Recovered, "recovered-share", 1, "share of the loss that a found fraud saves")
	f.Float64Var(&o.costs.Investigation, "investigation-cost", 0, "cost of one investigation")
	f.Float64Var(&o.reviewRatio, "review-ratio", policy.DefaultReviewRatio, "share of the threshold from which a claim goes to a desk")
	f.Float64Var(&o.auditShare, "audit-share", 0.02, "share of the other claims investigated at random")
	f.StringVar(&o.reason, "reason", "", "why, in words")
	f.StringArrayVar(&o.raise, "raise", nil, "an expert rule RULE=investigate or RULE=review: a claim for which this indicator is true is at least in that tier; repeatable")
	f.StringVar(&o.use, "use", "", "alias to give to the version with this policy")
	require(c, "data", "from", "until")
	return c
}

// add registers the flags of a period.
func (p *periodFlags) add(f *pflag.FlagSet) {
	f.StringVar(&p.from, "from", "", "first day of the claims")
	f.StringVar(&p.until, "until", "", "day before which the claims were known")
	f.StringVar(&p.asOf, "as-of", "", "day before which outcomes were known (default: policy fit --until, backtest after the last outcome)")
	f.StringVar(&p.frozen, "freeze-outcomes", "", "day from which on indicators see no further outcomes, as if labels had been frozen (default: they see what was known at each claim's time)")
	f.StringVar(&p.unknown, "unknown", "exclude", "what closed claims that nobody investigated count as: exclude or negative")
	f.StringVar(&p.suspected, "suspected", "exclude", "what suspected claims count as: exclude, negative or positive")
	f.IntVar(&p.maturityDays, "maturity-days", 0, "age from which a claim without any conclusion counts as unknown; 0: never")
}

func (a *app) fitPolicy(o *policyOptions, args []string) error {
	span, err := o.resolve()
	if err != nil {
		return err
	}
	if span.asOf == 0 {
		span.asOf = span.until // a policy of a period knows what was known at its end
	}
	reg, err := registry.OpenExisting(o.registry)
	if err != nil {
		return err
	}
	version, err := chosenVersion(reg, args[0], args[1:])
	if err != nil {
		return err
	}
	target := registry.Target{Version: version}
	path, err := reg.Path(args[0], target.Version)
	if err != nil {
		return err
	}
	bundle, err := models.Load(path)
	if err != nil {
		return err
	}
	if err := unseenByTrees(bundle, span); err != nil {
		return err
	}
	d, err := datasets.Open(o.data)
	if err != nil {
		return err
	}
	rules, err := o.rules()
	if err != nil {
		return err
	}
	if _, err := bundle.Rules(&policy.Policy{Model: policy.Model{Name: args[0]}, Rules: rules}); err != nil {
		return usageError{err}
	}
	scored, err := scorePeriod(d, bundle, &policy.Policy{Rules: rules}, span)
	if err != nil {
		return err
	}
	pol, err := o.fit(policy.Model{Name: args[0], Version: target.Version, Digest: bundle.Manifest.Digest}, scored, span)
	if err != nil {
		return err
	}
	if scored.settled > 0 {
		pol.Assumptions = append(pol.Assumptions, fmt.Sprintf("%d claims that had a conclusion at the time of their vector are left out", scored.settled))
	}
	pol.Rules = rules
	for k := range pol.Rules {
		pol.Rules[k].Evidence = scored.ruleEvidence(pol, k)
	}
	raw, err := json.MarshalIndent(pol, "", " ")
	if err != nil {
		return fmt.Errorf("cannot write policy: %w", err)
	}
	if target.Policy, err = reg.As(operator()).AddPolicy(args[0], raw); err != nil {
		return err
	}
	if o.use != "" {
		if err := moveAlias(reg, args[0], o.use, target); err != nil {
			return err
		}
	}
	return a.print(map[string]any{"model": args[0], "version": target.Version, "policy": target.Policy, "contents": pol, "alias": o.use}, func() error {
		return writePolicy(a.out, target, pol)
	})
}

// unseenByTrees refuses a period that the trees, or the choice of their number,
// have seen: probabilities are too good there, and a threshold set on them
// would be wrong everywhere else.
func unseenByTrees(b *models.Bundle, span period) error {
	made, err := trainedWith(b)
	if err != nil {
		return err
	}
	if first := made.Windows.CalibrateFrom; span.from < first {
		return fmt.Errorf("cannot fit a policy on claims from %s on: the trees were grown and chosen on claims until %s; give a --from that is not before it",
			time.UnixMicro(span.from).UTC().Format(time.DateOnly), time.UnixMicro(first).UTC().Format(time.DateOnly))
	}
	return nil
}

// rules reads the expert rules of the flags.
func (o *policyOptions) rules() ([]policy.Rule, error) {
	var out []policy.Rule
	for _, text := range o.raise {
		name, word, _ := strings.Cut(text, "=")
		tier, err := policy.ParseTier(word)
		if err != nil || tier < policy.Review {
			return nil, usageError{fmt.Errorf("cannot use --raise %q: want RULE=investigate or RULE=review", text)}
		}
		out = append(out, policy.Rule{Indicator: name, Tier: tier})
	}
	return out, nil
}

// fit sets the threshold by the chosen method.
func (o *policyOptions) fit(model policy.Model, s *scoredPeriod, span period) (*policy.Policy, error) {
	p, y, weight := s.labelled(span.labels)
	options := policy.Options{
		Model: model, Costs: o.costs, ReviewRatio: o.reviewRatio, Reason: o.reason, Author: operator(),
		Window: policy.Window{From: time.UnixMicro(span.from).UTC(), To: time.UnixMicro(span.until).UTC()},
		AsOf:   time.UnixMicro(s.asOf).UTC(), Assumptions: span.assumptions(weight != nil), Sampled: weight != nil,
		Audit: policy.Audit{Share: o.auditShare},
	}
	if o.auditShare > 0 {
		options.Audit.KeyID = auditKeyFile
	}
	switch policy.Method(o.method) {
	case policy.ExpectedCost:
		return policy.FitExpectedCost(p, y, weight, options)
	case policy.AlertRate:
		return policy.FitAlertRate(p, y, weight, o.rate, options)
	case policy.SavingsMax:
		return policy.FitSavingsMax(p, y, weight, options)
	case policy.Manual:
		return policy.SetManual(o.threshold, p, y, weight, options)
	}
	return nil, usageError{fmt.Errorf("cannot use --method %q: want expected_cost, alert_rate, savings_max or manual", o.method)}
}

func writePolicy(out io.Writer, t registry.Target, p *policy.Policy) error {
	w := table(out)
	fmt.Fprintf(w, "policy\t%d for %s version %d, by %s on %s\n", t.Policy, p.Model.Name, p.Model.Version, p.Method, window(p.Window))
	fmt.Fprintf(w, "investigate from\t%.4f\n", p.Thresholds.Investigate)
	fmt.Fprintf(w, "review from\t%.4f\n", p.Thresholds.Review)
	fmt.Fprintf(w, "costs\tloss %g, share recovered %g, investigation %g\n", p.Costs.AverageLoss, p.Costs.Recovered, p.Costs.Investigation)
	fmt.Fprintf(w, "audit arm\t%g of the other claims\n", p.Audit.Share)
	if !p.AsOf.IsZero() {
		fmt.Fprintf(w, "outcomes known before\t%s\n", p.AsOf.Format(time.DateOnly))
	}
	for _, r := range p.Rules {
		fmt.Fprintf(w, "rule\t%s: at least %s", r.Indicator, r.Tier)
		if e := r.Evidence; e != nil {
			fmt.Fprintf(w, "; true for %d claims, raises %d, of which %d were concluded and %d confirmed (beside the figures below)", e.Claims, e.Raised, e.Concluded, e.Confirmed)
		}
		fmt.Fprintln(w)
	}
	for _, a := range p.Assumptions {
		fmt.Fprintf(w, "assumption\t%s\n", a)
	}
	fmt.Fprintf(w, "evidence\t%.6g claims with a known or assumed outcome, %.6g frauds; in sample for the threshold\n", p.Evidence.Rows, p.Evidence.Positives)
	fmt.Fprintf(w, "alerts\t%s\n", p.Evidence.AlertRate)
	fmt.Fprintf(w, "precision\t%s\n", p.Evidence.Precision)
	fmt.Fprintf(w, "savings\t%s\n", p.Evidence.Savings)
	fmt.Fprintf(w, "O/E, all and at the threshold\t%s, %s\n", p.Evidence.Deviation, p.Evidence.Local)
	fmt.Fprintf(w, "author, approver\t%s, %s\n", orNone(p.Author), orNone(p.Approver))
	return w.Flush()
}

func window(w policy.Window) string {
	return w.From.Format(time.DateOnly) + ".." + w.To.Format(time.DateOnly)
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func newPolicyShow(a *app) *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "show MODEL [POLICY]",
		Short:   "a policy with its evidence (default: the champion's)",
		Example: "  claimsieve policy show motor",
		Args:    nameAndVersion,
		RunE: func(_ *cobra.Command, args []string) error {
			reg, err := registry.OpenExisting(dir)
			if err != nil {
				return err
			}
			n := math.MinInt
			if len(args) == 2 {
				if n, err = strconv.Atoi(args[1]); err != nil {
					return usageError{fmt.Errorf("cannot read policy %q: want a whole number", args[1])}
				}
			} else {
				target, err := chosenTarget(reg, args[0], nil)
				if err != nil {
					return err
				}
				n = target.Policy
			}
			text, err := reg.Policy(args[0], n)
			if err != nil {
				return err
			}
			pol, err := policy.Parse(text)
			if err != nil {
				return err
			}
			return a.print(pol, func() error {
				return writePolicy(a.out, registry.Target{Version: pol.Model.Version, Policy: n}, pol)
			})
		},
	}
	c.Flags().StringVar(&dir, "registry", "registry", "folder of the models")
	return c
}
