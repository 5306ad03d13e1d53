package calibration

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// PoolAdjacent returns the never-falling sequence closest to y in weighted
// least squares (pool adjacent violators; Ayer and others 1955). weight is nil
// for one each, otherwise of y's length and above 0. It makes a new slice.
func PoolAdjacent(y, weight []float64) []float64 {
	out := make([]float64, 0, len(y))
	for _, b := range pool(y, weight) {
		for range b.rows {
			out = append(out, b.value())
		}
	}
	return out
}

// block is neighbouring elements with one value.
type block struct {
	rows        int
	weight, sum float64
}

func (b block) value() float64 { return b.sum / b.weight }

func pool(y, weight []float64) []block {
	var blocks []block
	for i, v := range y {
		w := weightAt(weight, i)
		blocks = append(blocks, block{1, w, float64(w * v)})
		for n := len(blocks); n > 1 && blocks[n-2].value() >= blocks[n-1].value(); n = len(blocks) {
			a, b := blocks[n-2], blocks[n-1]
			blocks = append(blocks[:n-2], block{a.rows + b.rows, a.weight + b.weight, a.sum + b.sum})
		}
	}
	return blocks
}

// point is the rows of one margin.
type point struct {
	margin, weight, sum float64
}

// points merges rows of equal margin, in order of margins. Rows of weight 0
// are left out.
func points(margin, y, weight []float64) []point {
	type row struct{ margin, y, weight float64 }
	rows := make([]row, 0, len(y))
	for i, m := range margin {
		if w := weightAt(weight, i); w > 0 {
			rows = append(rows, row{m + 0, y[i], w})
		}
	}
	// All three, so that the order of rows changes no bit of the sums.
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.margin, b.margin), cmp.Compare(a.y, b.y), cmp.Compare(a.weight, b.weight))
	})
	var out []point
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].margin != r.margin {
			out = append(out, point{margin: r.margin})
		}
		p := &out[len(out)-1]
		p.weight += r.weight
		p.sum += float64(r.weight * r.y)
	}
	return out
}

// FitIsotonic pools adjacent violators over the margins and joins the centres
// (mean margins) of the blocks by lines, so that margins between two centres
// keep their order; beyond the first and last centre it is constant. Blocks
// without a fraud, or of frauds only, get Laplace's 1/(n+2) or (n+1)/(n+2) as
// far as monotony allows: no probability is 0 or 1. It wants about 1,000 rows
// and some dozens of frauds; with fewer take Platt.
func FitIsotonic(margin, y, weight []float64) (*Calibrator, error) {
	pos, neg, err := checkRows(Isotonic, margin, y, weight)
	if err != nil {
		return nil, err
	}
	merged := points(margin, y, weight)
	means, weights := make([]float64, len(merged)), make([]float64, len(merged))
	for i, p := range merged {
		means[i], weights[i] = p.sum/p.weight, p.weight
	}
	c := &Calibrator{Format: FormatVersion, Method: Isotonic, Rows: pos + neg, Positives: pos}
	at := 0
	blocks := pool(means, weights)
	for _, b := range blocks {
		centre := 0.0
		for _, p := range merged[at : at+b.rows] {
			centre += float64(p.weight / b.weight * p.margin)
		}
		at += b.rows
		c.Margins = append(c.Margins, settle(centre))
		c.Probabilities = append(c.Probabilities, b.value())
	}
	c.soften(blocks)
	if err := c.separate(); err != nil {
		return nil, fmt.Errorf("cannot fit isotonic calibration: %w", err)
	}
	return c, nil
}

// soften lifts a first block of 0 and lowers a last one of 1. Only these can
// have such values.
func (c *Calibrator) soften(blocks []block) {
	last := len(blocks) - 1
	p := c.Probabilities
	first := 1 / (blocks[0].weight + 2)
	end := (blocks[last].weight + 1) / (blocks[last].weight + 2)
	switch {
	case p[0] == 0 && last == 1 && p[last] == 1:
		// Full separation: two blocks, each with its own Laplace value.
		p[0], p[last] = min(first, .5), max(end, .5)
	default:
		if p[0] == 0 {
			p[0] = min(first, p[min(1, last)])
		}
		if p[last] == 1 {
			p[last] = max(end, p[max(0, last-1)])
		}
	}
	for i := range p {
		p[i] = inside(settle(p[i]))
	}
}

// separate drops a knot whose rounded margin fell onto the one before.
func (c *Calibrator) separate() error {
	kept := 0
	for i, m := range c.Margins {
		if math.IsInf(m, 0) {
			return fmt.Errorf("margins span too wide a range")
		}
		if kept > 0 && m <= c.Margins[kept-1] {
			c.Probabilities[kept-1] = max(c.Probabilities[kept-1], c.Probabilities[i])
			continue
		}
		c.Margins[kept], c.Probabilities[kept] = m, c.Probabilities[i]
		kept++
	}
	c.Margins, c.Probabilities = c.Margins[:kept], c.Probabilities[:kept]
	return nil
}
