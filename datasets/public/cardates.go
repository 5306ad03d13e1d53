package public

import "time"

// weekDate turns (year, month, week of the month, weekday) into a day. Week 1
// is the days 1-7, week 2 the days 8-14, ..., week 5 the days from 29 on, so
// every week has each weekday at most once. Where week 5 has no such weekday
// in that month the last such weekday of the month is taken, and moved is true.
func weekDate(year int, month time.Month, week int, weekday time.Weekday) (day time.Time, moved bool) {
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	offset := (int(weekday) - int(first.Weekday()) + 7) % 7
	day = first.AddDate(0, 0, offset+7*(week-1))
	if day.Month() != month {
		return day.AddDate(0, 0, -7), true
	}
	return day, false
}

// claimDates are the two days of one claim and how they were come by.
type claimDates struct {
	loss, report           time.Time
	wrapped                bool // the loss lies in the year before the claim's
	clamped                bool // the rule gave a loss after the report
	lossMoved, reportMoved bool // week 5 had no such weekday
	reportUnknown          bool // the file has no claim month and weekday
}

// datesOf applies the date rule to one verified row. The file's year is taken
// as the year of the claim; a month of loss later in the calendar than the
// month of the claim lies in the year before.
func datesOf(r *carRow) (d claimDates) {
	if r.claimMonth == 0 {
		d.reportUnknown = true
		d.report = time.Date(r.year, time.December, 31, 0, 0, 0, 0, time.UTC)
	} else {
		d.report, d.reportMoved = weekDate(r.year, r.claimMonth, r.claimWeek, r.claimWeekday)
	}
	lossYear := r.year
	if r.lossMonth > d.report.Month() {
		lossYear--
		d.wrapped = true
	}
	d.loss, d.lossMoved = weekDate(lossYear, r.lossMonth, r.lossWeek, r.lossWeekday)
	if d.loss.After(d.report) {
		d.loss, d.clamped = d.report, true
	}
	return d
}

// date32 is a day as arrow's days since 1970.
func date32(day time.Time) int32 { return int32(day.Unix() / (24 * 60 * 60)) }
