package history

import (
	"fmt"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
	"claimsieve/features/window"
)

// Answer appends the plan's answers for one claim to dst and returns it: those
// of [Plan.Batch] over the rows that were folded. claim is its row of the claims
// table, with the columns that the plan reads; it may have been folded or not.
// Its own rows never count as earlier ones. A claim without the instant of the
// plan's stage has missing answers only. One goroutine at a time may ask with a
// record, since arrow makes the words of its dictionaries at the first look.
func (s *State) Answer(dst []float64, claim arrow.Record) ([]float64, error) {
	from := len(dst)
	dst = slices.Grow(dst, s.plan.Answers)[:from+s.plan.Answers]
	for i := from; i < len(dst); i++ {
		dst[i] = math.NaN()
	}
	at, err := s.instant(claim)
	if err != nil || at == datasets.NoTime {
		return dst, err
	}
	q := s.question()
	defer s.questions.Put(q)
	if err := s.lockSettled(at); err != nil {
		return dst, err
	}
	defer s.mu.RUnlock()
	if err := s.read(q, claim); err != nil {
		return dst, err
	}
	q.out = dst[from:]
	for _, step := range [...]func(*State, *question) error{(*State).answerGroups, (*State).answerRates, (*State).answerGraph, (*State).answerStories} {
		if err := step(s, q); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// instant returns the instant of a claim's vector.
func (s *State) instant(claim arrow.Record) (int64, error) {
	if claim.NumRows() != 1 {
		return 0, fmt.Errorf("cannot answer for a record of %d rows: give the one of the claim", claim.NumRows())
	}
	at, err := instantOf(claim, s.plan.Instant)
	if err != nil {
		return 0, fmt.Errorf("cannot answer: %w", err)
	}
	return at, nil
}

func (s *State) answerGroups(q *question) error {
	q.raw = slices.Grow(q.raw[:0], s.layout.aggregates)[:s.layout.aggregates]
	for g := range s.plan.Groups {
		group := &s.plan.Groups[g]
		n := len(group.Aggregates)
		keys, err := s.ask(q, g)
		if err != nil {
			return fmt.Errorf("cannot answer aggregates over table %q: %w", group.Of, err)
		}
		raw := q.raw[s.layout.first[g]:]
		for a := range n {
			c := group.Columns[a]
			value := math.NaN()
			if keys > 0 {
				if c.Scale != 0 || c.Late {
					for k := range keys {
						q.answers[k*n+a] = c.value(q.answers[k*n+a])
					}
				}
				value = q.joined(a, n, keys, c.Over)
			}
			if raw[a] = value; c.Answer >= 0 {
				q.out[c.Answer] = value
			}
		}
	}
	return nil
}

// joined joins what the keys of a claim have as aggregate a of n.
func (q *question) joined(a, n, keys int, over Over) float64 {
	if keys == 1 {
		return q.answers[a]
	}
	q.column = q.column[:0]
	for k := range keys {
		q.column = append(q.column, q.answers[k*n+a])
	}
	return over.join(q.column)
}

// ask fills q.answers with the aggregates of a group for each key of the claim,
// and returns how many keys there are.
func (s *State) ask(q *question, g int) (keys int, err error) {
	group, w := &s.plan.Groups[g], s.groups[g]
	q.answers, q.asks = q.answers[:0], q.asks[:0]
	own := window.Own{Owner: -1}
	switch {
	case group.Own:
		if s.ownWaits(q, group) {
			q.answers, err = s.answerWaiting(q, g)
			return 1, err
		}
		q.answers, err = w.Answer(q.answers, q.claim, q.at+1, own)
		return 1, err
	case group.Space == EveryRow:
		q.asks = append(q.asks, 0)
	case group.AskOf == datasets.ClaimsTable:
		if q.keys[group.Ask] == -1 {
			return 0, nil
		}
		q.asks = append(q.asks, max(q.keys[group.Ask], -1))
	default:
		s.ownKeys(q, group)
	}
	if known := s.claims.known(q.claim, 0); known != datasets.NoTime && known < q.at {
		own.Owner, own.Happened = q.claim, s.ownInstants(q, group)
	}
	for _, key := range q.asks {
		if q.answers, err = w.Answer(q.answers, key, q.at, own); err != nil {
			return 0, err
		}
	}
	if s.layout.both[g] {
		group.split(q.answers)
	}
	return len(q.asks), nil
}

// ownKeys finds the different keys that the claim's own rows have at its
// instant, in the order in which they came.
func (s *State) ownKeys(q *question, group *Group) {
	t := s.layout.tables[group.AskOf]
	clock := t.source.clockOf(group.AskClock)
	place := 0
	for _, a := range t.asks {
		if a == (askUnit{group.Ask, clock}) {
			break
		}
		if a.clock == clock {
			place++
		}
	}
	q.trail.start(s, q.claim)
	for q.trail.next() {
		if q.trail.place == t.place && q.trail.clock == clock && q.trail.known <= q.at && q.trail.keys[place] >= 0 {
			q.asks = append(q.asks, q.trail.keys[place])
		}
	}
	slices.Reverse(q.asks)
	kept := q.asks[:0]
	for _, key := range q.asks {
		kept = appendKey(kept, key)
	}
	q.asks = kept
}

// ownInstants returns when the claim's own events in a group happened.
func (s *State) ownInstants(q *question, group *Group) []int64 {
	q.instants = q.instants[:0]
	if group.Of == datasets.ClaimsTable || group.Outcomes != nil {
		return append(q.instants, s.claims.happened[q.claim])
	}
	place := s.layout.tables[group.Of].place
	q.trail.start(s, q.claim)
	for q.trail.next() {
		if q.trail.place == place && !slices.Contains(q.instants, q.trail.happened) {
			q.instants = append(q.instants, q.trail.happened)
		}
	}
	return q.instants
}

// ownWaits says whether the claim's own rows of a group wait for what the
// asking row says: it was not folded, or not yet as of this stage.
func (s *State) ownWaits(q *question, group *Group) bool {
	if q.claim < 0 || s.waiting.rows[q.claim] == nil {
		return false
	}
	c := s.plan.claims().clockOf(group.ClaimClock)
	return s.claims.digest(q.claim, c) == 0 && laterOf(q.known, q.clocks[c]) != datasets.NoTime
}

// answerWaiting answers a group about the own rows of a claim from rows that
// wait for it.
func (s *State) answerWaiting(q *question, g int) ([]float64, error) {
	group := &s.plan.Groups[g]
	t := s.layout.tables[group.Of]
	clock := s.plan.claims().clockOf(group.ClaimClock)
	reached := laterOf(q.known, q.clocks[clock])
	w, err := window.NewState(group.Aggregates, len(group.Values), len(group.Words))
	if err != nil {
		return nil, err
	}
	u := t.streams[slices.IndexFunc(t.streams, func(u streamUnit) bool { return u.group == g })]
	err = s.waiting.of(s.layout, q.claim, func(one *waits) error {
		known := one.row.known[u.row]
		if one.place != t.place || one.clocks>>clock&1 == 0 || known == datasets.NoTime {
			return nil
		}
		e := window.Event{Key: 0, Owner: -1, Happened: one.happened, Known: max(known, reached), Marks: one.marks & u.marks}
		for _, v := range group.Values {
			e.Values = append(e.Values, one.values[v])
		}
		for _, c := range group.Words {
			e.Codes = append(e.Codes, one.words[c])
		}
		return w.Fold(e)
	})
	if err != nil {
		return nil, err
	}
	return w.Answer(q.answers, 0, q.at+1, window.Own{Owner: -1})
}

// answerRates joins the counts of groups to shares.
func (s *State) answerRates(q *question) error {
	for i := range s.plan.Rates {
		r := &s.plan.Rates[i]
		counts := q.raw[s.layout.first[r.Group]:]
		prior := r.Prior
		if r.Overall {
			all := q.raw[s.layout.first[r.OverallGroup]:]
			prior = all[r.OverallConfirmed] / all[r.OverallConcluded]
		}
		q.out[r.Answer] = r.share(counts[r.Concluded], counts[r.Confirmed], prior)
	}
	return nil
}
