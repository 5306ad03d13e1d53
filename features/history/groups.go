package history

import (
	"fmt"
	"math"
	"slices"

	"claimsieve/datasets"
	"claimsieve/features/window"
)

// stream is the events of a group, as the window leaf takes them.
type stream struct {
	window.Events
	late bool // an own row of some claim was known before that claim's instant
}

// asks are the questions of a group.
type asks struct {
	window.Queries
	rows []int32 // the claim of each question, ascending; nil when question i is of claim i
}

func (b *batch) answerGroups() error {
	for g := range b.plan.Groups {
		group := &b.plan.Groups[g]
		if done, err := b.answered(b.groupNames(g)...); done || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		b.begin(fmt.Sprintf("aggregates over %s, group %d of %d", group.Of, g+1, len(b.plan.Groups)))
		if err := b.use(b.groupNeeds(group)); err != nil {
			return err
		}
		var events *stream
		if group.Outcomes != nil {
			events = b.outcomeEvents(group)
		} else {
			events = b.rowEvents(group)
		}
		if err := b.answerGroup(g, events, b.asks(group, events)); err != nil {
			return fmt.Errorf("cannot answer aggregates over table %q: %w", group.Of, err)
		}
	}
	return nil
}

// answerGroup answers the aggregates, a slice of them at a time where their
// answers would not fit into memory together.
func (b *batch) answerGroup(g int, events *stream, q *asks) error {
	group := &b.plan.Groups[g]
	if !events.late {
		events.Owner, q.Owner = nil, nil
	}
	at := len(group.Aggregates)
	if b.spilled != nil {
		at = b.aggregatesAtOnce(len(q.Key))
	}
	for from := 0; from < len(group.Aggregates); from += at {
		to := min(from+at, len(group.Aggregates))
		raw, err := window.Batch(nil, events.Events, q.Queries, group.Aggregates[from:to], b.opt.threads())
		if err != nil {
			return err
		}
		for i, answers := range raw {
			raw[i] = nil
			if err := b.keepAggregate(g, from+i, q, answers); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepAggregate keeps the answers to an aggregate, per claim.
func (b *batch) keepAggregate(g, a int, q *asks, answers []float64) error {
	c := b.plan.Groups[g].Columns[a]
	if c.Scale != 0 || c.Late {
		for i := range answers {
			answers[i] = c.value(answers[i])
		}
	}
	column := q.perClaim(answers, b.claims.n, c.Over)
	if c.Answer >= 0 {
		return b.keep(c.Answer, column)
	}
	return b.keepRaw(rawColumn{g, a}, column)
}

// perClaim brings answers to questions into claim order, joining those of one
// claim; a claim without a question is missing.
func (q *asks) perClaim(answers []float64, claims int, over Over) []float64 {
	if q.rows == nil {
		return answers
	}
	out := missing(claims)
	for i := 0; i < len(q.rows); {
		row, from := q.rows[i], i
		for i++; i < len(q.rows) && q.rows[i] == row; i++ {
		}
		out[row] = over.join(answers[from:i])
	}
	return out
}

// join joins the answers for several keys, which it puts into order; those that
// are missing are left out.
func (o Over) join(answers []float64) float64 {
	if len(answers) == 1 {
		return answers[0]
	}
	slices.Sort(answers) // a sum must not depend on the order of the claim's rows
	joined, n := math.NaN(), 0
	for _, a := range answers {
		switch {
		case math.IsNaN(a):
			continue
		case n == 0:
			joined = a
		case o == OverMax:
			joined = max(joined, a)
		case o == OverMin:
			joined = min(joined, a)
		default:
			joined += a
		}
		n++
	}
	if o == OverMean && n > 0 {
		joined /= float64(n)
	}
	return joined
}

// eventKnown returns when what a group reads of row i became known, NoTime for
// never. A row that belongs to a claim is known when both are.
type eventKnown func(i int) int64

func (b *batch) knownOf(group *Group) eventKnown {
	s, d := b.plan.source(group.Of), b.tables[group.Of]
	row := later(d.known, d.clock(s, group.Clock))
	if !s.belongs() {
		return row
	}
	claim := later(b.claims.known, b.claims.clock(b.plan.claims(), group.ClaimClock))
	return func(i int) int64 {
		c := d.claim[i]
		if !b.isClaim(c) {
			return datasets.NoTime
		}
		return laterOf(row(i), claim(int(c)))
	}
}

// later returns the later of two instants of a row, NoTime when either is.
func later(x, y []int64) eventKnown {
	if len(x) > 0 && &x[0] == &y[0] {
		return func(i int) int64 { return x[i] }
	}
	return func(i int) int64 { return laterOf(x[i], y[i]) }
}

func laterOf(x, y int64) int64 {
	if x == datasets.NoTime || y == datasets.NoTime {
		return datasets.NoTime
	}
	return max(x, y)
}

// rowEvents makes the events of a group out of the rows of its table.
func (b *batch) rowEvents(group *Group) *stream {
	d := b.tables[group.Of]
	known := b.knownOf(group)
	owner := b.owners(group)
	keys := b.eventKeys(group)
	e := &stream{}
	e.Key = make([]int32, 0, d.n)
	e.Known = make([]int64, 0, d.n)
	rows := make([]int32, 0, d.n)
	for i := range d.n {
		at := known(i)
		if at == datasets.NoTime || d.happened[i] == datasets.NoTime {
			continue
		}
		from := len(e.Key)
		e.Key = keys(e.Key, i)
		for range len(e.Key) - from {
			e.Known = append(e.Known, at)
			rows = append(rows, int32(i))
		}
		if own := owner(i); own >= 0 && len(e.Key) > from && !group.Own {
			e.late = e.late || at < b.out.At[own]
		}
	}
	whole := len(rows) == d.n && len(group.Keys) <= 1
	e.Happened = pickRows(d.happened, rows, whole)
	if slices.Equal(e.Known, e.Happened) {
		e.Known = nil
	}
	e.Marks = pickRows(d.marks, rows, whole)
	for _, v := range group.Values {
		e.Values = append(e.Values, pickRows(d.values[v], rows, whole))
	}
	for _, w := range group.Words {
		e.Codes = append(e.Codes, pickRows(d.words[w], rows, whole))
	}
	if e.late {
		e.Owner = make([]int32, len(rows))
		for j, i := range rows {
			e.Owner[j] = owner(int(i))
		}
	}
	return e
}

// pickRows returns the elements at rows, or column itself when that is all.
func pickRows[T any](column []T, rows []int32, whole bool) []T {
	if whole || column == nil {
		return column
	}
	out := make([]T, len(rows))
	for j, i := range rows {
		out[j] = column[i]
	}
	return out
}

// owners returns the claim that a row belongs to, -1 for none.
func (b *batch) owners(group *Group) func(i int) int32 {
	s, d := b.plan.source(group.Of), b.tables[group.Of]
	switch {
	case group.Of == datasets.ClaimsTable:
		return func(i int) int32 { return int32(i) }
	case s.belongs():
		return func(i int) int32 {
			if b.isClaim(d.claim[i]) {
				return d.claim[i]
			}
			return -1
		}
	}
	return func(int) int32 { return -1 }
}

// eventKeys returns a function that appends the keys of row i, each once.
func (b *batch) eventKeys(group *Group) func(dst []int32, i int) []int32 {
	d := b.tables[group.Of]
	switch {
	case group.Space == EveryRow:
		return func(dst []int32, _ int) []int32 { return append(dst, 0) }
	case group.Own:
		return func(dst []int32, i int) []int32 { return append(dst, d.claim[i]) }
	case group.Through:
		return func(dst []int32, i int) []int32 { return appendKeys(dst, b.claims.keys, group.Keys, int(d.claim[i])) }
	}
	return func(dst []int32, i int) []int32 { return appendKeys(dst, d.keys, group.Keys, i) }
}

// appendKeys appends the different codes that row i has in the columns.
func appendKeys(dst []int32, columns [][]int32, places []int, i int) []int32 {
	from := len(dst)
	for _, k := range places {
		if code := columns[k][i]; code >= 0 && !slices.Contains(dst[from:], code) {
			dst = append(dst, code)
		}
	}
	return dst
}

// asks makes the questions of a group.
func (b *batch) asks(group *Group, events *stream) *asks {
	q := &asks{rows: []int32{}}
	n := b.claims.n
	ask := func(row int32, key int32, at int64) {
		q.rows = append(q.rows, row)
		q.Key = append(q.Key, key)
		q.At = append(q.At, at)
	}
	switch {
	case group.Space == EveryRow:
		for i := range n {
			if b.out.At[i] != datasets.NoTime {
				ask(int32(i), 0, b.out.At[i])
			}
		}
	case group.Own:
		for i := range n {
			if b.out.At[i] != datasets.NoTime {
				ask(int32(i), int32(i), b.out.At[i]+1) // known at the instant, or before
			}
		}
	case group.AskOf == datasets.ClaimsTable:
		for i, key := range b.claims.keys[group.Ask] {
			if key >= 0 && b.out.At[i] != datasets.NoTime {
				ask(int32(i), key, b.out.At[i])
			}
		}
	default:
		b.asksOfOwnRows(group, ask)
	}
	if events.late {
		q.Owner = slices.Clone(q.rows)
	}
	if n > 0 && len(q.rows) == n { // ascending and without gaps, unless a claim asks more than once
		if q.rows[0] == 0 && q.rows[n-1] == int32(n-1) && group.AskOf == datasets.ClaimsTable {
			q.rows = nil
		}
	}
	return q
}

// asksOfOwnRows asks about each different key that the claim's own rows have at
// its instant.
func (b *batch) asksOfOwnRows(group *Group, ask func(row, key int32, at int64)) {
	s, d, own := b.plan.source(group.AskOf), b.tables[group.AskOf], b.ownRows(group.AskOf)
	known := later(d.known, d.clock(s, group.AskClock))
	var seen []int32
	for i := range b.claims.n {
		at := b.out.At[i]
		if at == datasets.NoTime {
			continue
		}
		seen = seen[:0]
		for _, r := range own.rows[own.start[i]:own.start[i+1]] {
			key, when := d.keys[group.Ask][r], known(int(r))
			if key >= 0 && when != datasets.NoTime && when <= at && !slices.Contains(seen, key) {
				seen = append(seen, key)
				ask(int32(i), key, at)
			}
		}
	}
}
