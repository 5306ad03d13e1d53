package history

import (
	"fmt"
	"slices"

	"claimsieve/datasets"
)

// rowDigest is the digest of a row of another table than claims: what the plan
// reads of it at the report, its claim and, when it is identified, its key.
func (s *State) rowDigest(t *tableLayout, r *row, identified bool, id digest) digest {
	sum := digest(digestStart).number(uint64(t.place))
	sum = s.codes.claims.digestWord(sum, r.claim)
	if identified {
		sum = sum.number(uint64(id))
	}
	return t.digest(sum, r, 0, s.codes)
}

// idDigest is the digest of a row's key.
func (f *folding) idDigest(i int) digest {
	id, there := f.ids(i)
	if !there {
		return 0
	}
	return digest(digestStart).word([]byte(id))
}

// numbered is the digest of a row with how many equal ones came before it in
// the record.
func (f *folding) numbered(i int, r *row) uint64 {
	var id digest
	if f.ids != nil {
		id = f.idDigest(i)
	}
	sum := f.rowDigest(f.table, r, f.ids != nil, id)
	if f.d.n == 1 {
		return sum.number(0).sum()
	}
	if f.copies == nil {
		f.copies = map[uint64]uint64{}
	}
	plain := sum.sum()
	sum = sum.number(f.copies[plain])
	f.copies[plain]++
	return sum.sum()
}

// checkRow works out what is new of a row: its digests of the clocks that are,
// 0 for those that are not, and behind them the digests of what they say.
func (f *folding) checkRow(i int, r *row, digests []uint64) error {
	if f.table.owned {
		if err := f.checkLinks(r); err != nil {
			return err
		}
	}
	id := f.numbered(i, r)
	fresh := !f.seen.has(id)
	if fresh {
		digests[0] = id
	}
	f.arrivals[i] = r.clocks[0]
	for c := 1; c < len(r.clocks); c++ {
		if r.clocks[c] == datasets.NoTime {
			continue
		}
		reached, content := f.stageDigests(f.table, id, r, c)
		switch {
		case !f.seen.has(reached):
			digests[c], digests[len(r.clocks)+c] = reached, content
		case !f.seen.has(content):
			return fmt.Errorf("it has other columns of stage %s than when it was folded, and answers were given from those", f.table.source.Stages[c-1])
		}
		if !fresh && digests[c] != 0 {
			f.arrivals[i] = max(f.arrivals[i], r.clocks[c])
		}
	}
	return nil
}

// stageDigests are the digests that say that a row reached a stage, and with
// which columns.
func (s *State) stageDigests(t *tableLayout, id uint64, r *row, clock int) (reached, content uint64) {
	sum := digest(id).number(uint64(clock))
	return sum.sum(), t.digest(sum, r, clock, s.codes).sum()
}

// foldRow folds the parts of a row that are new.
func (f *folding) foldRow(t *tableLayout, r *row, digests []uint64) error {
	fresh := digests[0] != 0
	for c, sum := range digests[:len(r.clocks)] {
		if sum == 0 {
			continue
		}
		at := r.clocks[c]
		if c == 0 || !fresh {
			var err error
			if at, err = f.arrive(at); err != nil {
				return err
			}
		}
		if c > 0 && fresh {
			at = max(at, r.known[0])
		}
		r.known[c] = at
		f.seen.add(sum)
		if c > 0 {
			f.seen.add(digests[len(r.clocks)+c])
		}
	}
	return f.enter(t, r)
}

