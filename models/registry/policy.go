package registry

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// AddPolicy stores a policy for a model and returns its number: 1, 2, 3, ... in
// the order of arrival. raw must be JSON and is kept byte for byte; what it says
// is not looked at. A model without a published version gets none.
func (r *Registry) AddPolicy(name string, raw []byte) (n int, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("cannot add policy to model %.80q: %w", name, err)
		}
	}()
	if !json.Valid(raw) {
		return 0, errors.New("the policy is not JSON")
	}
	m, err := r.existing(name)
	if err != nil {
		return 0, err
	}
	if err := m.create(); err != nil {
		return 0, err
	}
	held, err := lock(m.path(".lock"))
	if err != nil {
		return 0, err
	}
	defer held.Close()
	numbers, err := m.policyNumbers()
	if err != nil {
		return 0, err
	}
	n = 1 + last(numbers)
	// The digest comes first: a policy is there when its own file is.
	if err := m.replace(m.policyDigestFile(n), policyDigest(n, raw)); err != nil {
		return 0, err
	}
	if err := m.replace(m.policyFile(n), raw); err != nil {
		return 0, err
	}
	return n, nil
}

// policyDigest is the digest file of a policy, in the format of sha256sum.
func policyDigest(n int, raw []byte) []byte {
	return fmt.Appendf(nil, "%x  %d.json\n", sha256.Sum256(raw), n)
}

// Policies returns the numbers of a model's policies, ascending; none for a
// model that does not exist.
func (r *Registry) Policies(name string) ([]int, error) {
	if err := CheckName(name); err != nil {
		return nil, fmt.Errorf("cannot list policies: %w", err)
	}
	numbers, err := r.room(name).policyNumbers()
	if err != nil {
		return nil, fmt.Errorf("cannot list policies of model %q: %w", name, err)
	}
	return numbers, nil
}

// Policy returns policy n of a model, byte for byte as it was added: one that
// does not fit its digest file is refused. The error of a policy that does not
// exist wraps [ErrNotFound].
func (r *Registry) Policy(name string, n int) ([]byte, error) {
	if err := CheckName(name); err != nil {
		return nil, fmt.Errorf("cannot read policy: %w", err)
	}
	m := r.room(name)
	raw, err := os.ReadFile(m.policyFile(n))
	if errors.Is(err, fs.ErrNotExist) {
		if err := m.checkPolicy(n); err != nil {
			return nil, fmt.Errorf("cannot read policy: %w", err)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read policy %d of model %q: %w", n, name, err)
	}
	digest, err := os.ReadFile(m.policyDigestFile(n))
	if err != nil {
		return nil, fmt.Errorf("cannot trust policy %d of model %q: %w", n, name, err)
	}
	if !bytes.Equal(digest, policyDigest(n, raw)) {
		return nil, fmt.Errorf("cannot trust policy %d of model %q: %s was altered after it was added, or its digest %s was; add it again", n, name, m.policyFile(n), m.policyDigestFile(n))
	}
	return raw, nil
}

// checkPolicy returns an error unless policy n exists.
func (m room) checkPolicy(n int) error {
	numbers, err := m.policyNumbers()
	if err != nil {
		return err
	}
	if !slices.Contains(numbers, n) {
		return fmt.Errorf("model %q has no policy %d, it has %s: %w", m.name, n, list(numbers), ErrNotFound)
	}
	return nil
}
