package models

import (
	"fmt"
	"time"

	"claimsieve/models/registry"
	"claimsieve/screen/audit"
	"claimsieve/screen/policy"
)

// Open loads what an alias of a registry stands for: the bundle, verified and
// self-tested, with its policy and the audit arm of that policy under the given
// secret key. key may be nil only when the policy audits nobody. at is the
// time at which the policy must be in force.
func Open(reg *registry.Registry, name, alias string, key []byte, at time.Time) (*Model, error) {
	aliases, err := reg.Aliases(name)
	if err != nil {
		return nil, err
	}
	target, ok := aliases[alias]
	if !ok {
		return nil, fmt.Errorf("cannot open model %q: it has no %s; publish a version and promote it (claimsieve model promote)", name, alias)
	}
	return OpenTarget(reg, name, target, key, at)
}

// OpenTarget is [Open] for a version and a policy named by number.
func OpenTarget(reg *registry.Registry, name string, target registry.Target, key []byte, at time.Time) (*Model, error) {
	dir, err := reg.Path(name, target.Version)
	if err != nil {
		return nil, err
	}
	bundle, err := Load(dir)
	if err != nil {
		return nil, err
	}
	text, err := reg.Policy(name, target.Policy)
	if err != nil {
		return nil, err
	}
	pol, err := policy.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("cannot open model %q: policy %d: %w", name, target.Policy, err)
	}
	if pol.Audit.Share > 0 && len(key) == 0 {
		return nil, fmt.Errorf("cannot open model %q: policy %d audits %g of the claims at random and no audit key was given", name, target.Policy, pol.Audit.Share)
	}
	ref := ModelRef{Name: name, Version: target.Version, Digest: bundle.Manifest.Digest}
	return NewModel(bundle, ref, pol, target.Policy, audit.Arm{Key: key, Share: pol.Audit.Share}, at)
}
