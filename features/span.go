package features

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"claimsieve/features/window"
)

// Span is a length of time in microseconds, [window.Forever] for all time.
type Span int64

// MarshalText writes days or hours where the span is a number of them.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String writes the span as in a pipeline.
func (s Span) String() string {
	hour := Span(time.Hour / time.Microsecond)
	switch {
	case s == window.Forever:
		return "forever"
	case s%Span(window.Day) == 0:
		return fmt.Sprintf("%dd", s/Span(window.Day))
	case s%hour == 0:
		return fmt.Sprintf("%dh", s/hour)
	}
	return strconv.FormatFloat(float64(s)/float64(window.Day), 'g', -1, 64) + "d"
}

// UnmarshalText reads "365d", "0.5d", "12h", "forever" and "0".
func (s *Span) UnmarshalText(text []byte) error {
	word := string(text)
	switch word {
	case "forever":
		*s = window.Forever
		return nil
	case "0":
		*s = 0
		return nil
	}
	unit := 0.0
	switch {
	case strings.HasSuffix(word, "d"):
		unit = float64(window.Day)
	case strings.HasSuffix(word, "h"):
		unit = float64(window.Day) / 24
	default:
		return fmt.Errorf("cannot use span %q: want days or hours such as 90d or 12h, or forever", word)
	}
	n, err := strconv.ParseFloat(word[:len(word)-1], 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return fmt.Errorf("cannot use span %q: want a number of days or hours such as 90d or 12h, or forever", word)
	}
	if n < 0 {
		return fmt.Errorf("cannot use span %q: it is negative; windows look back, and 90d is 90 days before the instant", word)
	}
	micros := math.Round(n * unit)
	if micros >= 1<<60 {
		return fmt.Errorf("cannot use span %q: it is longer than 36,000 years; write forever", word)
	}
	*s = Span(micros)
	return nil
}

// Reach is a span that is not 0; its zero value means for ever.
type Reach Span

// MarshalText writes the span.
func (r Reach) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// String writes the span as in a pipeline.
func (r Reach) String() string {
	if r == 0 {
		return "forever"
	}
	return Span(r).String()
}

// UnmarshalText reads what [Span.UnmarshalText] reads, but for 0.
func (r *Reach) UnmarshalText(text []byte) error {
	var s Span
	if err := s.UnmarshalText(text); err != nil {
		return err
	}
	if s == 0 {
		return fmt.Errorf("cannot look back %q: that is no time at all; want days or hours such as 90d or 12h, or forever", text)
	}
	*r = Reach(s)
	return nil
}

// micros is the span in microseconds, [window.Forever] for the zero value.
func (r Reach) micros() int64 {
	if r == 0 {
		return window.Forever
	}
	return int64(r)
}

// Window is the time before a vector's instant t that a word looks at:
// t-From <= happened < t-To. The zero value is all time.
type Window struct {
	From Reach `yaml:"from,omitempty" json:"from"`
	To   Span  `yaml:"to,omitempty" json:"to"`
}

// UnmarshalText reads a window that ends at the instant.
func (w *Window) UnmarshalText(text []byte) error { return w.From.UnmarshalText(text) }

// IsZero says whether nothing was said about the window.
func (w Window) IsZero() bool { return w == Window{} }

// window returns the window with its defaults.
func (w Window) window() window.Window {
	return window.Window{From: w.From.micros(), To: int64(w.To)}
}

// fault says what is wrong with the window, "" when nothing is.
func (w Window) fault() string {
	v := w.window()
	switch {
	case v.To == window.Forever:
		return "the window ends forever ago and is empty"
	case v.From <= v.To:
		return fmt.Sprintf("the window from %s to %s before the instant is empty: from must be more than to", w.From, w.To)
	}
	return ""
}

// Prior is what is expected of a rate without evidence: a share, or, as the
// zero value, the share over all claims.
type Prior struct {
	Share float64
	Given bool
}

// MarshalText writes the share, or "overall".
func (p Prior) MarshalText() ([]byte, error) {
	if !p.Given {
		return []byte("overall"), nil
	}
	return strconv.AppendFloat(nil, p.Share, 'g', -1, 64), nil
}

// UnmarshalText reads a share from 0 to 1, or "overall".
func (p *Prior) UnmarshalText(text []byte) error {
	if string(text) == "overall" {
		*p = Prior{}
		return nil
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !(v >= 0 && v <= 1) {
		return fmt.Errorf("cannot use prior %q: want a share from 0 to 1, or overall", text)
	}
	*p = Prior{Share: v, Given: true}
	return nil
}
