package history

import (
	"fmt"

	"claimsieve/datasets"
)

// checkClaim returns a check of one row of the claims table after the other.
// The digests of the clocks that a row has reached are filled in, 0 for others.
func (f *folding) checkClaim() func(i int, r *row, digests []uint64) error {
	first := map[int32][]uint64{} // what the record said of claims so far
	return func(i int, r *row, digests []uint64) error {
		if r.claim < 0 {
			return fmt.Errorf("key %q is null; give the claim its id", f.table.source.Claim)
		}
		if err := f.checkLinks(r); err != nil {
			return err
		}
		before := first[r.claim]
		if f.d.n > 1 && before == nil {
			before = make([]uint64, len(r.clocks))
			first[r.claim] = before
		}
		for c, at := range r.clocks {
			if at == datasets.NoTime {
				continue
			}
			sum := f.table.digest(digest(digestStart), r, c, f.codes).sum32()
			digests[c] = uint64(sum)
			old := f.claims.digest(r.claim, c)
			if old == 0 && before != nil {
				old = uint32(before[c])
			}
			if old != 0 && old != sum {
				return f.changed(r.claim, c)
			}
			if before != nil {
				before[c] = uint64(sum)
			}
			if f.claims.digest(r.claim, c) == 0 && (c == 0 || f.claims.digest(r.claim, 0) != 0) {
				f.arrivals[i] = max(f.arrivals[i], at) // what it brings is known from then on
			}
		}
		return nil
	}
}

// changed is the error for a claim of which a value is another than before.
func (f *folding) changed(claim int32, clock int) error {
	stage := "the report"
	if clock > 0 {
		stage = "stage " + f.table.source.Stages[clock-1].String()
	}
	return fmt.Errorf("claim %q has other columns of %s than when it was folded, and answers were given from those: a change has to be a row of its own, or the state built anew",
		f.codes.claims.word(claim), stage)
}

// foldClaim folds a row of the claims table: the clocks that it brings.
func (s *State) foldClaim(t *tableLayout, r *row, digests []uint64) error {
	fresh := s.claims.digest(r.claim, 0) == 0
	if fresh {
		s.claims.there++
		s.waiting.adopt(r.claim)
	}
	for c, sum := range digests {
		if sum == 0 || s.claims.digest(r.claim, c) != 0 {
			continue
		}
		at := r.clocks[c]
		if c == 0 || !fresh {
			var err error
			if at, err = s.arrive(at); err != nil {
				return err
			}
		}
		if c > 0 {
			at = max(at, s.claims.known(r.claim, 0))
		}
		s.claims.clocks[c].digest[r.claim] = uint32(sum)
		s.claims.clocks[c].known[r.claim] = at
		if c == 0 {
			s.claims.happened[r.claim] = r.happened
		}
		if err := s.reach(t, r, c, at); err != nil {
			return err
		}
	}
	return nil
}

// reach folds what a claim brings at a clock, and what waited for it.
func (s *State) reach(t *tableLayout, r *row, clock int, at int64) error {
	for _, k := range s.layout.keptAt[clock] {
		s.claims.keys[k][r.claim] = r.keys[s.layout.kept[k]]
	}
	r.known[clock] = at
	for i := range t.streams {
		if u := &t.streams[i]; u.row == clock {
			if err := s.foldEvent(u, r, r.claim, at); err != nil {
				return err
			}
		}
	}
	for _, u := range t.edges {
		if u.row == clock && r.keys[u.key] >= 0 {
			if err := s.planFor(planned{at: at, story: -1, edge: edge{r.claim, u.space, r.keys[u.key], u.kind}}); err != nil {
				return err
			}
		}
	}
	for _, u := range t.stories {
		if u.clock == clock {
			if err := s.tellClaim(u.place, r, at); err != nil {
				return err
			}
		}
	}
	if err := s.release(r.claim, clock, at); err != nil {
		return err
	}
	return s.releaseOutcomes(r.claim, clock, at)
}

// release folds the parts of rows that waited for a clock of their claim.
func (s *State) release(claim int32, clock int, at int64) error {
	if _, there := s.waiting.rows[claim]; !there {
		return nil
	}
	var rest []byte
	err := s.waiting.of(s.layout, claim, func(w *waits) error {
		if w.clocks>>clock&1 == 1 {
			w.clocks &^= 1 << clock
			t := s.layout.tables[s.layout.names[w.place]]
			if err := s.foldParts(t, &w.row, clock, at); err != nil {
				return err
			}
		}
		if w.clocks != 0 {
			rest = appendRow(rest, &w.row, w.place, w.clocks)
		}
		return nil
	})
	if len(rest) == 0 {
		delete(s.waiting.rows, claim)
	} else {
		s.waiting.rows[claim] = rest
	}
	return err
}
