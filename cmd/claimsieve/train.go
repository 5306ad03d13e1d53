package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os/user"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"claimsieve/datasets"
	"claimsieve/datasets/strictyaml"
	"claimsieve/models"
	"claimsieve/models/registry"
	"claimsieve/train"
	"claimsieve/train/gbdt"
)

// trainOptions are the flags of train.
type trainOptions struct {
	config                                train.Config
	data, pipeline, registry              string
	from, validFrom, calibrateFrom, until string
	unknown, suspected                    string
	set                                   []string
	threads                               int
	promote, acceptFaults                 bool
}

func newTrain(a *app) *cobra.Command {
	o := &trainOptions{config: train.DefaultConfig()}
	c := &cobra.Command{
		Use:   "train --data DIR --pipeline NAME|FILE --name MODEL",
		Short: "train a model, calibrate it, set its first policy and publish it",
		Long: `Trains on claims known in [--from, --until) and on the outcomes that were known
before --until. Time is cut in three: the trees are grown on the first window,
their number is chosen on the second (from --valid-from), and calibration, score
scale and threshold are set on the third (from --calibrate-from). Nothing later
than --until is looked at.

The model is published as a new version of --name in --registry. With --promote
it becomes the champion, which serve answers with.`,
		Example: `  claimsieve train --data portfolio --pipeline motor --name motor \
    --average-loss 15000 --investigation-cost 2500 --promote`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			published, err := a.train(c.Context(), o)
			if err != nil {
				return err
			}
			return a.print(published, func() error { return published.writeText(a.out) })
		},
	}
	o.flags(c)
	require(c, "data", "pipeline", "name")
	return c
}

func (o *trainOptions) flags(c *cobra.Command) {
	f, cfg := c.Flags(), &o.config
	f.StringVar(&o.data, "data", "", "the dataset's folder")
	f.StringVar(&o.pipeline, "pipeline", "", "name in the catalogue, or a file")
	f.StringVar(&o.registry, "registry", "registry", "folder of the models")
	f.StringVar(&cfg.Name, "name", "", "the model's name")
	f.StringVar(&cfg.Learner, "learner", cfg.Learner, "gbdt or golearn-forest (a baseline for up to about 20,000 rows)")
	f.StringVar(&o.from, "from", "", "first day (default: the first claim)")
	f.StringVar(&o.validFrom, "valid-from", "", "day from which the number of trees is chosen (default: 65 % of the claims)")
	f.StringVar(&o.calibrateFrom, "calibrate-from", "", "day from which calibration and threshold are set (default: 80 % of the claims)")
	f.StringVar(&o.until, "until", "", "day before which everything must have been known (default: after the last claim)")
	f.StringVar(&o.unknown, "unknown", "exclude", "what closed claims that nobody investigated count as: exclude or negative")
	f.StringVar(&o.suspected, "suspected", "exclude", "what suspected claims count as: exclude, negative or positive")
	f.IntVar(&cfg.Labels.MaturityDays, "maturity-days", 0, "age from which a claim without any conclusion counts as unknown; 0: never")
	f.StringVar(&cfg.Calibration, "calibration", cfg.Calibration, "platt, beta, isotonic, intercept or identity")
	f.Float64Var(&cfg.Costs.AverageLoss, "average-loss", 0, "average loss of a fraud")
	f.Float64Var(&cfg.Costs.Recovered, "recovered-share", cfg.Costs.Recovered, "share of the loss that a found fraud saves")
	f.Float64Var(&cfg.Costs.Investigation, "investigation-cost", 0, "cost of one investigation")
	f.Float64Var(&cfg.ReviewRatio, "review-ratio", cfg.ReviewRatio, "share of the threshold from which a claim goes to a desk")
	f.Float64Var(&cfg.AuditShare, "audit-share", cfg.AuditShare, "share of the other claims investigated at random")
	f.Uint64Var(&cfg.Seed, "seed", cfg.Seed, "seed of everything random")
	f.StringArrayVar(&o.set, "set", nil, "a setting of the trees by LightGBM's name, such as --set num_leaves=15; repeatable")
	f.BoolVar(&cfg.ShuffleLabels, "shuffle-labels", false, "permute the labels: a check that must give an AUC of about 0.5; never promoted")
	f.IntVar(&o.threads, "threads", 0, "threads; 0: all processors; does not change the model")
	f.BoolVar(&o.acceptFaults, "accept-faults", false, "train although data check finds faults; their number is recorded")
	f.BoolVar(&o.promote, "promote", false, "make the new version the champion")
}

// resolve turns the flags' words into the configuration.
func (o *trainOptions) resolve() (train.Config, error) {
	cfg := o.config
	for _, w := range []struct {
		flag, text string
		into       *int64
	}{
		{"from", o.from, &cfg.Windows.From}, {"valid-from", o.validFrom, &cfg.Windows.ValidFrom},
		{"calibrate-from", o.calibrateFrom, &cfg.Windows.CalibrateFrom}, {"until", o.until, &cfg.Windows.Until},
	} {
		at, err := parseDay(w.flag, w.text)
		if err != nil {
			return cfg, err
		}
		*w.into = at
	}
	for _, t := range []struct {
		flag, text string
		into       *datasets.Treatment
	}{{"unknown", o.unknown, &cfg.Labels.Unknown}, {"suspected", o.suspected, &cfg.Labels.Suspected}} {
		if err := t.into.UnmarshalText([]byte(t.text)); err != nil {
			return cfg, usageError{fmt.Errorf("--%s: %w", t.flag, err)}
		}
	}
	if cfg.ShuffleLabels && o.promote {
		return cfg, usageError{fmt.Errorf("a model of shuffled labels cannot be promoted: drop --promote or --shuffle-labels")}
	}
	if cfg.Costs.AverageLoss == 0 || cfg.Costs.Investigation == 0 {
		return cfg, usageError{fmt.Errorf("train needs --average-loss and --investigation-cost: the first policy investigates from the probability at which that pays for itself")}
	}
	for _, s := range o.set {
		if err := setParameter(&cfg, s); err != nil {
			return cfg, err
		}
	}
	if err := cfg.Validate(); err != nil {
		return cfg, usageError{err}
	}
	return cfg, nil
}

