package expression

import "time"

// spans returns the kernel that joins two times, none of them missing; limit
// brings the result back to its type's range. The ranges are so narrow that
// the sum of two values never overflows.
func spans(join func(a, b int64) int64, limit func(int64) int64) kernel {
	return func(m *machine, s *step, n int) {
		x, y, out := m.micros[s.in[0]][:n], m.micros[s.in[1]][:n], m.micros[s.out][:n]
		for i := range out {
			a, b := x[i], y[i]
			if a == noTime || b == noTime {
				out[i] = noTime
				continue
			}
			out[i] = limit(join(a, b))
		}
	}
}

func sum(a, b int64) int64        { return a + b }
func difference(a, b int64) int64 { return a - b }
func lesser(a, b int64) int64     { return min(a, b) }
func greater(a, b int64) int64    { return max(a, b) }

// asItIs is the limit of what cannot leave its range.
func asItIs(v int64) int64 { return v }

func negateDurations(m *machine, s *step, n int) {
	x, out := m.micros[s.in[0]][:n], m.micros[s.out][:n]
	for i := range out {
		out[i] = -x[i] // noTime is its own opposite
	}
}

func absoluteDurations(m *machine, s *step, n int) {
	x, out := m.micros[s.in[0]][:n], m.micros[s.out][:n]
	for i := range out {
		v := x[i]
		if v < 0 {
			v = -v
		}
		out[i] = v
	}
}

// unitsKernel returns the kernel that measures durations in units of micros.
func unitsKernel(unit float64) kernel {
	return func(m *machine, s *step, n int) {
		x, out := m.micros[s.in[0]][:n], m.numbers[s.out][:n]
		for i := range out {
			if x[i] == noTime {
				out[i] = missingNumber
				continue
			}
			out[i] = float64(x[i]) / unit
		}
	}
}

// calendarKernel returns the kernel of a part of the UTC calendar.
func calendarKernel(part func(micros int64) int64) kernel {
	return func(m *machine, s *step, n int) {
		x, out := m.micros[s.in[0]][:n], m.numbers[s.out][:n]
		for i := range out {
			if x[i] == noTime {
				out[i] = missingNumber
				continue
			}
			out[i] = float64(part(x[i]))
		}
	}
}

// dayOf returns the day since 1970 and the microseconds of that day.
func dayOf(micros int64) (day, rest int64) {
	day, rest = micros/microsPerDay, micros%microsPerDay
	if rest < 0 {
		day, rest = day-1, rest+microsPerDay
	}
	return day, rest
}

func hourOf(micros int64) int64 {
	_, rest := dayOf(micros)
	return rest / (60 * 60 * 1_000_000)
}

// weekdayOf counts from Monday, 0. The first day of 1970 was a Thursday.
func weekdayOf(micros int64) int64 {
	day, _ := dayOf(micros)
	return ((day+3)%7 + 7) % 7
}

func yearOf(micros int64) int64 {
	y, _, _ := civil(micros)
	return y
}

func monthOf(micros int64) int64 {
	_, m, _ := civil(micros)
	return m
}

func dayOfMonth(micros int64) int64 {
	_, _, d := civil(micros)
	return d
}

// civil returns the day of the proleptic Gregorian calendar. It counts in years
// that begin on 1 March, so that a leap day is the last of its year: 365 days and
// one more in 4, less one in 100, one more in 400 years.
func civil(micros int64) (year, month, dayOfMonth int64) {
	const (
		fromMarch0 = 719468 // days from 0000-03-01 to 1970-01-01
		era        = 146097 // days of 400 years
	)
	day, _ := dayOf(micros)
	day += fromMarch0 + era // instants begin in January of year 0: one era keeps all positive
	eras, inEra := day/era, day%era
	inEraYear := (inEra - inEra/1460 + inEra/36524 - inEra/(era-1)) / 365
	inYear := inEra - (365*inEraYear + inEraYear/4 - inEraYear/100)
	fromMarch := (5*inYear + 2) / 153 // months of 31, 30, 31, 30, 31 days, again and again
	dayOfMonth = inYear - (153*fromMarch+2)/5 + 1
	year = (eras-1)*400 + inEraYear
	if month = fromMarch + 3; month > 12 {
		month, year = month-12, year+1
	}
	return year, month, dayOfMonth
}

// parseDate reads "2024-01-31" as the midnight that begins it.
func parseDate(text string) (int64, bool) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, false
	}
	return t.UnixMicro(), true
}
