package datasets

import (
	"fmt"
	"math"
	"slices"
)

// delays measures how long after their happening rows became known. A row known
// before it happened has delay 0; one that lacks a time has none. Late rows are a
// finding where the dataset says what late is; elsewhere they are only measured.
func (c *checker) delays(table string, ts *TableSpec, f *frame, known []int64) {
	if ts.HappenedAt == "" || ts.HappenedAt == ts.KnownAt || known == nil {
		return
	}
	happened := c.micros(table, ts.HappenedAt)
	if happened == nil {
		return
	}
	limit := int64(c.data.Spec.TimelyDays(table)) * microsPerDay
	f.delays = make([][]int64, len(f.months))
	late := c.weigh(table, "", LateRow, min(len(happened), len(known)), func(i int) verdict {
		if happened[i] == NoTime || known[i] == NoTime || f.months[f.monthOf(i)] == NoMonth || happened[i] < earliest || happened[i] >= latest {
			return skipped
		}
		delay := max(0, known[i]-happened[i])
		f.delays[f.monthOf(i)] = append(f.delays[f.monthOf(i)], delay)
		return passedIf(delay <= limit)
	}, func(i int) string {
		return fmt.Sprintf("happened %s, known %s", showInstant(happened[i]), showInstant(known[i]))
	})
	if q := c.data.Spec.Quality; q != nil && q.TimelyDays[table] > 0 {
		c.tallied(table, "", LateRow, late, fmt.Sprintf("the row became known more than %d days after it happened (迟报)", q.TimelyDays[table]),
			"find out why it came late, or allow more days under quality: timely_days: in "+SpecFile)
	}
}

// delay returns the delays of all rows and by month.
func (f *frame) delay() (*Delay, []Delay) {
	var all []int64
	months := make([]Delay, len(f.delays))
	for m, delays := range f.delays {
		all = append(all, delays...)
		months[m] = delayOf(delays)
	}
	whole := delayOf(all)
	return &whole, months
}

// delayOf sorts delays in microseconds and takes their quantiles.
func delayOf(delays []int64) Delay {
	out := Delay{Of: len(delays)}
	if out.Of == 0 {
		return out
	}
	slices.Sort(delays)
	days := func(share float64) *float64 {
		rank := int(math.Ceil(share * float64(out.Of)))
		d := float64(delays[max(rank, 1)-1]) / microsPerDay
		return &d
	}
	out.MedianDays, out.P95Days = days(0.5), days(0.95)
	return out
}
