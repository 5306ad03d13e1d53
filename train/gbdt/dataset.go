package gbdt

import (
	"math"

	"claimsieve/features"
)

// dataset is the training samples as bins. Columns that cannot be split are
// left out.
type dataset struct {
	rows     int
	columns  []*column
	cells    int       // of a histogram of all columns
	min, max []float64 // range of each feature of the matrix, NaN for categories
}

// bin makes the dataset of x. Columns are binned independently of each other.
func bin(x *features.Matrix, cfg Config, threads int) *dataset {
	n := len(x.Columns)
	d := &dataset{rows: x.Rows(), min: make([]float64, n), max: make([]float64, n)}
	made := make([]*column, n)
	each(threads, n, func(j int) {
		values := x.Columns[j]
		if words := categories(x, j); words != nil {
			d.min[j], d.max[j] = math.NaN(), math.NaN()
			made[j] = categoricalColumn(values, len(words), cfg.MaxBin, cfg.MinDataInBin)
			return
		}
		made[j], d.min[j], d.max[j] = numericColumn(values, cfg.MaxBin, cfg.MinDataInBin)
	})
	for j, c := range made {
		if c == nil {
			continue
		}
		c.feature = j
		if j < len(cfg.MonotoneConstraints) {
			c.monotone = cfg.MonotoneConstraints[j]
		}
		c.offset = d.cells
		d.cells += c.cells()
		d.columns = append(d.columns, c)
	}
	return d
}
