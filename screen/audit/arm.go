package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// MinKeyBytes is the least length of an arm's key: one that can be guessed
// would tell who is never audited.
const MinKeyBytes = 16

// Arm chooses claims for a random audit. The choice depends on the key and the
// claim id alone: it cannot be steered by resubmitting a claim, the same claim
// is chosen at every stage, and it can be checked afterwards by who has the
// key. The zero value chooses nobody.
type Arm struct {
	Key   []byte  `json:"-"` // secret; never written out
	Share float64 `json:"share"`
}

// Validate lists every fault at once. An arm of share 0 needs no key.
func (a Arm) Validate() error {
	var faults []error
	if !(a.Share >= 0 && a.Share <= 1) {
		faults = append(faults, fmt.Errorf("share %v: want 0 to 1", a.Share))
	}
	if a.Share != 0 && len(a.Key) < MinKeyBytes {
		faults = append(faults, fmt.Errorf("a key of %d bytes: want at least %d random ones", len(a.Key), MinKeyBytes))
	}
	if len(faults) > 0 {
		return fmt.Errorf("cannot use audit arm: %w", errors.Join(faults...))
	}
	return nil
}

// active reports whether the arm chooses anybody.
func (a Arm) active() bool { return len(a.Key) > 0 && a.Share > 0 }

// Selected reports whether the claim is in the arm: the first 8 bytes of
// HMAC-SHA256(Key, claimID), big-endian and read as a fraction of 1 in 53 bits,
// are below Share. False without a key, or for an empty claim id, which would
// choose all nameless claims or none.
func (a Arm) Selected(claimID string) bool {
	if !a.active() || claimID == "" {
		return false
	}
	h := hmac.New(sha256.New, a.Key)
	h.Write([]byte(claimID))
	bits := binary.BigEndian.Uint64(h.Sum(nil))
	return float64(bits>>11)/(1<<53) < a.Share
}

// Propensity returns the chance with which a claim is investigated: 1 with an
// alert, otherwise the share of the arm, cut to [0, 1].
func (a Arm) Propensity(alerted bool) float64 {
	switch {
	case alerted:
		return 1
	case !a.active():
		return 0
	}
	return min(1, a.Share)
}

// String hides the key.
func (a Arm) String() string {
	return fmt.Sprintf("audit arm of %g, key of %d bytes", a.Share, len(a.Key))
}

// GoString hides the key.
func (a Arm) GoString() string { return a.String() }
