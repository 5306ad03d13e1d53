package features

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
)

// TestVectorsAtOnce asks one fitted pipeline about claims of two tables, whose
// schemas are values of their own, in turn and from several goroutines: memory
// that is used again keeps nothing of the claim before.
func TestVectorsAtOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 9))
	first := randomClaims(t, rng, 2)
	f := fitted(t, first)
	var claims []arrow.Record
	var want [][]float64
	for _, table := range []interface {
		Chunks() []arrow.Record
	}{first, randomClaims(t, rng, 3)} {
		for _, chunk := range table.Chunks() {
			for i := range chunk.NumRows() {
				claim := chunk.NewSlice(i, i+1)
				vector, err := f.Vector(nil, claim, nil)
				if err != nil {
					t.Fatal(err)
				}
				claims, want = append(claims, claim), append(want, vector)
			}
		}
	}
	var wait sync.WaitGroup
	for g := range 4 {
		order := rand.New(rand.NewPCG(uint64(g), 3)).Perm(len(claims))
		wait.Go(func() {
			var got []float64
			for _, i := range order {
				var err error
				if got, err = f.Vector(got, claims[i], nil); err != nil {
					t.Error(err)
					return
				}
				for j := range got {
					if math.Float64bits(got[j]) != math.Float64bits(want[i][j]) {
						t.Errorf("claim %d, %s: %v, and %v before", i, f.Names()[j], got[j], want[i][j])
						return
					}
				}
			}
		})
	}
	wait.Wait()
}
