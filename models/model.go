package models

import (
	"fmt"
	"time"

	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets"
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
	return m, nil
}

// Ref returns the model's name, version and digest.
func (m *Model) Ref() ModelRef { return m.ref }

// Bundle returns the bundle.
func (m *Model) Bundle() *Bundle { return m.bundle }

// Policy returns the policy in force and its version.
func (m *Model) Policy() (*policy.Policy, int) { return m.policy, m.version }

// Claims returns the columns that a claim may carry.
func (m *Model) Claims() *datasets.TableSpec { return m.bundle.Claims }

// Decide scores one claim and gives up to reasons reasons. Columns that the
// row lacks make the answer degraded; they are never filled with a mean.
func (m *Model) Decide(row *datasets.Row, reasons int) (*Decision, error) {
	id, err := claimID(m.bundle.Claims, row)
	if err != nil {
		return nil, err
	}
	x, err := m.bundle.Pipeline.Vector(nil, row.Record)
	if err != nil {
		return nil, fmt.Errorf("cannot score claim: %w", err)
	}
	d := m.decide(id, m.bundle.Forest.Raw(x))
	d.Missing = append([]string{}, m.bundle.Pipeline.Missing(row.Absent)...)
	d.Degraded = len(d.Missing) > 0
	m.addReasons(d, x, reasons)
	return d, nil
}

// decide does what depends on the margin and the claim's id alone.
func (m *Model) decide(id string, margin float64) *Decision {
	probability := m.bundle.Calibrate.Calibrator.Probability(margin)
	tier := m.policy.Tier(probability)
	d := &Decision{
		ClaimID:     id,
		Stage:       m.bundle.Manifest.Stage,
		Margin:      Margin(margin),
		Probability: Probability(probability),
		Score:       Score(m.bundle.Calibrate.Scale.Score(margin)),
		Tier:        tier,
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
// for bit, as Decide gives one by one. claims must have the columns of the
// pipeline and the key.
func (m *Model) Assess(claims *datasets.Table, threads int) ([]*Decision, error) {
	ids, err := claims.Strings(m.bundle.Claims.Key)
	if err != nil {
		return nil, fmt.Errorf("cannot score claims: %w", err)
	}
	matrix, err := m.bundle.Pipeline.Run(claims)
	if err != nil {
		return nil, fmt.Errorf("cannot score claims: %w", err)
	}
	margins := make([]float64, len(ids))
	m.bundle.Forest.RawBatch(margins, matrix.Columns, threads)
	out := make([]*Decision, len(ids))
	for i, id := range ids {
		out[i] = m.decide(id, margins[i])
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
