package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"claimsieve/models"
	"claimsieve/models/registry"
	"claimsieve/screen/policy"
)

// newestPolicy is a version with the newest of its policies.
func newestPolicy(reg *registry.Registry, name string, version int) (registry.Target, error) {
	if err := knownModel(reg, name); err != nil {
		return registry.Target{}, err
	}
	if _, err := reg.Path(name, version); err != nil {
		return registry.Target{}, err
	}
	policies, err := reg.Policies(name)
	if err != nil {
		return registry.Target{}, err
	}
	for i := len(policies) - 1; i >= 0; i-- {
		text, err := reg.Policy(name, policies[i])
		if err != nil {
			return registry.Target{}, err
		}
		pol, err := policy.Parse(text)
		if err != nil {
			return registry.Target{}, fmt.Errorf("policy %d of model %q: %w", policies[i], name, err)
		}
		if pol.Model.Version == version {
			return registry.Target{Version: version, Policy: policies[i]}, nil
		}
	}
	return registry.Target{Version: version}, fmt.Errorf("cannot use version %d of model %q: %w", version, name, errNoPolicy)
}

// bindPolicy gives a version the policy that was fitted with it, bound to the
// version's number and digest, and returns both.
func bindPolicy(reg *registry.Registry, name string, version int) (registry.Target, error) {
	path, err := reg.Path(name, version)
	if err != nil {
		return registry.Target{}, err
	}
	bundle, err := models.Load(path)
	if err != nil {
		return registry.Target{}, err
	}
	pol := *bundle.Policy
	pol.Model = policy.Model{Name: name, Version: version, Digest: bundle.Manifest.Digest}
	raw, err := json.MarshalIndent(&pol, "", " ")
	if err != nil {
		return registry.Target{}, fmt.Errorf("cannot write policy: %w", err)
	}
	n, err := reg.AddPolicy(name, raw)
	return registry.Target{Version: version, Policy: n}, err
}

// errNoPolicy tells that a version has no policy in the registry: whoever
// published it ended in between.
var errNoPolicy = errors.New("no policy was made for it; promote it to use the one that was fitted with it, or fit one with claimsieve policy fit")

// auditKeyFile lies in the registry's folder. Who knows the key can tell which
// claims will be audited, so that only the owner may read it.
const auditKeyFile = "audit.key"

const auditKeyBytes = 32

// auditKey reads the key of the audit arm, and makes it where there is none.
func auditKey(registryDir string) ([]byte, error) {
	path := filepath.Join(registryDir, auditKeyFile)
	for {
		text, err := os.ReadFile(path)
		if err == nil {
			key, err := hex.DecodeString(strings.TrimSpace(string(text)))
			if err != nil || len(key) != auditKeyBytes {
				return nil, fmt.Errorf("cannot read audit key %s: want %d bytes as %d hex digits", path, auditKeyBytes, 2*auditKeyBytes)
			}
			return key, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("cannot read audit key: %w", err)
		}
		if err := makeAuditKey(registryDir, path); err != nil {
			return nil, err
		}
	}
}

// makeAuditKey writes the key beside and links it into place, so that two
// programs that start at once end up with the same key.
func makeAuditKey(dir, path string) error {
	key := make([]byte, auditKeyBytes)
	if _, err := rand.Read(key); err != nil {
		return fmt.Errorf("cannot make audit key: %w", err)
	}
	beside, err := os.CreateTemp(dir, ".audit.key.*") // created with mode 0600
	if err != nil {
		return fmt.Errorf("cannot make audit key: %w", err)
	}
	defer os.Remove(beside.Name())
	_, err = beside.WriteString(hex.EncodeToString(key) + "\n")
	err = errors.Join(err, beside.Sync(), beside.Close())
	if err != nil {
		return fmt.Errorf("cannot make audit key: %w", err)
	}
	if err := os.Link(beside.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("cannot make audit key: %w", err)
	}
	return nil
}

// openModel opens NAME [VERSION] for scoring.
func openModel(dir, name string, version []string) (*models.Model, error) {
	reg, err := registry.OpenExisting(dir)
	if err != nil {
		return nil, err
	}
	target, err := chosenTarget(reg, name, version)
	if err != nil {
		return nil, err
	}
	key, err := auditKey(dir)
	if err != nil {
		return nil, err
	}
	return models.OpenTarget(reg, name, target, key, time.Now())
}

// readCard reads a bundle's model card.
func readCard(dir string) (string, error) {
	card, err := os.ReadFile(filepath.Join(dir, "card.md"))
	if err != nil {
		return "", fmt.Errorf("cannot read model card: %w", err)
	}
	return string(card), nil
}
