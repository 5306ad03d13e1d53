package history

import (
	"fmt"
	"slices"

	"claimsieve/features/window"
)

// A rate asks for two sums of the same events, concluded and confirmed, whose
// windows hold many of them: a region, a branch, everything. A state keeps both
// in one column, confirmed above concluded, so that every window is looked
// through once. Sums are exact in a float64 as long as concluded ones are fewer
// than 2^countBits, of which maxCounted takes care.
const (
	countBits  = 26
	maxCounted = 1<<countBits - 1
)

// both says whether the aggregates of a group are sums of both counts, which
// are kept as one.
func (g *Group) both() bool {
	var columns [2]bool
	for _, a := range g.Aggregates {
		if a.Do != window.Sum || a.Where != 0 || a.Column < 0 || a.Column > 1 {
			return false
		}
		columns[a.Column] = true
	}
	return g.Outcomes != nil && columns[0] && columns[1]
}

// windows returns the aggregates of a group as its window state answers them.
func (l *layout) windows(g int) []window.Aggregate {
	if !l.both[g] {
		return l.plan.Groups[g].Aggregates
	}
	sums := slices.Clone(l.plan.Groups[g].Aggregates)
	for i := range sums {
		sums[i].Column = 0
	}
	return sums
}

// counted appends the value columns of an outcome's event.
func (l *layout) counted(dst []int64, g int, c count) []int64 {
	if l.both[g] {
		return append(dst, c.concluded+c.confirmed<<countBits)
	}
	return append(dst, c.concluded, c.confirmed)
}

// foldCounts folds an event of outcomes, whose values are c.
func (s *State) foldCounts(g int, e window.Event, c count) error {
	if s.layout.both[g] && s.groups[g].Len() >= maxCounted {
		return fmt.Errorf("a rate over table %q has %d outcomes already: split the history by key", s.plan.Groups[g].Of, s.groups[g].Len())
	}
	var room [2]int64
	e.Values = s.layout.counted(room[:0], g, c)
	return s.groups[g].Fold(e)
}

// split gives the aggregates of a group, of which both counts are kept as one,
// their own count each. answers are those of one key after the other.
func (g *Group) split(answers []float64) {
	for i, sum := range answers {
		concluded, confirmed := int64(sum)&maxCounted, int64(sum)>>countBits
		if g.Aggregates[i%len(g.Aggregates)].Column == 0 {
			answers[i] = float64(concluded)
		} else {
			answers[i] = float64(confirmed)
		}
	}
}
