package gbdt

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"claimsieve/features"
)

// wideSamples draws normal columns of which a quarter carries signal.
func wideSamples(rows, columns int) Samples {
	r := rand.New(rand.NewPCG(1, 2))
	s := Samples{X: &features.Matrix{}, Y: make([]float64, rows)}
	z := make([]float64, rows)
	for j := range columns {
		c := make([]float64, rows)
		for i := range c {
			c[i] = r.NormFloat64()
			if 4*j < columns {
				z[i] += c[i]*c[i]/2 - 0.3*c[i]
			}
		}
		s.X.Columns = append(s.X.Columns, c)
		s.X.Names = append(s.X.Names, "c"+strconv.Itoa(j))
	}
	for i, v := range z {
		if r.Float64() < 1/(1+math.Exp(float64(columns)/8-v)) {
			s.Y[i] = 1
		}
	}
	return s
}

func BenchmarkFit(b *testing.B) {
	s := wideSamples(50000, 40)
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("threads=%d", threads), func(b *testing.B) {
			for b.Loop() {
				if _, err := Fit(context.Background(), DefaultConfig(), Runtime{Threads: threads}, s, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
