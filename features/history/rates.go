package history

import (
	"math"
	"slices"

	"claimsieve/datasets"
	"claimsieve/features/window"
)

// count is how a label counts in a rate.
type count struct{ concluded, confirmed int64 }

// of returns how a label counts.
func (t Treatments) of(l datasets.Label) count {
	treatment := datasets.Exclude
	switch l {
	case datasets.Confirmed:
		return count{1, 1}
	case datasets.Cleared:
		return count{1, 0}
	case datasets.Suspected:
		treatment = t.Suspected
	case datasets.Unknown:
		treatment = t.Unknown
	}
	switch treatment {
	case datasets.AsNegative:
		return count{1, 0}
	case datasets.AsPositive:
		return count{1, 1}
	}
	return count{}
}

// outcomeEvents makes the events of a rate: for every outcome of a claim, by
// how much it changes the two counts. A correction is an event that takes back.
func (b *batch) outcomeEvents(group *Group) *stream {
	d, own := b.tables[group.Of], b.ownRows(group.Of)
	claimKnown := later(b.claims.known, b.claims.clock(b.plan.claims(), group.ClaimClock))
	e := &stream{}
	e.Values = make([][]int64, 2)
	var rows, keys []int32
	for c := range b.claims.n {
		if claimKnown(c) == datasets.NoTime || b.claims.happened[c] == datasets.NoTime {
			continue
		}
		if keys = keys[:0]; group.Space == EveryRow {
			keys = append(keys, 0)
		} else {
			keys = appendKeys(keys, b.claims.keys, group.Keys, c)
		}
		rows = append(rows[:0], own.rows[own.start[c]:own.start[c+1]]...)
		slices.SortStableFunc(rows, func(x, y int32) int { return compare(d.known[x], d.known[y]) })
		var before count
		for _, r := range rows {
			at := laterOf(d.known[r], claimKnown(c))
			if at == datasets.NoTime || b.opt.OutcomesBefore != 0 && d.known[r] >= b.opt.OutcomesBefore {
				continue
			}
			now := group.Outcomes.of(d.labels[r])
			if now == before {
				continue
			}
			for _, key := range keys {
				e.add(key, b.claims.happened[c], at, int32(c), count{now.concluded - before.concluded, now.confirmed - before.confirmed})
			}
			before = now
			e.late = e.late || at < b.out.At[c]
		}
	}
	return e
}

func compare(x, y int64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func (e *stream) add(key int32, happened, known int64, owner int32, change count) {
	e.Key = append(e.Key, key)
	e.Happened = append(e.Happened, happened)
	e.Known = append(e.Known, known)
	e.Owner = append(e.Owner, owner)
	e.Values[0] = append(e.Values[0], change.concluded)
	e.Values[1] = append(e.Values[1], change.confirmed)
}

// answerRates joins the counts of the groups to shares.
func (b *batch) answerRates() error {
	for _, r := range b.plan.Rates {
		places := []rawColumn{{r.Group, r.Concluded}, {r.Group, r.Confirmed}}
		if r.Overall {
			places = append(places, rawColumn{r.OverallGroup, r.OverallConcluded}, rawColumn{r.OverallGroup, r.OverallConfirmed})
		}
		counts := make([][]float64, len(places))
		for i, place := range places {
			var err error
			if counts[i], err = b.rawColumn(place); err != nil {
				return err
			}
		}
		column := missing(b.claims.n)
		for i := range column {
			prior := r.Prior
			if r.Overall {
				prior = counts[3][i] / counts[2][i]
			}
			column[i] = r.share(counts[0][i], counts[1][i], prior)
		}
		if err := b.keep(r.Answer, column); err != nil {
			return err
		}
	}
	return nil
}

// share is the smoothed share, NaN when a count is missing or there is neither
// evidence nor a prior.
func (r *Rate) share(concluded, confirmed, prior float64) float64 {
	if math.IsNaN(concluded) {
		return math.NaN()
	}
	if r.Strength == 0 {
		prior = 0
	}
	return window.Smooth(int64(confirmed), int64(concluded), prior, r.Strength)
}
