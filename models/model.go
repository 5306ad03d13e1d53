package models

import (
	"fmt"
	"slices"
	"time"

	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/models/explain"
	"claimsieve/screen/audit"
	"claimsieve/screen/policy"
)

// Model is a bundle with the policy and the audit arm that are in force: it
// decides. It is immutable and safe for concurrent use.
type Model struct {
	bundle  *Bundle
	ref     ModelRef
	policy  *policy.Policy
	version int // of the policy
	arm     audit.Arm
	explain *explain.Explainer
	index   map[string]int // of each indicator in the vector
	rules   []int          // the indicator of each rule of the policy
}

// NewModel binds a policy and an audit arm to a loaded bundle. The policy must
// be valid, within its term at the given time, and made for this version.
func NewModel(b *Bundle, ref ModelRef, pol *policy.Policy, policyVersion int, arm audit.Arm, at time.Time) (*Model, error) {
	if ref.Digest != b.Manifest.Digest {
		return nil, fmt.Errorf("cannot use version %d of model %q: its digest is %s, wanted %s", ref.Version, ref.Name, b.Manifest.Digest, ref.Digest)
	}
	if err := pol.ValidateFor(policy.Model{Name: ref.Name, Version: ref.Version, Digest: ref.Digest}, at); err != nil {
		return nil, err
	}
	if err := arm.Validate(); err != nil {
		return nil, err
	}
	explainer, err := explain.New(b.Forest)
	if err != nil {
		return nil, fmt.Errorf("cannot explain version %d of model %q: %w", ref.Version, ref.Name, err)
	}
	m := &Model{bundle: b, policy: pol, version: policyVersion, arm: arm, explain: explainer, ref: ref, index: map[string]int{}}
	for j, name := range b.Pipeline.Names() {
		m.index[name] = j
	}
	if m.rules, err = b.Rules(pol); err != nil {
		return nil, err
	}
	return m, nil
}

// Rules returns, for each rule of a policy, its indicator's place in the vector.
// A rule that names none, or one that is no truth, is refused: it would never
// fire, and nobody would know.
func (b *Bundle) Rules(pol *policy.Policy) ([]int, error) {
	names := b.Pipeline.Names()
	places := make([]int, len(pol.Rules))
	for i, r := range pol.Rules {
		places[i] = slices.Index(names, r.Indicator)
		switch {
		case places[i] < 0:
			return nil, fmt.Errorf("cannot use policy of model %q: its rule %q is no indicator of the model", pol.Model.Name, r.Indicator)
		case !b.Pipeline.IsTruth(places[i]):
			return nil, fmt.Errorf("cannot use policy of model %q: its rule %q is an indicator that is neither true nor false", pol.Model.Name, r.Indicator)
		}
	}
	return places, nil
}

// Ref returns the model's name, version and digest.
func (m *Model) Ref() ModelRef { return m.ref }

// Bundle returns the bundle.
func (m *Model) Bundle() *Bundle { return m.bundle }

// Policy returns the policy in force and its version.
func (m *Model) Policy() (*policy.Policy, int) { return m.policy, m.version }

// Claims returns the columns that a claim may carry.
func (m *Model) Claims() *datasets.TableSpec { return m.bundle.Claims() }

// Decide scores one claim and gives up to reasons reasons. past is what the
// history says about it; nil means that nothing is known of it. Columns that
// the row lacks and tables that the history lacks make the answer degraded;
// they are never filled with a mean.
func (m *Model) Decide(row *datasets.Row, past *features.Past, reasons int) (*Decision, error) {
	id, err := claimID(m.bundle.Claims(), row)
	if err != nil {
		return nil, err
	}
	x, err := m.bundle.Pipeline.Vector(nil, row.Record, past)
	if err != nil {
		return nil, fmt.Errorf("cannot score claim: %w", err)
	}
	d := m.decide(id, m.bundle.Forest.Raw(x), func(j int) float64 { return x[j] })
	if !m.bundle.Pipeline.HasInstant(row.Record) {
		past = nil // what the history says is missing, and has to be said
	}
	d.Missing = append([]string{}, m.bundle.Pipeline.Missing(row.Absent, past)...)
	d.Degraded = len(d.Missing) > 0
	m.addReasons(d, x, reasons)
	return d, nil
}

// decide does what depends on the margin, the claim's id and the indicators of
// the policy's rules alone.
func (m *Model) decide(id string, margin float64, indicator func(j int) float64) *Decision {
	probability := m.bundle.Calibrate.Calibrator.Probability(margin)
	fired := make([]bool, len(m.rules))
	for i, j := range m.rules {
		fired[i] = indicator(j) == 1
	}
	tier, rules := m.policy.Raise(m.policy.Tier(probability), fired)
	d := &Decision{
		ClaimID:     id,
		Stage:       m.bundle.Manifest.Stage,
		Margin:      Margin(margin),
		Probability: Probability(probability),
		Score:       Score(m.bundle.Calibrate.Scale.Score(margin)),
		Tier:        tier,
		Rules:       rules,
		TierTitle:   datasets.Title{EN: tier.TitleEN(), ZH: tier.TitleZH()},
		Propensity:  m.arm.Propensity(tier == policy.Investigate),
		Model:       m.ref,
		Policy:      PolicyRef{Version: m.version},
	}
	switch {
	case tier == policy.Investigate:
		d.SelectedBy = SelectedByAlert
	case m.arm.Selected(id):
		d.SelectedBy = SelectedByAudit
	}
	return d
}

// Assess scores many claims at once, without reasons: the same margins, bit
// for bit, as Decide gives one by one. in was read by the bundle's pipeline.
func (m *Model) Assess(in *features.Input, threads int) ([]*Decision, error) {
	ids, err := in.Claims().Strings(m.bundle.Claims().Key)
	if err != nil {
		return nil, fmt.Errorf("cannot score claims: %w", err)
	}
	matrix, err := m.bundle.Pipeline.Run(in)
	if err != nil {
		return nil, fmt.Errorf("cannot score claims: %w", err)
	}
	margins := make([]float64, len(ids))
	m.bundle.Forest.RawBatch(margins, matrix.Columns, threads)
	out := make([]*Decision, len(ids))
	for i, id := range ids {
		out[i] = m.decide(id, margins[i], func(j int) float64 { return matrix.Columns[j][i] })
	}
	return out, nil
}

func claimID(claims *datasets.TableSpec, row *datasets.Row) (string, error) {
	idx := row.Record.Schema().FieldIndices(claims.Key)
	if len(idx) == 1 {
		if a, ok := row.Record.Column(idx[0]).(*array.String); ok && a.Len() == 1 && a.IsValid(0) && a.Value(0) != "" {
			return a.Value(0), nil
		}
	}
	return "", fmt.Errorf("cannot score claim: it has no %s", claims.Key)
}
