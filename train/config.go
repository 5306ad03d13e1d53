package train

import (
	"errors"
	"fmt"

	"claimsieve/datasets"
	"claimsieve/screen/metric"
	"claimsieve/train/gbdt"
	"claimsieve/train/golearn"
)

// Config is the settings that change the model; all of them are recorded in
// the bundle. What changes only the speed is in [Runtime].
type Config struct {
	Name    string               `json:"name"`    // the model's name in the registry
	Learner string               `json:"learner"` // "gbdt" or "golearn-forest"
	Seed    uint64               `json:"seed"`
	Windows Windows              `json:"windows"` // instants left at 0 are filled from the data
	Labels  datasets.LabelRule   `json:"labels"`
	GBDT    gbdt.Config          `json:"gbdt"`
	Forest  golearn.ForestConfig `json:"golearn_forest"`
	// Weighting is ByPropensity or Unweighted.
	Weighting string `json:"weighting"`
	// Calibration is a method of screen/calibration: platt, beta, isotonic,
	// intercept or identity.
	Calibration string       `json:"calibration"`
	Costs       metric.Costs `json:"costs"`
	// ReviewRatio is the share of the investigation threshold from which a
	// claim goes to a person's desk, in (0, 1].
	ReviewRatio float64 `json:"review_ratio"`
	// AuditShare is the share of claims below the threshold that are
	// investigated at random, in [0, 1).
	AuditShare float64 `json:"audit_share"`
	// AcceptedFaults is the number of the dataset's faults that were known and
	// accepted.
	AcceptedFaults int `json:"accepted_faults,omitempty"`
	// ShuffleLabels permutes the targets of the fit and validation windows: a
	// check that nothing but the labels carries the signal. Never for use.
	ShuffleLabels bool `json:"shuffle_labels,omitempty"`
}

// Runtime is the settings that must not change the model.
type Runtime struct {
	Threads  int                                // 0: all processors
	Progress func(done, total int, note string) // nil: none; called from one goroutine
}

// The weightings of the calibration window, from which calibration, threshold
// and their evidence come.
const (
	// ByPropensity weighs an investigated claim by the inverse of the chance
	// with which it was investigated, where that was recorded: investigated
	// claims were chosen because they seemed odd, and a probability is wanted
	// for all. The trees are grown without weights.
	ByPropensity = "propensity"
	Unweighted   = "none"
)

// The learners.
const (
	GBDT          = "gbdt"
	GolearnForest = "golearn-forest"
)

// DefaultConfig returns the settings that a training starts from: LightGBM's
// defaults with early stopping on the later window, Platt calibration, and no
// costs, which only the caller knows.
func DefaultConfig() Config {
	c := Config{
		Learner:     GBDT,
		Seed:        1,
		GBDT:        gbdt.DefaultConfig(),
		Forest:      golearn.DefaultForestConfig(),
		Weighting:   ByPropensity,
		Calibration: "platt",
		Costs:       metric.Costs{Recovered: 1},
		ReviewRatio: 0.5,
		AuditShare:  0.02,
	}
	c.GBDT.NumIterations = 1000
	c.GBDT.LearningRate = 0.05
	c.GBDT.EarlyStoppingRound = 50
	return c
}

// Validate lists every fault at once.
func (c Config) Validate() error {
	var faults []error
	add := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if c.Name == "" {
		add("name: the model needs a name")
	}
	if c.Learner != GBDT && c.Learner != GolearnForest {
		add("learner %q: want %s or %s", c.Learner, GBDT, GolearnForest)
	}
	if c.Weighting != ByPropensity && c.Weighting != Unweighted {
		add("weighting %q: want %s or %s", c.Weighting, ByPropensity, Unweighted)
	}
	if _, ok := calibrations[c.Calibration]; !ok {
		add("calibration %q: want platt, beta, isotonic, intercept or identity", c.Calibration)
	}
	if !(c.ReviewRatio > 0 && c.ReviewRatio <= 1) {
		add("review_ratio %v: want a share in (0, 1]", c.ReviewRatio)
	}
	if !(c.AuditShare >= 0 && c.AuditShare < 1) {
		add("audit_share %v: want a share in [0, 1)", c.AuditShare)
	}
	for _, err := range []error{c.Labels.Validate(), c.Costs.Validate(), c.GBDT.Validate(), c.Forest.Validate()} {
		if err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("cannot train with these settings:\n%w", errors.Join(faults...))
	}
	return nil
}
