package window

import (
	"cmp"
	"math/bits"
	"slices"
)

// packKeys returns one word a row, the key above the row's index, ordered by
// key and then by index: a stable radix sort over the bits in which keys differ.
func packKeys(keys []int32) []uint64 {
	a := make([]uint64, len(keys))
	if len(a) == 0 {
		return a
	}
	lo, hi := slices.Min(keys), slices.Max(keys)
	for i, k := range keys {
		a[i] = uint64(biased(k))<<32 | uint64(i)
	}
	width := bits.Len32(biased(hi) - biased(lo))
	var b []uint64
	base := uint64(biased(lo)) << 32
	for from := 0; from < width; from += 11 {
		if b == nil {
			b = make([]uint64, len(a))
		}
		var at [2048]int
		shift := 32 + from
		for _, x := range a {
			at[(x-base)>>shift&2047]++
		}
		sum := 0
		for d, n := range at {
			at[d] = sum
			sum += n
		}
		for _, x := range a {
			d := (x - base) >> shift & 2047
			b[at[d]] = x
			at[d]++
		}
		a, b = b, a
	}
	return a
}

// biased maps keys to unsigned numbers of the same order.
func biased(k int32) uint32 { return uint32(k) ^ 1<<31 }

// stamp is a row and its time.
type stamp struct {
	t int64
	i int32
}

// sortStamps orders rows by time, keeping the order of equals; spare is scratch
// of any size. It returns the sorted slice and the other one.
func sortStamps(a, spare []stamp) (sorted, other []stamp) {
	n := len(a)
	ordered := true
	for i := 1; i < n; i++ {
		if a[i].t < a[i-1].t {
			ordered = false
			break
		}
	}
	switch {
	case ordered:
	case n <= 24:
		for i := 1; i < n; i++ {
			x := a[i]
			j := i
			for ; j > 0 && a[j-1].t > x.t; j-- {
				a[j] = a[j-1]
			}
			a[j] = x
		}
	case n <= 512:
		slices.SortStableFunc(a, func(x, y stamp) int { return cmp.Compare(x.t, y.t) })
	default:
		return radixStamps(a, slices.Grow(spare[:0], n)[:n])
	}
	return a, spare
}

func radixStamps(a, b []stamp) (sorted, other []stamp) {
	lo, hi := a[0].t, a[0].t
	for _, s := range a {
		lo, hi = min(lo, s.t), max(hi, s.t)
	}
	width := bits.Len64(uint64(hi) - uint64(lo))
	for from := 0; from < width; from += 11 {
		var at [2048]int
		for _, s := range a {
			at[(uint64(s.t)-uint64(lo))>>from&2047]++
		}
		sum := 0
		for d, n := range at {
			at[d] = sum
			sum += n
		}
		for _, s := range a {
			d := (uint64(s.t) - uint64(lo)) >> from & 2047
			b[at[d]] = s
			at[d]++
		}
		a, b = b, a
	}
	return a, b
}

// orderTies orders events of the same happened time by known.
func orderTies(a []stamp, known []int64) {
	for from := 0; from < len(a); {
		to, ordered := from+1, true
		for to < len(a) && a[to].t == a[from].t {
			ordered = ordered && known[a[to].i] >= known[a[to-1].i]
			to++
		}
		if !ordered {
			slices.SortStableFunc(a[from:to], func(x, y stamp) int { return cmp.Compare(known[x.i], known[y.i]) })
		}
		from = to
	}
}
