package conformance

import (
	"math"
	"math/big"
)

// answer reduces the events that a window covers to a number.
func (a *aggregate) answer(t micros, events []event) float64 {
	seen := a.within(t, a.window, events)
	switch a.do {
	case "count":
		return float64(len(seen))
	case "distinct":
		return float64(len(tally(a, seen)))
	case "growth":
		return a.growth(t, events)
	case "sum":
		_, scale := a.scale()
		return float(total(a.units(seen))) / scale
	}
	if len(seen) == 0 {
		return missing
	}
	switch a.do {
	case "top_share":
		most := 0
		for _, n := range tally(a, seen) {
			most = max(most, n)
		}
		return float64(most) / float64(len(seen))
	case "since_last":
		return float64(t-seen[len(seen)-1].happened) / float64(day)
	case "gap_mean", "gap_min", "gap_std":
		return gaps(a.do, seen)
	}
	return a.ofValues(a.units(seen))
}

func (a *aggregate) within(t micros, s span, events []event) []event {
	var out []event
	for _, e := range events {
		if s.covers(t, e.happened) || a.key.own && s.coversOwn(t, e.happened) {
			out = append(out, e)
		}
	}
	return out
}

// units are the events' numbers with fixed digits.
func (a *aggregate) units(events []event) []*big.Int {
	var out []*big.Int
	for _, e := range events {
		d, _ := a.scale()
		out = append(out, fixed(a.column.number(e.r), d))
	}
	return out
}

func total(values []*big.Int) *big.Int {
	s := new(big.Int)
	for _, v := range values {
		s.Add(s, v)
	}
	return s
}

func tally(a *aggregate, events []event) map[string]int {
	out := map[string]int{}
	for _, e := range events {
		w, _ := a.column.word(e.r)
		out[w]++
	}
	return out
}

func (a *aggregate) ofValues(values []*big.Int) float64 {
	_, scale := a.scale()
	low, high := values[0], values[0]
	for _, v := range values {
		if v.Cmp(low) < 0 {
			low = v
		}
		if v.Cmp(high) > 0 {
			high = v
		}
	}
	switch a.do {
	case "mean":
		return float(total(values)) / float64(len(values)) / scale
	case "min":
		return float(low) / scale
	case "max":
		return float(high) / scale
	case "first":
		return float(values[0]) / scale
	case "last":
		return float(values[len(values)-1]) / scale
	case "std":
		return spread(values) / scale
	}
	panic("BUG: the oracle does not know " + a.do)
}

// spread is the population standard deviation: sqrt(n*Q - S*S) / n.
func spread(values []*big.Int) float64 {
	n, q, s := big.NewInt(int64(len(values))), new(big.Int), total(values)
	for _, v := range values {
		q.Add(q, new(big.Int).Mul(v, v))
	}
	d := new(big.Int).Sub(n.Mul(n, q), s.Mul(s, s))
	return math.Sqrt(float(d)) / float64(len(values))
}

func gaps(do string, events []event) float64 {
	if len(events) < 2 {
		return missing
	}
	var days []*big.Int
	shortest := int64(math.MaxInt64)
	for i := 1; i < len(events); i++ {
		g := int64(events[i].happened - events[i-1].happened)
		shortest = min(shortest, g)
		days = append(days, big.NewInt(g))
	}
	switch do {
	case "gap_mean":
		return float(total(days)) / float64(day) / float64(len(days))
	case "gap_min":
		return float64(shortest) / float64(day)
	}
	return spread(days) / float64(day)
}

// growth is the rate per day in the window over that in the one against.
func (a *aggregate) growth(t micros, events []event) float64 {
	amount := func(s span) *big.Int {
		seen := a.within(t, s, events)
		if a.column == nil {
			return big.NewInt(int64(len(seen)))
		}
		return total(a.units(seen))
	}
	now, before := amount(a.window), amount(a.against)
	if before.Sign() == 0 {
		return missing
	}
	length := func(s span) float64 { return float64(s.from - s.to) }
	return 0 + float(now)*length(a.against)/(float(before)*length(a.window))
}
