package gbdt

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// checkBins checks what the trees rely on: a raw value lies at or below the
// threshold of exactly the bins from its own on.
func checkBins(t *testing.T, values []float64, maxBin, minData int) {
	t.Helper()
	c, _, _ := numericColumn(values, maxBin, minData)
	if c == nil {
		return
	}
	missing := slices.ContainsFunc(values, math.IsNaN)
	if used := c.bins; (missing && used+1 > maxBin) || used > maxBin {
		t.Fatalf("%d bins of numbers (NaN: %v), want at most %d", used, missing, maxBin)
	}
	for i, v := range values {
		b := c.bin(int32(i))
		if math.IsNaN(v) {
			if b != c.bins {
				t.Fatalf("NaN lies in bin %d, want %d", b, c.bins)
			}
			continue
		}
		for cut := -1; cut < c.bins; cut++ {
			if (cut == -1 && c.bottom) || (cut == c.bins-1 && c.top) {
				continue // such a cut is never made
			}
			limit := c.threshold(cut)
			if math.IsInf(limit, 0) || math.IsNaN(limit) {
				t.Fatalf("threshold %v after bin %d is not finite", limit, cut)
			}
			if (v <= limit) != (b <= cut) {
				t.Fatalf("%v lies in bin %d, but compares with the threshold %v after bin %d as if it did not", v, b, limit, cut)
			}
		}
	}
}

func FuzzNumericBins(f *testing.F) {
	encode := func(values ...float64) []byte {
		var b []byte
		for _, v := range values {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		return b
	}
	next := math.Nextafter(1, 2)
	f.Add(encode(1, next, math.Nextafter(next, 2), 0, math.Copysign(0, -1)), uint8(9), uint8(1))
	f.Add(encode(math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, math.NaN(), 5e-324), uint8(9), uint8(1))
	f.Add(encode(1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 9, math.NaN()), uint8(4), uint8(2))
	f.Add(encode(math.Inf(1), math.NaN()), uint8(2), uint8(1))
	f.Fuzz(func(t *testing.T, raw []byte, maxBin, minData uint8) {
		var values []float64
		for ; len(raw) >= 8; raw = raw[8:] {
			values = append(values, math.Float64frombits(binary.LittleEndian.Uint64(raw)))
		}
		checkBins(t, values, max(2, int(maxBin)), max(1, int(minData)))
	})
}

func TestQuantileBinsAreEven(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	values := make([]float64, 50000)
	for i := range values {
		if values[i] = math.Exp(3 * r.NormFloat64()); i%5 == 0 {
			values[i] = 42 // a value with a fifth of all rows
		}
	}
	for _, maxBin := range []int{16, 255, 1000} {
		c, _, _ := numericColumn(values, maxBin, 3)
		if c.bins < maxBin*9/10 || c.bins > maxBin {
			t.Errorf("%d bins, want nearly %d", c.bins, maxBin)
		}
		counts := make([]int, c.bins)
		for i := range values {
			counts[c.bin(int32(i))]++
		}
		even := 40000 / (c.bins - 1)
		for b, n := range counts {
			frequent := n >= 10000 && n <= 10000+even/2 // it may take along less than half a bin
			if b < c.bins-1 && n > even*2 && !frequent {
				t.Errorf("bin %d of %d holds %d rows, want about %d, or little more than the 10000 of the frequent value", b, c.bins, n, even)
			}
		}
		checkBins(t, values[:3000], maxBin, 3)
	}
}

func TestCategoryBins(t *testing.T) {
	counts := []int{5, 900, 0, 2, 900, 40}
	got := frequentCodes(counts, 1847, 255, 3)
	if want := []int32{1, 4, 5, 0}; !slices.Equal(got, want) {
		t.Errorf("codes %v get a bin, want %v: by falling frequency, equal ones by code, the rare one not", got, want)
	}
	if got := frequentCodes(counts, 1847, 2, 1); !slices.Equal(got, []int32{1, 4, 5}) {
		t.Errorf("codes %v get a bin, want 1, 4, 5, which cover 99 %% of the rows", got)
	}
}