// setParameter applies one name=value to the trees' settings by their JSON
// names; an unknown name or a wrong type is refused.
func setParameter(cfg *train.Config, text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return usageError{fmt.Errorf("cannot read --set %q: want name=value", text)}
	}
	names, err := parameterNames()
	if err != nil {
		return err
	}
	if !slices.Contains(names, name) {
		return usageError{fmt.Errorf("cannot use --set %s: there is no setting %q%s; the settings are %s", text, name, strictyaml.DidYouMean(name, names), strings.Join(names, ", "))}
	}
	if cfg.Learner != train.GBDT {
		return usageError{fmt.Errorf("cannot use --set %s: the settings belong to the learner %s, not to %s", text, train.GBDT, cfg.Learner)}
	}
	var parsed any = value // a word such as auc is no JSON
	if json.Valid([]byte(value)) && value != "null" {
		parsed = json.RawMessage(value)
	}
	one, err := json.Marshal(map[string]any{name: parsed})
	if err != nil {
		return usageError{fmt.Errorf("cannot use --set %s: %w", text, err)}
	}
	if err := json.Unmarshal(one, &cfg.GBDT); err != nil {
		return usageError{fmt.Errorf("cannot use --set %s: %q is no value of this setting", text, value)}
	}
	return nil
}

// parameterNames returns the JSON names of the trees' settings, sorted.
func parameterNames() ([]string, error) {
	text, err := json.Marshal(gbdt.DefaultConfig())
	if err != nil {
		return nil, fmt.Errorf("cannot list settings: %w", err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, fmt.Errorf("cannot list settings: %w", err)
	}
	delete(fields, "seed") // it has a flag of its own
	return slices.Sorted(maps.Keys(fields)), nil
}

// publishedModel is what train and model show print.
type publishedModel struct {
	Model    string         `json:"model"`
	Version  int            `json:"version"`
	Policy   int            `json:"policy"`
	Digest   string         `json:"digest"`
	Champion bool           `json:"champion"`
	Path     string         `json:"path"`
	Metrics  *train.Metrics `json:"metrics"`
}

// train runs a training and publishes its bundle with its first policy.
func (a *app) train(ctx context.Context, o *trainOptions) (*publishedModel, error) {
	cfg, err := o.resolve()
	if err != nil {
		return nil, err
	}
	if err := registry.CheckName(cfg.Name); err != nil {
		return nil, usageError{err}
	}
	pipelineName, pipelineYAML, err := readPipeline(o.pipeline)
	if err != nil {
		return nil, err
	}
	d, err := datasets.Open(o.data)
	if err != nil {
		return nil, err
	}
	if cfg.AcceptedFaults, err = refuseFaults(d, o.acceptFaults); err != nil {
		return nil, err
	}
	program := "claimsieve " + version
	advance, finish := a.progress("training", cfg.GBDT.NumIterations)
	result, err := train.Run(ctx, d, pipelineName, pipelineYAML, cfg, train.Runtime{
		Threads:  o.threads,
		Progress: func(done, _ int, note string) { advance(done, note) },
	})
	finish()
	if err != nil {
		return nil, err
	}
	return publish(o.registry, result, program, o.promote)
}

// refuseFaults checks the dataset and returns the number of its faults, which
// is an error unless they are accepted.
func refuseFaults(d *datasets.Dataset, accept bool) (int, error) {
	report, err := datasets.Check(d)
	if err != nil {
		return 0, err
	}
	if report.OK() || accept {
		return report.Faults, nil
	}
	first := ""
	for _, f := range report.Findings {
		if f.Severity == datasets.Fault {
			first = fmt.Sprintf("table %q, column %q: %s", f.Table, f.Column, f.Text)
			break
		}
	}
	return 0, fmt.Errorf("cannot train on dataset %s: it has %d faults, the first is: %s; see claimsieve data check %s, or give --accept-faults, which is recorded", d.Dir, report.Faults, first, d.Dir)
}

// publish writes a training's bundle and policy into the registry.
func publish(dir string, result *train.Result, program string, promote bool) (*publishedModel, error) {
	reg, err := registry.Open(dir)
	if err != nil {
		return nil, err
	}
	reg = reg.As(operator())
	p := &publishedModel{Model: result.Contents.Name, Metrics: result.Metrics}
	var manifest *models.Manifest
	p.Version, err = reg.Publish(p.Model, func(staging string) error {
		manifest, err = models.Write(staging, result.Contents, program)
		if err != nil {
			return err
		}
		_, err = models.Load(staging) // what cannot be loaded again is not published
		return err
	})
	if err != nil {
		return nil, err
	}
	p.Digest = manifest.Digest
	if p.Path, err = reg.Path(p.Model, p.Version); err != nil {
		return nil, err
	}
	target, err := bindPolicy(reg, p.Model, p.Version)
	if err != nil {
		return nil, err
	}
	p.Policy = target.Policy
	if promote {
		if err := moveAlias(reg, p.Model, registry.Champion, target); err != nil {
			return nil, err
		}
		p.Champion = true
	}
	return p, nil
}

// operator is who runs the command, for the registry's record.
func operator() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}