// enter folds what is new of a row, or lets it wait for its claim.
func (s *State) enter(t *tableLayout, r *row) error {
	for j, u := range t.joins {
		if r.known[u.clock] != datasets.NoTime {
			if err := s.joins[u.place].add(r.keys[s.plan.Joins[u.place].Key], r.known[u.clock], r.cells[j]); err != nil {
				return err
			}
		}
	}
	if !t.owned {
		for i := range t.streams {
			if u := &t.streams[i]; r.known[u.row] != datasets.NoTime {
				if err := s.foldEvent(u, r, -1, r.known[u.row]); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if r.claim < 0 {
		return nil
	}
	if s.claims.digest(r.claim, 0) == 0 && s.waits(t) {
		s.waiting.orphan(r.claim)
	}
	if t.labels && r.known[0] != datasets.NoTime {
		if err := s.foldOutcome(r); err != nil {
			return err
		}
	}
	s.recall(t, r)
	for c := range r.known {
		if r.known[c] != datasets.NoTime {
			s.linked(t, r, c)
		}
	}
	return s.fold(t, r)
}

// waits says whether rows of a table take memory while their claim is not there.
func (s *State) waits(t *tableLayout) bool {
	return t.recalls || len(t.streams)+len(t.edges) > 0
}

// recall remembers a row with its claim.
func (s *State) recall(t *tableLayout, r *row) {
	if !t.recalls {
		return
	}
	for c, known := range r.known {
		if known == datasets.NoTime {
			continue
		}
		one := ownRow{place: t.place, clock: c, known: known, happened: r.happened, label: r.label}
		for _, a := range t.asks {
			if a.clock == c {
				one.keys = append(one.keys, r.keys[a.key])
			}
		}
		if c == 0 || len(one.keys) > 0 {
			s.own.add(r.claim, &one, t.labels)
		}
	}
}

// fold folds the parts of a row whose claim is far enough, and lets the row wait
// for the others.
func (s *State) fold(t *tableLayout, r *row) error {
	var pending uint8
	for clock := range s.claims.clocks {
		if !t.needs(r, clock) {
			continue
		}
		known := s.claims.known(r.claim, clock)
		if known == datasets.NoTime {
			pending |= 1 << clock
			continue
		}
		if err := s.foldParts(t, r, clock, known); err != nil {
			return err
		}
	}
	if pending != 0 {
		s.waiting.add(r, t.place, pending)
	}
	return nil
}

// needs says whether new parts of a row depend on a clock of its claim.
func (t *tableLayout) needs(r *row, clock int) bool {
	for i := range t.streams {
		if u := &t.streams[i]; u.claim == clock && r.known[u.row] != datasets.NoTime {
			return true
		}
	}
	for i := range t.edges {
		if u := &t.edges[i]; u.claim == clock && r.known[u.row] != datasets.NoTime && r.keys[u.key] >= 0 {
			return true
		}
	}
	return false
}

// foldParts folds the new parts of a row that depend on a clock which its claim
// reached at an instant.
func (s *State) foldParts(t *tableLayout, r *row, clock int, reached int64) error {
	for i := range t.streams {
		u := &t.streams[i]
		if u.claim != clock || r.known[u.row] == datasets.NoTime {
			continue
		}
		if err := s.foldEvent(u, r, r.claim, max(r.known[u.row], reached)); err != nil {
			return err
		}
	}
	for _, u := range t.edges {
		if u.claim != clock || r.known[u.row] == datasets.NoTime || r.keys[u.key] < 0 {
			continue
		}
		at := max(r.known[u.row], reached)
		if err := s.planFor(planned{at: at, story: -1, edge: edge{r.claim, u.space, r.keys[u.key], u.kind}}); err != nil {
			return err
		}
	}
	return nil
}

// foldEvent makes events of a row that is known from an instant on.
func (s *State) foldEvent(u *streamUnit, r *row, owner int32, at int64) error {
	group, e := &s.plan.Groups[u.group], &s.event
	e.Happened, e.Known, e.Marks, e.Owner = r.happened, at, r.marks&u.marks, owner
	if group.Own {
		e.Owner = -1
	}
	e.Values, e.Codes = e.Values[:0], e.Codes[:0]
	for _, v := range group.Values {
		e.Values = append(e.Values, r.values[v])
	}
	for _, w := range group.Words {
		e.Codes = append(e.Codes, r.words[w])
	}
	s.keys = s.eventKeys(s.keys[:0], group, r)
	for _, key := range s.keys {
		e.Key = key
		if err := s.groups[u.group].Fold(*e); err != nil {
			return err
		}
		for v, x := range e.Values {
			s.totals[u.group][v] = addTotal(s.totals[u.group][v], x)
		}
	}
	return nil
}

// eventKeys appends the keys of an event, each once.
func (s *State) eventKeys(dst []int32, group *Group, r *row) []int32 {
	switch {
	case group.Space == EveryRow:
		return append(dst, 0)
	case group.Own:
		return append(dst, r.claim)
	case group.Through:
		return s.keptKeys(dst, group, r.claim)
	}
	for _, k := range group.Keys {
		dst = appendKey(dst, r.keys[k])
	}
	return dst
}

// appendKey appends a key that is one and not there yet.
func appendKey(dst []int32, key int32) []int32 {
	if key < 0 || slices.Contains(dst, key) {
		return dst
	}
	return append(dst, key)
}

// keptKeys appends the keys that a group reads of a claim.
func (s *State) keptKeys(dst []int32, group *Group, claim int32) []int32 {
	for _, k := range group.Keys {
		dst = appendKey(dst, s.claims.keys[s.layout.keptPlace(k)][claim])
	}
	return dst
}
