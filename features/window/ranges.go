package window

import (
	"math/bits"
	"slices"
)

// rangeRows is how many values share an entry of ranges.
const rangeRows = 16

// ranges answers the least and the greatest of any range of a slice in constant
// time, from a sparse table (Bender and Farach-Colton, The LCA problem revisited,
// 2000) over runs of rangeRows that is made when first needed.
type ranges struct {
	v     []int64
	table [][]extreme // table[k][i] is of the 2^k runs from i on
	ready bool
}

// start begins with another slice.
func (r *ranges) start(v []int64) { r.v, r.ready = v, false }

func extremeOf(v []int64) extreme {
	out := noExtreme
	for _, x := range v {
		out.least, out.most = min(out.least, x), max(out.most, x)
	}
	return out
}

// over joins the values from lo up to but without hi.
func (r *ranges) over(lo, hi int) extreme {
	if hi <= lo {
		return noExtreme
	}
	if hi-lo <= 4*rangeRows {
		return extremeOf(r.v[lo:hi])
	}
	if !r.ready {
		r.build()
	}
	from, to := (lo+rangeRows-1)/rangeRows, hi/rangeRows
	k := bits.Len(uint(to-from)) - 1
	out := r.table[k][from].join(r.table[k][to-(1<<k)])
	return out.join(extremeOf(r.v[lo : from*rangeRows])).join(extremeOf(r.v[to*rangeRows : hi]))
}

// except is over without the hidden positions, which are ascending.
func (r *ranges) except(lo, hi int, hidden []int32) extreme {
	out := noExtreme
	for _, p := range hidden {
		out = out.join(r.over(lo, int(p)))
		lo = int(p) + 1
	}
	return out.join(r.over(lo, hi))
}

func (r *ranges) build() {
	n := len(r.v) / rangeRows
	for len(r.table) < bits.Len(uint(n)) {
		r.table = append(r.table, nil)
	}
	for k := range bits.Len(uint(n)) {
		level := slices.Grow(r.table[k][:0], n+1-(1<<k))[:n+1-(1<<k)]
		for i := range level {
			if k == 0 {
				level[i] = extremeOf(r.v[i*rangeRows : (i+1)*rangeRows])
			} else {
				level[i] = r.table[k-1][i].join(r.table[k-1][i+(1<<(k-1))])
			}
		}
		r.table[k] = level
	}
	r.ready = true
}
