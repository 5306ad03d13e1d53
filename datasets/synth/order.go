package synth

import (
	"context"
	"slices"
)

// inOrder returns rows sorted by day, and within a day as compare says, which
// must be 0 for equal rows only. visit gives the rows one by one, the same ones
// each time that it is called; days lie in [from, to). The days are sorted side
// by side: the order does not depend on who sorts them.
func inOrder[R any](ctx context.Context, from, to int, visit func(add func(day int, r R)), compare func(a, b R) int) ([]R, error) {
	starts := make([]int, to-from+1)
	visit(func(day int, _ R) { starts[day-from+1]++ })
	for day := range to - from {
		starts[day+1] += starts[day]
	}
	rows := make([]R, starts[to-from])
	next := slices.Clone(starts)
	visit(func(day int, r R) {
		rows[next[day-from]] = r
		next[day-from]++
	})
	err := each(ctx, to-from, 1, func() func(int) {
		return func(day int) { slices.SortFunc(rows[starts[day]:starts[day+1]], compare) }
	}, func(int) {})
	return rows, err
}

// permute moves element order[i] of rows to place i, within rows, cycle by
// cycle. order is used up.
func permute[R any](rows []R, order []int32) {
	const done = -1
	for start := range order {
		if order[start] == done {
			continue
		}
		first, at := rows[start], start
		for int(order[at]) != start {
			from := int(order[at])
			rows[at], order[at] = rows[from], done
			at = from
		}
		rows[at], order[at] = first, done
	}
}
