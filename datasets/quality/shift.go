package quality

import (
	"fmt"
	"slices"

	"claimsieve/datasets"
)

// shift measures how far a column's distribution has moved in each month.
func (c *comparer) shift(old, now *TableProfile, before, after *ColumnProfile) {
	if !slices.Equal(before.Edges, after.Edges) || !slices.Equal(before.Words, after.Words) {
		return
	}
	s := Shift{Table: now.Name, Column: after.Name, Months: []string{}, PSI: []float64{}, Critical: []float64{}, Shifted: []bool{}}
	whole := make([]int, before.bins())
	for _, bins := range before.Bins {
		for i, n := range bins {
			whole[i] += n
		}
	}
	for m, month := range now.Months {
		if month == datasets.NoMonth {
			continue
		}
		base := whole
		if n := slices.Index(old.Months, month); n >= 0 {
			base = before.Bins[n]
		}
		if sum(base) < shiftRows || sum(after.Bins[m]) < shiftRows {
			continue
		}
		x, ok := stabilityOf(base, after.Bins[m], shiftLevel)
		if !ok {
			continue
		}
		s.Months = append(s.Months, month)
		s.PSI, s.Critical = append(s.PSI, x.psi), append(s.Critical, x.critical)
		c.tested = append(c.tested, x)
	}
	if len(s.Months) > 0 {
		c.out.Shifts = append(c.out.Shifts, s)
	}
}

// judgeShifts decides what chance does not explain, all tests considered
// (Bonferroni), and makes a finding of every column that has shifted.
func (c *comparer) judgeShifts() {
	at := 0
	for i := range c.out.Shifts {
		s := &c.out.Shifts[i]
		months, worst := 0, -1
		for m, psi := range s.PSI {
			x := c.tested[at]
			at++
			shifted := psi >= shiftLeast && psi > x.quantile(shiftLevel/float64(len(c.tested)))
			s.Shifted = append(s.Shifted, shifted)
			if !shifted {
				continue
			}
			if months++; worst < 0 || psi > s.PSI[worst] {
				worst = m
			}
		}
		if months > 0 {
			c.find(datasets.DistributionShift, s.Table, s.Column, months, fmt.Sprintf("%s: PSI %.3f, critical %.3f", s.Months[worst], s.PSI[worst], s.Critical[worst]),
				fmt.Sprintf("the distribution has moved against the earlier delivery, in %d of %d months", months, len(s.Months)),
				"find out whether the business or the reporting has changed; a model trained before may not fit any more")
		}
	}
}
