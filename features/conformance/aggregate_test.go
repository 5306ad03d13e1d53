package conformance

import (
	"cmp"
	"math"
	"math/big"
	"slices"
	"strconv"

	"claimsieve/datasets"
)

// span is a window: t-from <= happened < t-to.
type span struct{ from, to micros }

const forever = micros(math.MaxInt64)

func (s span) covers(t, happened micros) bool {
	return (s.from == forever || happened >= t-s.from) && happened < t-s.to
}

// coversOwn is covers for a claim's own rows, of which those at the instant count.
func (s span) coversOwn(t, happened micros) bool {
	return s.covers(t, happened) || s.to == 0 && happened == t
}

// keying says whose rows are events: the columns of the asking side, and those
// of the events' side that have to agree.
type keying struct {
	by      []string // columns of the claims table, or one of table
	table   string   // of the asking claim's own rows; "" asks the claim itself
	as      string   // role, for the text
	matches []string // columns of an event's row, each of which may have the key; nil when by is a tuple
	tuple   []string // columns of the event's row or of its claim, that together are the key
	through bool     // the tuple is the claim's
	own     bool     // by the claim's key: its own rows
	over    string
}

// aggregate is a declared aggregate.
type aggregate struct {
	of              string
	key             keying
	window, against span
	where           *phrase
	column          *phrase
	digits          int // -1 says nothing
	do              string
}

// event is a row that an aggregate may see.
type event struct {
	known, happened micros
	r               row
}

// asked returns the keys about which a claim asks at t, each once.
func (w *world) asked(claim row, t micros, k keying) []string {
	if k.table == "" {
		if v, ok := key(claim, k.by); ok {
			return []string{v}
		}
		return nil
	}
	var out []string
	for _, r := range w.rows[k.table] {
		if r["claim_id"] != claim["claim_id"] || w.ownKnown(k.table, r, w.stageOf(k.table, k.by...)) > t {
			continue
		}
		if v, ok := key(r, k.by); ok && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// keysOf returns the keys that a row of a table has.
func (w *world) keysOf(of string, r row, k keying) []string {
	if k.through {
		if r = w.claimOf(r); r == nil {
			return nil
		}
	}
	if k.tuple != nil {
		if v, ok := key(r, k.tuple); ok {
			return []string{v}
		}
		return nil
	}
	var out []string
	for _, c := range k.matches {
		if v, ok := key(r, []string{c}); ok && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// clock is from when an event is known: everything that is read of its row, and
// of its claim where the key is found there.
func (w *world) clock(a *aggregate, r row) micros {
	read := slices.Clone(a.key.matches)
	if !a.key.through {
		read = append(read, a.key.tuple...)
	}
	for _, p := range []*phrase{a.where, a.column} {
		if p != nil {
			read = append(read, p.columns...)
		}
	}
	known := w.known(a.of, r, w.stageOf(a.of, read...))
	if a.key.through {
		known = max(known, w.known("claims", w.claimOf(r), w.stageOf("claims", a.key.tuple...)))
	}
	return known
}

// aggregate answers a declared aggregate for a claim.
func (w *world) aggregate(a *aggregate, claim row, stage datasets.Stage) float64 {
	t, ok := w.instant(claim, stage)
	if !ok {
		return missing
	}
	if a.key.own {
		return a.answer(t, w.events(a, claim, t, ""))
	}
	var answers []float64
	for _, k := range w.asked(claim, t, a.key) {
		if v := a.answer(t, w.events(a, claim, t, k)); !math.IsNaN(v) {
			answers = append(answers, v)
		}
	}
	return join(a.key.over, answers)
}

// join makes one answer of those about several keys.
func join(over string, answers []float64) float64 {
	answers = slices.Sorted(slices.Values(answers)) // sums begin with the smallest
	if len(answers) == 0 {
		return missing
	}
	sum := 0.0
	for _, v := range answers {
		sum += v
	}
	switch over {
	case "min":
		return slices.Min(answers)
	case "sum":
		return sum
	case "mean":
		return sum / float64(len(answers))
	}
	return slices.Max(answers)
}

// events are the rows that a claim's question about a key sees at t, windows
// left aside, in order.
func (w *world) events(a *aggregate, claim row, t micros, k string) []event {
	var out []event
	for _, r := range w.rows[a.of] {
		mine := r["claim_id"] == claim["claim_id"] && a.of != "policies"
		if a.key.own != mine {
			continue
		}
		if !a.key.own && !slices.Contains(w.keysOf(a.of, r, a.key), k) {
			continue
		}
		e := event{known: w.clock(a, r), r: r}
		e.happened, mine = w.happened(a.of, r)
		switch {
		case !mine, a.key.own && e.known > t, !a.key.own && e.known >= t, a.where != nil && a.where.truth(r) != isTrue, a.holds(r):
			continue
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(x, y event) int {
		return cmp.Or(cmp.Compare(x.happened, y.happened), cmp.Compare(x.known, y.known))
	})
	return out
}

// holds says whether the column is missing in a row, which then is not seen.
func (a *aggregate) holds(r row) bool {
	switch {
	case a.column == nil:
		return false
	case a.column.word != nil:
		_, ok := a.column.word(r)
		return !ok
	}
	return math.IsNaN(a.column.number(r))
}

// scale is how many units a number has.
func (a *aggregate) scale() (int, float64) {
	d := a.digits
	if d < 0 {
		if d = 4; a.column.whole || a.column.text == "police" || a.column.text == "vip" {
			d = 0
		}
	}
	return d, math.Pow10(d)
}

// fixed is a number in units, halves away from zero.
func fixed(v float64, digits int) *big.Int {
	units, _ := new(big.Float).SetFloat64(math.Round(v * math.Pow10(digits))).Int(nil)
	return units
}

func float(v *big.Int) float64 {
	f, _ := new(big.Float).SetInt(v).Float64()
	return f
}

func formatNumber(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
