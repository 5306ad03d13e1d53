package history

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"claimsieve/datasets"
	"claimsieve/features/window"
)

// Merge adds another part of the history, of the same plan: the state then
// answers as if all rows of both had been folded into one. Every row belongs
// into one part only; the rows of a claim and the claim itself may lie in
// different ones. o is left as it is. A plan with narratives is refused, since
// their index has to see them in the order of time, and so are parts that have a
// row in common. An error that comes before anything was added says what to do;
// after another the state is broken.
func (s *State) Merge(o *State) error {
	if s == o {
		return errors.New("cannot merge a state into itself")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o.mu.RLock()
	defer o.mu.RUnlock()
	if err := s.checkMerge(o); err != nil {
		return fmt.Errorf("cannot merge states: %w", err)
	}
	m := &merging{State: s, other: o}
	for _, step := range []func() error{m.mapWords, m.mergeClaims, m.mergeGroups, m.mergeJoins, m.mergeRows, m.mergeGraph} {
		if err := step(); err != nil {
			s.broken = err
			return fmt.Errorf("cannot merge states: %w", err)
		}
	}
	return nil
}

// checkMerge refuses what does not go together.
func (s *State) checkMerge(o *State) error {
	switch {
	case s.broken != nil || o.broken != nil:
		return errors.New("one of them is broken, restore it")
	case len(s.plan.Stories) > 0:
		return errors.New("the pipeline compares narratives, which have to be told in the order of time: build one state from the whole history")
	case s.plan != o.plan && (s.plan.Digest != o.plan.Digest || s.plan.Digest == ""):
		return fmt.Errorf("one is of the plan %.40q, the other of %.40q", s.plan.Digest, o.plan.Digest)
	}
	for c := range int32(len(o.claims.happened)) {
		if o.claims.digest(c, 0) == 0 {
			continue
		}
		if id := o.codes.claims.word(c); s.claims.digest(s.codes.claims.find(id), 0) != 0 {
			return fmt.Errorf("claim %q is in both: split the history so that every row is in one part", id)
		}
	}
	for _, d := range o.seen.slots {
		if d != 0 && s.seen.has(d) {
			return errors.New("a row is in both: split the history so that every row is in one part")
		}
	}
	for g := range s.groups {
		for v := range s.totals[g] {
			if s.totals[g][v]+o.totals[g][v] >= 1<<62 {
				return errors.New("the values of an aggregate add up to 2^62 units or more: give fewer digits")
			}
		}
	}
	if len(s.own.bytes)+2*len(o.own.bytes) > maxOwnBytes {
		return fmt.Errorf("the rows of claims take %d and %d bytes: more than fit", len(s.own.bytes), len(o.own.bytes))
	}
	return nil
}

// merging is one call of Merge.
type merging struct {
	*State
	other    *State
	claim    []int32   // by the other's code, ours
	spaces   [][]int32 // the same by space
	words    map[string][][]int32
	edges    []planned
	verdicts []judged
}

type judged struct {
	at int64
	verdict
}

// mapWords gives our codes to the other's words.
func (m *merging) mapWords() (err error) {
	number := func(to, from *dictionary) []int32 {
		codes := make([]int32, from.len())
		for c := range codes {
			if codes[c], err = to.code(from.word(int32(c))); err != nil {
				return nil
			}
		}
		return codes
	}
	m.claim = number(m.codes.claims, m.other.codes.claims)
	for i, d := range m.other.codes.spaces {
		m.spaces = append(m.spaces, number(m.codes.spaces[i], d))
	}
	m.words = map[string][][]int32{}
	for _, name := range m.layout.names {
		for w, d := range m.other.codes.words[name] {
			m.words[name] = append(m.words[name], number(m.codes.words[name][w], d))
		}
	}
	return err
}

// mapped is a code of ours; none stays none.
func mapped(codes []int32, code int32) int32 {
	if code < 0 {
		return code
	}
	return codes[code]
}

// mergeClaims adds the claims, and what is remembered of their rows.
func (m *merging) mergeClaims() error {
	o := m.other
	m.claims.grow(m.codes.claims.len())
	for code := range int32(len(o.claims.happened)) {
		c := m.claim[code]
		m.claims.links[c] = uint16(min(int(m.claims.links[c])+int(o.claims.links[code]), 1<<16-1))
		there := o.claims.digest(code, 0) != 0
		if there {
			m.claims.there++
			m.claims.happened[c] = o.claims.happened[code]
			for k := range m.claims.clocks {
				m.claims.clocks[k].digest[c], m.claims.clocks[k].known[c] = o.claims.clocks[k].digest[code], o.claims.clocks[k].known[code]
			}
			for k, key := range m.layout.kept {
				m.claims.keys[k][c] = mapped(m.spaces[m.plan.claims().Keys[key].Space], o.claims.keys[k][code])
			}
		}
		if there && m.own.head(c) != 0 || !there && m.claims.digest(c, 0) != 0 && o.own.head(code) != 0 {
			if err := m.rejudge(c, code, there); err != nil {
				return err
			}
		}
		m.recallAll(c, code)
	}
	m.newest, m.bumped, m.skipped = max(m.newest, o.newest), m.bumped+o.bumped, m.skipped+o.skipped
	for name, n := range o.rows {
		m.rows[name] += n
	}
	for _, d := range o.seen.slots {
		if d != 0 {
			m.seen.add(d)
		}
	}
	return nil
}

// recallAll joins what both remember of a claim's rows, in the order in which
// they became known.
func (m *merging) recallAll(c, code int32) {
	if m.other.own.head(code) == 0 {
		return
	}
	var rows []ownRow
	collect := func(s *State, claim int32, spaces [][]int32) {
		from := len(rows)
		for t := s.trail(claim); t.next(); {
			one := t.ownRow
			one.keys = slices.Clone(t.keys)
			place := 0
			table := s.layout.tables[s.layout.names[t.place]]
			for _, a := range table.asks {
				if a.clock == t.clock {
					if spaces != nil {
						one.keys[place] = mapped(spaces[table.source.Keys[a.key].Space], one.keys[place])
					}
					place++
				}
			}
			rows = append(rows, one)
		}
		slices.Reverse(rows[from:])
	}
	collect(m.State, c, nil)
	collect(m.other, code, m.spaces)
	slices.SortStableFunc(rows, func(x, y ownRow) int { return cmp.Compare(x.known, y.known) })
	if int(c) < len(m.own.heads) {
		m.own.heads[c] = 0
	}
	for i := range rows {
		m.own.add(c, &rows[i], m.layout.tables[m.layout.names[rows[i].place]].labels)
	}
}

// rejudge makes the changes of counts of a claim whose outcomes lie in both
// parts, or in the one where the claim is not: those of the part with the claim
// are taken back, and those of all outcomes counted.
func (m *merging) rejudge(c, code int32, there bool) error {
	ours, theirs := m.outcomes(nil, c), m.other.outcomes(nil, code)
	counted, orphans := ours, theirs
	if there {
		counted, orphans = theirs, ours
	}
	if len(orphans) == 0 {
		return nil
	}
	all := slices.Concat(ours, theirs)
	slices.SortStableFunc(all, func(x, y outcome) int { return cmp.Compare(x.known, y.known) })
	for clock, groups := range m.layout.fraud {
		reached := m.claims.known(c, clock)
		if reached == datasets.NoTime {
			continue
		}
		for _, g := range groups {
			of := m.plan.Groups[g].Outcomes.of
			var before count
			for _, o := range counted {
				if err := m.foldChange(g, c, max(o.known, reached), of(o.label), before); err != nil {
					return err
				}
				before = of(o.label)
			}
			before = count{}
			for _, o := range all {
				if err := m.foldChange(g, c, max(o.known, reached), before, of(o.label)); err != nil {
					return err
				}
				before = of(o.label)
			}
		}
	}
	for _, o := range orphans {
		m.verdicts = append(m.verdicts, judged{max(o.known, m.claims.known(c, 0)), verdict{c, o.label == datasets.Confirmed}})
	}
	return nil
}

// mergeGroups adds the events of every group.
func (m *merging) mergeGroups() error {
	for g := range m.groups {
		group := &m.plan.Groups[g]
		keys := m.claim
		if group.Space != EveryRow && !group.Own {
			keys = m.spaces[group.Space]
		}
		var err error
		m.other.groups[g].All(func(e window.Event) bool {
			if group.Space != EveryRow || group.Own {
				e.Key = keys[e.Key]
			}
			e.Owner = mapped(m.claim, e.Owner)
			for i, code := range e.Codes {
				e.Codes[i] = mapped(m.words[group.Of][group.Words[i]], code)
			}
			err = m.groups[g].Fold(e)
			return err == nil
		})
		if err != nil {
			return fmt.Errorf("aggregates over table %q: %w", group.Of, err)
		}
		for v, total := range m.other.totals[g] {
			m.totals[g][v] += total
		}
	}
	return nil
}

func (m *merging) mergeJoins() error {
	for i, v := range m.joins {
		o := m.other.joins[i]
		space := m.plan.source(v.join.Table).Keys[v.join.Key].Space
		var chain []int32
		for key, at := range o.heads {
			for chain = chain[:0]; at > 0; at = o.list[at-1].before {
				chain = append(chain, at-1)
			}
			for _, at := range slices.Backward(chain) {
				if err := v.add(m.spaces[space][key], o.list[at].known, o.cells(at)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
