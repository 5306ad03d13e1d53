package datasets

import (
	"strings"
	"time"
)

// The instants that a four-digit year can write.
const (
	firstMicros = -62167219200 * 1_000_000   // 0000-01-01T00:00:00Z
	lastMicros  = 253402300800*1_000_000 - 1 // the last microsecond of 9999
)

const (
	wantDate = `a day as "2026-01-31"`
	wantTime = `a time as "2026-01-31T08:30:00+08:00"`
)

// calendarDay reads "2026-01-31" as days since 1970.
func calendarDay(v jsonValue) (int32, *FieldError) {
	if v.kind != jsonString {
		return 0, wrong(wantDate, v)
	}
	day, rest, ok := cutDay(v.text)
	if !ok || rest != "" {
		return 0, wrong(wantDate, v)
	}
	at := day.midnight()
	if !day.exists(at) {
		return 0, outOfRange("there is no day %q", v.text)
	}
	return int32(at.Unix() / (24 * 60 * 60)), nil
}

// instant reads RFC 3339, the same without a zone, or a day, as microseconds since 1970 UTC.
func instant(v jsonValue) (int64, *FieldError) {
	if v.kind != jsonString {
		return 0, wrong(wantTime, v)
	}
	day, rest, ok := cutDay(v.text)
	if !ok {
		return 0, wrong(wantTime, v)
	}
	at := day.midnight()
	if !day.exists(at) {
		return 0, outOfRange("there is no day %q", clip(v.text))
	}
	if rest == "" {
		return at.UnixMicro(), nil
	}
	clock, zone, ok := cutClock(rest)
	if !ok {
		return 0, wrong(wantTime, v)
	}
	offset, ok := zoneOffset(zone)
	if !ok {
		return 0, wrong(wantTime, v)
	}
	if clock.hour > 23 || clock.minute > 59 || clock.second > 59 || offset.hour > 23 || offset.minute > 59 {
		return 0, outOfRange("there is no time %q (leap seconds are not taken)", clip(v.text))
	}
	micros := at.UnixMicro() + clock.micros() - offset.micros()
	if micros < firstMicros || micros > lastMicros {
		return 0, outOfRange("want a time in the years 0000 to 9999 of UTC, got %q", clip(v.text))
	}
	return micros, nil
}

// dayParts is a day as it was written, which may not exist.
type dayParts struct{ year, month, day int }

func (d dayParts) midnight() time.Time {
	return time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
}

// exists reports whether the calendar has the day: at is its midnight, which
// otherwise is that of another day.
func (d dayParts) exists(at time.Time) bool {
	return at.Year() == d.year && int(at.Month()) == d.month && at.Day() == d.day
}

// cutDay takes YYYY-MM-DD from the front of text.
func cutDay(text string) (d dayParts, rest string, ok bool) {
	if len(text) < 10 || text[4] != '-' || text[7] != '-' {
		return d, "", false
	}
	var okYear, okMonth, okDay bool
	d.year, okYear = fixedDigits(text[:4])
	d.month, okMonth = fixedDigits(text[5:7])
	d.day, okDay = fixedDigits(text[8:10])
	return d, text[10:], okYear && okMonth && okDay
}

// clockParts is a time of day or, with a sign, an offset from UTC.
type clockParts struct {
	hour, minute, second int
	fraction             int // microseconds
	negative             bool
}

func (c clockParts) micros() int64 {
	m := int64((c.hour*60+c.minute)*60+c.second)*1_000_000 + int64(c.fraction)
	if c.negative {
		return -m
	}
	return m
}

// cutClock takes THH:MM:SS and a fraction from the front of text.
func cutClock(text string) (c clockParts, rest string, ok bool) {
	if len(text) < 9 || text[0] != 'T' && text[0] != 't' || text[3] != ':' || text[6] != ':' {
		return c, "", false
	}
	var okHour, okMinute, okSecond bool
	c.hour, okHour = fixedDigits(text[1:3])
	c.minute, okMinute = fixedDigits(text[4:6])
	c.second, okSecond = fixedDigits(text[7:9])
	if !okHour || !okMinute || !okSecond {
		return c, "", false
	}
	rest = text[9:]
	if !strings.HasPrefix(rest, ".") {
		return c, rest, true
	}
	digits := rest[1:]
	n := 0
	for n < len(digits) && digits[n] >= '0' && digits[n] <= '9' {
		n++
	}
	if n == 0 {
		return c, "", false
	}
	c.fraction, _ = fixedDigits((digits[:n] + "000000")[:6])
	return c, digits[n:], true
}

// zoneOffset reads Z, ±HH:MM, or nothing, which is UTC.
func zoneOffset(text string) (c clockParts, ok bool) {
	if text == "" || text == "Z" || text == "z" {
		return c, true
	}
	if len(text) != 6 || text[0] != '+' && text[0] != '-' || text[3] != ':' {
		return c, false
	}
	var okHour, okMinute bool
	c.negative = text[0] == '-'
	c.hour, okHour = fixedDigits(text[1:3])
	c.minute, okMinute = fixedDigits(text[4:6])
	return c, okHour && okMinute
}

// fixedDigits reads text of nothing but digits.
func fixedDigits(text string) (n int, ok bool) {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = 10*n + int(text[i]-'0')
	}
	return n, true
}
