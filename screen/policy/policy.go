package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"claimsieve/screen/metric"
)

// FormatVersion is the version of the policy JSON that this program writes.
const FormatVersion = 1

// Method is how the thresholds were found.
type Method string

// The methods.
const (
	ExpectedCost Method = "expected_cost" // investigate where the expected saving passes the cost (Elkan 2001)
	AlertRate    Method = "alert_rate"    // as many alerts as can be investigated
	SavingsMax   Method = "savings_max"   // the best threshold on the calibration window, with hindsight
	Manual       Method = "manual"        // set by a person
)

// Model names the one version of a model that a policy belongs to.
type Model struct {
	Name string `json:"name"`
	// Version is the number in the registry; 0 inside a bundle, which has no
	// number before it is published. A policy of version 0 decides nothing.
	Version int    `json:"version"`
	Digest  string `json:"digest"` // of the bundle; "" inside it
}

// Thresholds are calibrated probabilities in (0, 1). A claim at or above one
// is in its tier.
type Thresholds struct {
	Investigate float64 `json:"investigate"`
	Review      float64 `json:"review"` // <= Investigate; equal means that nothing is only reviewed
}

// Window is the time of the claims that a policy was fitted on, From inclusive,
// To exclusive.
type Window struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

// Evidence is what the investigate threshold does on the window it was fitted
// on. Fitted there, it is a little better than the future will be.
type Evidence struct {
	Rows      float64         `json:"rows"`      // concluded claims, by weight
	Positives float64         `json:"positives"` // confirmed frauds among them
	Alerts    float64         `json:"alerts"`
	Hits      float64         `json:"hits"`
	AlertRate metric.Rate     `json:"alert_rate"`
	Precision metric.Rate     `json:"precision"`
	Savings   metric.Estimate `json:"savings"` // by the average loss, with a 95 % interval
	// Deviation is observed by expected frauds of the whole window; Local is
	// that of the claims within a tenth of the alerts around the threshold.
	Deviation metric.Deviation `json:"deviation"`
	Local     metric.Deviation `json:"deviation_at_threshold"`
}

// Audit is the random arm: the share of claims chosen for investigation by a
// keyed hash whatever their score, and which key it is (never the key).
type Audit struct {
	Share float64 `json:"share"` // 0 to 1
	KeyID string  `json:"key_id,omitempty"`
}

// Policy is thresholds with their reasons, signatures and term.
type Policy struct {
	Format     int          `json:"format"`
	Model      Model        `json:"model"`
	Method     Method       `json:"method"`
	Thresholds Thresholds   `json:"thresholds"`
	Costs      metric.Costs `json:"costs"`
	Window     Window       `json:"window"`
	AsOf       time.Time    `json:"as_of,omitzero"` // outcomes known before this instant were used
	// Assumptions say in words which claims counted as what.
	Assumptions []string  `json:"assumptions,omitempty"`
	Evidence    Evidence  `json:"evidence"`
	Reason      string    `json:"reason,omitempty"`   // in words
	Author      string    `json:"author,omitempty"`   // who set it
	Approver    string    `json:"approver,omitempty"` // the second person; "" until approved
	ValidFrom   time.Time `json:"valid_from,omitzero"`
	ValidTo     time.Time `json:"valid_to,omitzero"` // exclusive; zero is without end
	Audit       Audit     `json:"audit"`
	Rules       []Rule    `json:"rules,omitempty"` // expert rules that raise a tier
}

// ordered reports whether the thresholds can tell tiers apart.
func (t Thresholds) ordered() bool {
	return t.Review > 0 && t.Review <= t.Investigate && t.Investigate < 1
}

// Tier returns the tier of a calibrated probability: Investigate at or above
// that threshold, Review at or above the other one, Clear below. It is
// Undecided, for a person, when p is NaN or outside of [0, 1], and whenever p is
// nil or its thresholds are not valid. It never panics.
func (p *Policy) Tier(probability float64) Tier {
	switch {
	case p == nil || !p.Thresholds.ordered() || !(probability >= 0 && probability <= 1):
		return Undecided
	case probability >= p.Thresholds.Investigate:
		return Investigate
	case probability >= p.Thresholds.Review:
		return Review
	}
	return Clear
}

