package history

import (
	"slices"
	"sort"

	"claimsieve/datasets"
)

// answerJoins finds, for every claim, the row of another table that it refers
// to: of those with the key the latest known strictly before the instant, of
// several at one instant the last.
func (b *batch) answerJoins() error {
	for _, j := range b.plan.Joins {
		if done, err := b.answered(joinName(j.Table)); done || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		b.begin("rows of " + j.Table)
		if err := b.use(b.joinNeeds(j)); err != nil {
			return err
		}
		s, d := b.plan.source(j.Table), b.tables[j.Table]
		known := later(d.known, d.clock(s, j.Clock))
		versions := newFeed(d.n, known, nil).order
		if err := b.keepJoin(j.Table, b.join(j, versions, known)); err != nil {
			return err
		}
	}
	return nil
}

// join looks up each claim's row among versions, which are in order of time.
func (b *batch) join(j Join, versions []int32, known eventKnown) []int32 {
	keys := b.tables[j.Table].keys[j.Key]
	first := make([]int32, b.codes.spaces[b.plan.source(j.Table).Keys[j.Key].Space].len()+1)
	for _, r := range versions {
		if keys[r] >= 0 {
			first[keys[r]+1]++
		}
	}
	for k := range len(first) - 1 {
		first[k+1] += first[k]
	}
	byKey, next := make([]int32, first[len(first)-1]), slices.Clone(first)
	for _, r := range versions {
		if k := keys[r]; k >= 0 {
			byKey[next[k]] = r
			next[k]++
		}
	}
	out := make([]int32, b.claims.n)
	for i, key := range b.claims.keys[j.Ask] {
		out[i] = -1
		at := b.out.At[i]
		if key < 0 || at == datasets.NoTime {
			continue
		}
		rows := byKey[first[key]:first[key+1]]
		n := sort.Search(len(rows), func(k int) bool { return known(int(rows[k])) >= at })
		if n > 0 {
			out[i] = rows[n-1]
		}
	}
	return out
}
