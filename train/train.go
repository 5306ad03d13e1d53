package train

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/models"
	"claimsieve/models/forest"
	"claimsieve/screen/calibration"
	"claimsieve/screen/policy"
)

// Result is a finished training: what [models.Write] seals, and its evidence.
type Result struct {
	Contents *models.Contents
	Metrics  *Metrics
}

// calibrations are the fits that a Config may name.
var calibrations = map[string]func(margins, y, weight []float64) (*calibration.Calibrator, error){
	"platt":     calibration.FitPlatt,
	"beta":      calibration.FitBeta,
	"isotonic":  calibration.FitIsotonic,
	"intercept": calibration.FitIntercept,
	"identity":  func(_, _, _ []float64) (*calibration.Calibrator, error) { return calibration.Logistic(), nil },
}

// Run trains a model on the dataset with the pipeline written in pipelineYAML
// (named pipelineName in messages). The same data, configuration and pipeline
// give the same result for any rt.
// A cancelled ctx ends the training with ctx's error; nothing is written here.
func Run(ctx context.Context, d *datasets.Dataset, pipelineName string, pipelineYAML []byte, cfg Config, rt Runtime) (*Result, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	spec, err := features.ParseSpec(pipelineName, pipelineYAML)
	if err != nil {
		return nil, err
	}
	pipeline, err := features.Compile(spec, d.Spec)
	if err != nil {
		return nil, err
	}
	digest, err := d.Digest()
	if err != nil {
		return nil, err
	}
	h, err := readHistory(d, pipeline, cfg, rt)
	if err != nil {
		return nil, err
	}
	cfg.Windows = h.windows
	f, err := fit(ctx, h, pipeline, cfg, rt)
	if err != nil {
		return nil, err
	}
	after, err := d.Digest()
	if err != nil {
		return nil, err
	}
	if after != digest {
		return nil, fmt.Errorf("cannot record what the model was made from: the files of %s changed during the training; train again", d.Dir)
	}
	return assemble(d, digest, pipelineYAML, h, f, cfg)
}

// fittedModel is what the three windows gave.
type fittedModel struct {
	rows        windowRows
	pipeline    *features.Fitted
	matrix      *features.Matrix // all claims
	learned     *Learned
	calibration models.Calibration
	margins     []float64 // of the calibration rows
	probability []float64 // of the calibration rows
	policy      *policy.Policy
}

// windowRows are the labelled rows of each window.
type windowRows struct{ fit, valid, calibrate []int }

func fit(ctx context.Context, h *history, pipeline *features.Pipeline, cfg Config, rt Runtime) (*fittedModel, error) {
	f := &fittedModel{}
	f.rows.fit, f.rows.valid, f.rows.calibrate = h.windows.split(h.known, h.y)
	for _, w := range []struct {
		name string
		rows []int
	}{{"fit", f.rows.fit}, {"validation", f.rows.valid}, {"calibration", f.rows.calibrate}} {
		if err := enough(w.name, h.y, w.rows, h.counts.Settled); err != nil {
			return nil, err
		}
	}
	var err error
	if f.pipeline, err = pipeline.Fit(h.input, f.rows.fit); err != nil {
		return nil, err
	}
	if f.matrix, err = f.pipeline.Run(h.input); err != nil {
		return nil, err
	}
	if err := f.learn(ctx, h, cfg, rt); err != nil {
		return nil, err
	}
	if err := f.calibrate(h, cfg); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *fittedModel) learn(ctx context.Context, h *history, cfg Config, rt Runtime) error {
	fitSamples := Samples{X: f.matrix.Select(f.rows.fit), Y: pick(h.y, f.rows.fit)}
	validSamples := Samples{X: f.matrix.Select(f.rows.valid), Y: pick(h.y, f.rows.valid)}
	if cfg.ShuffleLabels {
		rng := rand.New(rand.NewPCG(cfg.Seed, 0x5487ff1e))
		for _, y := range [][]float64{fitSamples.Y, validSamples.Y} {
			rng.Shuffle(len(y), func(i, j int) { y[i], y[j] = y[j], y[i] })
		}
	}
	directions := make([]int, len(f.matrix.Names))
	for j, ind := range f.pipeline.Spec().Indicators {
		directions[j] = ind.Direction.Sign()
	}
	learned, err := newLearner(cfg, directions).Learn(ctx, fitSamples, validSamples, rt)
	if err != nil {
		return err
	}
	f.learned = learned
	return nil
}

// calibrate sets calibration, scale and policy on the calibration window.
func (f *fittedModel) calibrate(h *history, cfg Config) error {
	y := pick(h.y, f.rows.calibrate)
	f.margins = marginsOf(f.learned.Forest, f.matrix, f.rows.calibrate)
	weight := h.pickWeight(f.rows.calibrate)
	method := cfg.Calibration
	if cfg.ShuffleLabels {
		method = "identity" // margins of shuffled labels may rank backwards, which no method takes
	}
	calibrator, err := calibrations[method](f.margins, y, weight)
	if err != nil {
		return err
	}
	scale, err := calibration.FitScale("margin", marginsOf(f.learned.Forest, f.matrix, h.reference()), nil)
	if err != nil {
		return err
	}
	f.calibration = models.Calibration{Calibrator: calibrator, Scale: scale}
	f.probability = calibrator.ProbabilityAll(nil, f.margins)
	f.policy, err = firstPolicy(f.probability, y, weight, h.assumptions(cfg), h.windows, cfg)
	return err
}

// reference is the reference population: every claim of the calibration
// window, labelled or not.
func (h *history) reference() []int {
	var rows []int
	for i, t := range h.known {
		if t != datasets.NoTime && t >= h.windows.CalibrateFrom && t < h.windows.Until {
			rows = append(rows, i)
		}
	}
	return rows
}

func marginsOf(f *forest.Forest, m *features.Matrix, rows []int) []float64 {
	margins := make([]float64, len(rows))
	var x []float64
	for k, i := range rows {
		x = m.Row(x, i)
		margins[k] = f.Raw(x)
	}
	return margins
}

// assemble puts together what is sealed.
func assemble(d *datasets.Dataset, digest string, pipelineYAML []byte, h *history, f *fittedModel, cfg Config) (*Result, error) {
	config, err := json.Marshal(cfg)
	if err != nil {
		return nil, fmt.Errorf("cannot record settings: %w", err)
	}
	metrics, err := measure(h, f, cfg)
	if err != nil {
		return nil, err
	}
	reference := h.reference()
	examples, err := selfTestClaims(h, f, d.Spec.Tables["claims"], reference)
	if err != nil {
		return nil, err
	}
	probability := f.calibration.Calibrator.ProbabilityAll(nil, marginsOf(f.learned.Forest, f.matrix, reference))
	contents := &models.Contents{
		Name:         cfg.Name,
		Learner:      cfg.Learner,
		Lineage:      models.Lineage{Dataset: d.Spec.Name, DataDigest: digest, Config: config, Seed: cfg.Seed},
		PipelineYAML: pipelineYAML,
		Pipeline:     f.pipeline,
		Forest:       f.learned.Forest,
		Calibration:  f.calibration,
		Policy:       f.policy,
		Metrics:      metrics,
		Reference:    models.NewReference(f.matrix.Select(reference), probability),
		Examples:     examples,
	}
	contents.Card = card(d, contents, metrics, cfg)
	return &Result{Contents: contents, Metrics: metrics}, nil
}
