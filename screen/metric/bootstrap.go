package metric

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// Bootstrap draws Poisson(1) weights for the rows, over and over: the bootstrap
// without a fixed number of rows (Hanley and MacGibbon 2006). The weight of a
// row depends on Seed, replicate and the row's cluster alone, so that two
// models measured by the same Bootstrap meet the same draws (their difference
// is a paired one), and the number of threads changes nothing.
type Bootstrap struct {
	Replicates int     // 0 is 1000; at least 2
	Seed       uint64  // any
	Level      float64 // coverage in (0, 1); 0 is 0.95
	// Cluster has a number per row; rows of one number are drawn together, such
	// as the claims of one person, ring or month. nil draws rows by themselves,
	// by index.
	Cluster []uint64
	Threads int // goroutines, 0 is 1; never changes a result
}

func (b Bootstrap) withDefaults(rows int) (Bootstrap, error) {
	if b.Replicates == 0 {
		b.Replicates = 1000
	}
	if b.Level == 0 {
		b.Level = Level
	}
	switch {
	case b.Replicates < 2:
		return b, fmt.Errorf("cannot bootstrap: %d replicates: want at least 2", b.Replicates)
	case !(b.Level > 0 && b.Level < 1):
		return b, fmt.Errorf("cannot bootstrap: level %v: want a number in (0, 1)", b.Level)
	case b.Cluster != nil && len(b.Cluster) != rows:
		return b, fmt.Errorf("cannot bootstrap: %d clusters for %d rows: want one per row, or nil", len(b.Cluster), rows)
	}
	return b, nil
}

// Run returns statistic(draw) of every replicate, in order of replicates. draw
// holds a weight (0, 1, 2, ...) per row; it may be used only during the call.
// statistic must be safe for concurrent calls when Threads is above 1.
func (b Bootstrap) Run(rows int, statistic func(draw []float64) []float64) ([][]float64, error) {
	b, err := b.withDefaults(rows)
	if err != nil {
		return nil, err
	}
	out := make([][]float64, b.Replicates)
	var next atomic.Int64
	var group sync.WaitGroup
	for range max(1, b.Threads) {
		group.Go(func() {
			draw := make([]float64, rows)
			for r := int(next.Add(1)) - 1; r < b.Replicates; r = int(next.Add(1)) - 1 {
				b.draw(draw, r)
				out[r] = statistic(draw)
			}
		})
	}
	group.Wait()
	return out, nil
}

// draw fills the weights of replicate r.
func (b Bootstrap) draw(dst []float64, r int) {
	stream := mix(mix(b.Seed) + uint64(r)*0x9e3779b97f4a7c15)
	for i := range dst {
		key := uint64(i)
		if b.Cluster != nil {
			key = b.Cluster[i]
		}
		dst[i] = poisson(mix(stream + mix(key+1)))
	}
}

// mix is the finaliser of the splitmix64 generator: every bit of the input
// changes about half of the output.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// poissonTable is the distribution function of Poisson(1), 1 from 15 on in
// 53 bits.
var poissonTable = func() (t [16]float64) {
	p, sum := math.Exp(-1), 0.0
	for k := range t {
		sum += p
		t[k] = sum
		p /= float64(k + 1)
	}
	return t
}()

// poisson turns 64 random bits into a Poisson(1) number by inversion.
func poisson(bits uint64) float64 {
	u := float64(bits>>11) / (1 << 53)
	for k, c := range poissonTable {
		if u < c {
			return float64(k)
		}
	}
	return float64(len(poissonTable))
}

// Interval returns value with the percentile interval of the replicates.
// Replicates that are NaN (a draw without frauds) are left out; when they are
// more than one in twenty there is no interval, and it is Insufficient.
func (b Bootstrap) Interval(value float64, replicates []float64) Estimate {
	level := b.Level
	if level == 0 {
		level = Level
	}
	known := slices.DeleteFunc(slices.Clone(replicates), math.IsNaN)
	e := Estimate{Value: value, Low: math.NaN(), High: math.NaN(), Insufficient: true}
	if len(known) == 0 || 20*len(known) < 19*len(replicates) {
		return e
	}
	slices.SortFunc(known, cmp.Compare)
	e.Low, e.High = quantile(known, (1-level)/2), quantile(known, 1-(1-level)/2)
	e.Insufficient = math.IsNaN(value)
	return e
}

// quantile interpolates linearly between order statistics.
func quantile(sorted []float64, q float64) float64 {
	h := q * float64(len(sorted)-1)
	k := min(int(h), len(sorted)-1)
	if k == len(sorted)-1 {
		return sorted[k]
	}
	return sorted[k] + float64((h-float64(k))*(sorted[k+1]-sorted[k]))
}
