package history

import (
	"slices"

	"claimsieve/datasets"
	"claimsieve/features/window"
)

// outcome is one of a claim's outcomes, as it is remembered.
type outcome struct {
	known int64
	label datasets.Label
}

// outcomes appends the outcomes of a claim, in the order in which they came.
func (s *State) outcomes(dst []outcome, claim int32) []outcome {
	from := len(dst)
	for t := s.trail(claim); t.next(); {
		if s.layout.tables[s.layout.names[t.place]].labels {
			dst = append(dst, outcome{t.known, t.label})
		}
	}
	slices.Reverse(dst[from:])
	return dst
}

func (s *State) trail(claim int32) trail {
	var t trail
	t.start(s, claim)
	return t
}

// foldOutcome folds an outcome that is not remembered yet.
func (s *State) foldOutcome(r *row) error {
	var last datasets.Label
	any := false
	for t := s.trail(r.claim); !any && t.next(); {
		if s.layout.tables[s.layout.names[t.place]].labels {
			last, any = t.label, true
		}
	}
	for clock, groups := range s.layout.fraud {
		reached := s.claims.known(r.claim, clock)
		if reached == datasets.NoTime {
			continue // it is made up for when the claim gets there
		}
		for _, g := range groups {
			var before count
			if any {
				before = s.plan.Groups[g].Outcomes.of(last)
			}
			if err := s.foldChange(g, r.claim, max(r.known[0], reached), before, s.plan.Groups[g].Outcomes.of(r.label)); err != nil {
				return err
			}
		}
	}
	if reached := s.claims.known(r.claim, 0); s.graph != nil && reached != datasets.NoTime {
		return s.graph.judge(max(r.known[0], reached), verdict{r.claim, r.label == datasets.Confirmed})
	}
	return nil
}

// releaseOutcomes folds the outcomes that came before their claim reached a
// clock.
func (s *State) releaseOutcomes(claim int32, clock int, at int64) error {
	if len(s.layout.fraud[clock]) == 0 && (s.graph == nil || clock > 0) {
		return nil
	}
	told := s.outcomes(nil, claim)
	for _, g := range s.layout.fraud[clock] {
		var before count
		for _, o := range told {
			now := s.plan.Groups[g].Outcomes.of(o.label)
			if err := s.foldChange(g, claim, max(o.known, at), before, now); err != nil {
				return err
			}
			before = now
		}
	}
	if s.graph == nil || clock > 0 {
		return nil
	}
	for _, o := range told {
		if err := s.graph.judge(max(o.known, at), verdict{claim, o.label == datasets.Confirmed}); err != nil {
			return err
		}
	}
	return nil
}

// foldChange folds by how much an outcome changes the counts of a rate.
func (s *State) foldChange(g int, claim int32, at int64, before, now count) error {
	if now == before {
		return nil
	}
	group := &s.plan.Groups[g]
	s.keys = s.keys[:0]
	if group.Space == EveryRow {
		s.keys = append(s.keys, 0)
	} else {
		s.keys = s.keptKeys(s.keys, group, claim)
	}
	change := count{now.concluded - before.concluded, now.confirmed - before.confirmed}
	for _, key := range s.keys {
		e := window.Event{Key: key, Happened: s.claims.happened[claim], Known: at, Owner: claim}
		if err := s.foldCounts(g, e, change); err != nil {
			return err
		}
	}
	return nil
}