// Validate lists every fault of the policy itself at once.
func (p *Policy) Validate() error { return p.complain(p.faults()) }

// ValidateFor lists every fault of [Policy.Validate], and those of using the
// policy for a model at a time: it belongs to another model or version, its
// term has ended or has not begun.
func (p *Policy) ValidateFor(model Model, at time.Time) error {
	faults := p.faults()
	if p.Model != model {
		faults = append(faults, fmt.Errorf("model: it belongs to %s version %d (%s), not to %s version %d (%s): fit a policy for this version", p.Model.Name, p.Model.Version, p.Model.Digest, model.Name, model.Version, model.Digest))
	}
	if at.Before(p.ValidFrom) {
		faults = append(faults, fmt.Errorf("valid_from: its term begins at %s, after %s", p.ValidFrom.Format(time.RFC3339), at.Format(time.RFC3339)))
	}
	if !p.ValidTo.IsZero() && !at.Before(p.ValidTo) {
		faults = append(faults, fmt.Errorf("valid_to: its term ended at %s, before %s: confirm or refit it", p.ValidTo.Format(time.RFC3339), at.Format(time.RFC3339)))
	}
	return p.complain(faults)
}

func (p *Policy) complain(faults []error) error {
	if len(faults) == 0 {
		return nil
	}
	return fmt.Errorf("cannot use policy of model %q: %w", p.Model.Name, errors.Join(faults...))
}

func (p *Policy) faults() []error {
	var faults []error
	fault := func(format string, a ...any) { faults = append(faults, fmt.Errorf(format, a...)) }
	if p.Format != FormatVersion {
		fault("format %d: this program reads %d", p.Format, FormatVersion)
	}
	if p.Model.Name == "" || p.Model.Version < 0 {
		fault("model: name %q, version %d: want a name and a version of at least 0", p.Model.Name, p.Model.Version)
	}
	switch p.Method {
	case ExpectedCost, AlertRate, SavingsMax, Manual:
	default:
		fault("method %q: want expected_cost, alert_rate, savings_max or manual", p.Method)
	}
	for _, t := range [...]struct {
		name  string
		value float64
	}{{"investigate", p.Thresholds.Investigate}, {"review", p.Thresholds.Review}} {
		if !(t.value > 0 && t.value < 1) {
			fault("thresholds.%s %v: want a probability in (0, 1)", t.name, t.value)
		}
	}
	if p.Thresholds.Review > p.Thresholds.Investigate {
		fault("thresholds.review %v is above thresholds.investigate %v: want it at or below", p.Thresholds.Review, p.Thresholds.Investigate)
	}
	if err := p.Costs.Validate(); err != nil {
		fault("costs: %w", err)
	}
	if !(p.Audit.Share >= 0 && p.Audit.Share <= 1) {
		fault("audit.share %v: want a share from 0 to 1", p.Audit.Share)
	} else if p.Audit.Share > 0 && p.Audit.KeyID == "" {
		fault("audit.key_id is empty: want the name of the key that chooses the audit share of %v", p.Audit.Share)
	}
	if p.Window.To.Before(p.Window.From) {
		fault("window: it ends at %s, before it begins at %s", p.Window.To.Format(time.RFC3339), p.Window.From.Format(time.RFC3339))
	}
	if !p.ValidTo.IsZero() && !p.ValidTo.After(p.ValidFrom) {
		fault("valid_to %s: want it after valid_from %s", p.ValidTo.Format(time.RFC3339), p.ValidFrom.Format(time.RFC3339))
	}
	if p.Approver != "" && p.Approver == p.Author {
		fault("approver %q is the author: want a second person", p.Approver)
	}
	faults = append(faults, p.ruleFaults()...)
	e := p.Evidence
	for _, v := range [...]float64{e.Rows, e.Positives, e.Alerts, e.Hits} {
		if !(v >= 0) || math.IsInf(v, 0) {
			fault("evidence: count %v: want finite numbers >= 0", v)
			break
		}
	}
	return faults
}

// Parse reads a policy's JSON and validates it. Unknown fields and anything
// behind the document are refused.
func Parse(text []byte) (*Policy, error) {
	p := &Policy{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("cannot read policy: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("cannot read policy: there is more behind the document")
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return p, nil
}
