package history

import (
	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
)

// Holds says whether a row of the claims table with the id of the one claim in
// rec was folded.
func (s *State) Holds(rec arrow.Record) bool {
	id, there, err := wordOf(nil, rec, s.plan.claims().Claim)
	if err != nil || !there {
		return false
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	code := s.codes.claims.findBytes(id)
	return code >= 0 && s.claims.known(code, 0) != datasets.NoTime
}
