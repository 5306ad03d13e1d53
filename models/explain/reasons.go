package explain

import (
	"fmt"
	"sort"
)

// Reason is one indicator that moved a score toward fraud.
type Reason struct {
	Indicator    string  // its name in the forest's Features
	Value        float64 // its element of the vector; NaN when missing, the code of a category
	Contribution float64 // what it added to the raw output; above 0
}

// Top returns the k largest positive contributions, largest first, ties by
// the lower index. There are fewer where fewer are positive, and none for
// k <= 0; zero, negative and NaN contributions are never reasons. names, x and
// phi are one element per feature; other lengths panic.
func Top(names []string, x, phi []float64, k int) []Reason {
	if len(names) != len(phi) || len(x) != len(phi) {
		panic(fmt.Sprintf("BUG: %d names and %d values for %d contributions", len(names), len(x), len(phi)))
	}
	order := make([]int, 0, len(phi))
	for j, c := range phi {
		if c > 0 {
			order = append(order, j)
		}
	}
	sort.SliceStable(order, func(a, b int) bool { return phi[order[a]] > phi[order[b]] })
	order = order[:max(0, min(k, len(order)))]
	reasons := make([]Reason, len(order))
	for i, j := range order {
		reasons[i] = Reason{Indicator: names[j], Value: x[j], Contribution: phi[j]}
	}
	return reasons
}
