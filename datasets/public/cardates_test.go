package public

import (
	"testing"
	"time"
)

// The rule is checked against the calendar walked day by day.
func TestWeekDateAgainstCalendarWalk(t *testing.T) {
	for year := 1993; year <= 1996; year++ {
		for month := time.January; month <= time.December; month++ {
			for week := 1; week <= 5; week++ {
				for weekday := time.Sunday; weekday <= time.Saturday; weekday++ {
					got, moved := weekDate(year, month, week, weekday)
					want, wantMoved := walkedDate(year, month, week, weekday)
					if !got.Equal(want) || moved != wantMoved {
						t.Fatalf("%d %s week %d %s: got %s (moved %v), want %s (moved %v)", year, month, week, weekday, got, moved, want, wantMoved)
					}
				}
			}
		}
	}
}

func walkedDate(year int, month time.Month, week int, weekday time.Weekday) (last time.Time, moved bool) {
	for day := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC); day.Month() == month; day = day.AddDate(0, 0, 1) {
		if day.Weekday() != weekday {
			continue
		}
		if (day.Day()-1)/7+1 == week {
			return day, false
		}
		last = day
	}
	return last, true
}

func TestDatesKeepOrderAndYear(t *testing.T) {
	for loss := time.January; loss <= time.December; loss++ {
		for claim := time.January; claim <= time.December; claim++ {
			for cell := range 35 * 35 {
				r := carRow{year: 1995, lossMonth: loss, claimMonth: claim,
					lossWeek: 1 + cell%5, lossWeekday: time.Weekday(cell / 5 % 7),
					claimWeek: 1 + cell/35%5, claimWeekday: time.Weekday(cell / 175 % 7)}
				d := datesOf(&r)
				if d.loss.After(d.report) || d.report.Year() != 1995 || d.report.Month() != claim {
					t.Fatalf("%+v gives %+v", r, d)
				}
				if d.report.Sub(d.loss) > 366*24*time.Hour {
					t.Fatalf("%+v gives more than a year: %+v", r, d)
				}
				if d.wrapped != (loss > claim) || (d.clamped && loss != claim) {
					t.Fatalf("%+v: wrapped or clamped wrongly: %+v", r, d)
				}
			}
		}
	}
}

func TestUnknownClaimTimeIsTheLatestPossible(t *testing.T) {
	d := datesOf(&carRow{year: 1994, lossMonth: time.July, lossWeek: 2, lossWeekday: time.Monday})
	if want := time.Date(1994, 12, 31, 0, 0, 0, 0, time.UTC); !d.report.Equal(want) || !d.reportUnknown {
		t.Fatalf("got %+v", d)
	}
	if want := time.Date(1994, 7, 11, 0, 0, 0, 0, time.UTC); !d.loss.Equal(want) {
		t.Fatalf("loss: got %s, want %s", d.loss, want)
	}
}
