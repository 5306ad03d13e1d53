package metric

import "math"

// Point is what a threshold does: rows with score >= Threshold alert.
type Point struct {
	Threshold float64 `json:"threshold"`
	Alerts    float64 `json:"alerts"`
	Hits      float64 `json:"hits"`
}

// Curve is every distinct threshold of a ranking, from the highest score
// (fewest alerts) to the lowest (all rows). From it come the precision-recall,
// ROC, lift and savings curves.
type Curve struct {
	Points []Point `json:"points"`
	Rows   float64 `json:"rows"`
	Frauds float64 `json:"frauds"`
}

// Curve returns the curve of all distinct scores.
func (r *Ranking) Curve() Curve {
	c := Curve{Points: make([]Point, len(r.groups)), Rows: r.pos + r.neg, Frauds: r.pos}
	var p Point
	for i, g := range r.groups {
		p.Threshold = g.score
		p.Alerts += g.pos + g.neg
		p.Hits += g.pos
		c.Points[i] = p
	}
	return c
}

// Confusion returns the confusion at point i.
func (c Curve) Confusion(i int) Confusion {
	p := c.Points[i]
	fp := p.Alerts - p.Hits
	fn := c.Frauds - p.Hits
	return Confusion{TP: p.Hits, FP: fp, FN: fn, TN: c.Rows - p.Hits - fp - fn}
}

// Thin returns a curve of at most n points (n >= 2) spread evenly over alert
// rates, for drawing. The first and the last point stay.
func (c Curve) Thin(n int) Curve {
	if n < 2 || len(c.Points) <= n {
		return c
	}
	out := Curve{Rows: c.Rows, Frauds: c.Frauds}
	last := len(c.Points) - 1
	next := 0.0
	step := c.Rows / float64(n-1)
	for i, p := range c.Points {
		// One slot is kept for the last point.
		if i == 0 || i == last || (p.Alerts >= next && len(out.Points) < n-1) {
			out.Points = append(out.Points, p)
			next = step * (math.Floor(p.Alerts/step) + 1)
		}
	}
	return out
}

// WithinBudget returns the lowest threshold that alerts on at most the given
// number of rows. Rows of one score alert together, so that the budget may not
// be used up. ok is false when even the highest score has more rows.
func (c Curve) WithinBudget(alerts float64) (p Point, ok bool) {
	for _, q := range c.Points {
		if q.Alerts > alerts {
			break
		}
		p, ok = q, true
	}
	return p, ok
}

// Top returns what the given number of highest-ranked alerts find
// (前k命中率). Inside a score that is only partly taken, hits count in
// proportion: the expectation over a random order of ties. alerts is cut to
// the number of rows.
func (c Curve) Top(alerts float64) Confusion {
	alerts = min(alerts, c.Rows)
	var before Point
	hits := 0.0
	for _, p := range c.Points {
		if p.Alerts >= alerts {
			share := 0.0
			if p.Alerts > before.Alerts {
				share = (alerts - before.Alerts) / (p.Alerts - before.Alerts)
			}
			hits = before.Hits + float64(share*(p.Hits-before.Hits))
			break
		}
		before = p
	}
	return Confusion{TP: hits, FP: alerts - hits, FN: c.Frauds - hits, TN: c.Rows - alerts - (c.Frauds - hits)}
}

// BestSavings returns the point of the largest savings under the costs with
// the average loss, and these savings. Not alerting at all saves 0: ok is
// false when no threshold does better. Of equal savings the higher threshold
// is taken.
func (c Curve) BestSavings(costs Costs) (best Point, savings float64, ok bool) {
	for _, p := range c.Points {
		if s := costs.Savings(p.Hits, p.Alerts); s > savings {
			best, savings, ok = p, s, true
		}
	}
	return best, savings, ok
}
