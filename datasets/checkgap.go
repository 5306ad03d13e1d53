package datasets

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Article 14 forbids to stop reporting without good reason (不得无正当理由停报).
const (
	gapDays   = 3     // days without rows that may be a gap, at least
	gapAround = 28    // days on either side that say what is usual
	gapRows   = 20    // rows on either side, at least
	gapChance = 0.001 // expected number of such gaps in the table, when rows come at random
)

// gaps finds months without a row between two months that have some, and runs
// of days without one that chance does not explain: when rows come at random at
// the rate of the 28 days before or after, whichever is lower, the table would
// have fewer than 0.001 such runs. Fewer than 20 rows on either side say
// nothing.
func (c *checker) gaps(table string, ts *TableSpec, known []int64) {
	days := rowsByDay(known)
	if len(days) == 0 {
		return
	}
	c.tallied(table, ts.KnownAt, MissingMonth, emptyMonths(days), "there is no row in a month between two that have some",
		"deliver the month, or say why nothing was reported (Article 14)")
	c.tallied(table, ts.KnownAt, MissingDays, emptyRuns(days), "there is no row on several days in a row, which chance does not explain",
		"deliver the days, or say why nothing was reported (Article 14)")
}

// emptyMonths counts the months without a row.
func emptyMonths(days []dayRows) tally {
	type monthRows struct {
		start time.Time
		rows  int
	}
	var months []monthRows
	for _, d := range days {
		start := monthStart(dayTime(d.day))
		if n := len(months); n == 0 || !months[n-1].start.Equal(start) {
			months = append(months, monthRows{start: start})
		}
		months[len(months)-1].rows += d.rows
	}
	var empty tally
	for i := 1; i < len(months); i++ {
		if min(months[i-1].rows, months[i].rows) < gapRows {
			continue
		}
		for at := months[i-1].start.AddDate(0, 1, 0); at.Before(months[i].start); at = at.AddDate(0, 1, 0) {
			empty.note(at.Format("2006-01"))
		}
	}
	return empty
}

// emptyRuns counts the runs of days without a row.
func emptyRuns(days []dayRows) tally {
	var runs tally
	enough := math.Log(float64(days[len(days)-1].day-days[0].day+1) / gapChance)
	for i := 1; i < len(days); i++ {
		empty := days[i].day - days[i-1].day - 1
		if empty < gapDays {
			continue
		}
		rows := min(around(days, i-1, -1), around(days, i, 1))
		if usual := float64(rows) / gapAround; rows >= gapRows && usual*float64(empty) > enough {
			runs.note(fmt.Sprintf("%s to %s, usually %.1f a day", dayTime(days[i-1].day+1).Format(time.DateOnly), dayTime(days[i].day-1).Format(time.DateOnly), usual))
		}
	}
	return runs
}

// note counts something that is no row.
func (t *tally) note(value string) {
	if t.count++; t.count == 1 {
		t.value = value
	}
}

// dayRows is the number of rows of a day; the day counts from 1970.
type dayRows struct{ day, rows int }

// rowsByDay returns the days with rows known between 1900 and 2199, in order.
// Default days are left out: nothing happened on them.
func rowsByDay(known []int64) []dayRows {
	low := int(earliest / microsPerDay)
	counts := make([]int, int(latest/microsPerDay)-low+1)
	for _, k := range known {
		if k != NoTime && k >= earliest && k < latest {
			counts[dayOf(k)-low]++
		}
	}
	for _, day := range defaultDays {
		at := dayOf(day.UnixMicro()) - low
		for _, i := range [...]int{at - 1, at} { // midnight in China is the day before
			if i >= 0 {
				counts[i] = 0
			}
		}
	}
	var out []dayRows
	for i, n := range counts {
		if n > 0 {
			out = append(out, dayRows{i + low, n})
		}
	}
	return slices.Clip(out)
}

// dayOf returns the day of an instant, rounded down.
func dayOf(micros int64) int {
	d := micros / microsPerDay
	if micros%microsPerDay < 0 {
		d--
	}
	return int(d)
}

// around counts the rows within 28 days of days[i], that day included, in the
// direction of step.
func around(days []dayRows, i, step int) int {
	n := 0
	for at := i; at >= 0 && at < len(days) && max(days[at].day-days[i].day, days[i].day-days[at].day) < gapAround; at += step {
		n += days[at].rows
	}
	return n
}

func dayTime(day int) time.Time { return time.Unix(int64(day)*24*60*60, 0).UTC() }

func monthStart(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}
