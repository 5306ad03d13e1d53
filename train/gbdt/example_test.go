package gbdt_test

import (
	"context"
	"fmt"

	"claimsieve/features"
	"claimsieve/train/gbdt"
)

func Example() {
	x := &features.Matrix{Names: []string{"claims_last_year"}, Columns: [][]float64{{0, 0, 1, 1, 5, 6, 7, 8}}}
	y := []float64{0, 0, 0, 1, 1, 1, 1, 0}

	cfg := gbdt.DefaultConfig()
	cfg.NumIterations, cfg.MinDataInLeaf, cfg.MinDataInBin = 5, 2, 1
	result, err := gbdt.Fit(context.Background(), cfg, gbdt.Runtime{}, gbdt.Samples{X: x, Y: y}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(result.Forest.Trees), "trees,", result.Stopped)
	fmt.Println("more claims, more suspicion:", result.Forest.Raw([]float64{6}) > result.Forest.Raw([]float64{0}))
	// Output:
	// 5 trees, iterations
	// more claims, more suspicion: true
}
