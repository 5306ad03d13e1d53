package features

import (
	"fmt"
	"strings"
)

// Words says in one line where the indicator's value comes from, for people.
func (s *IndicatorSpec) Words() string {
	switch {
	case s.Column != "":
		return s.Column
	case s.Category != "":
		return "category " + s.Category
	case s.Expr != "":
		return s.Expr
	case s.Rule != "":
		return "rule " + s.Rule
	case s.Days != nil:
		return fmt.Sprintf("days %s..%s", s.Days.From, s.Days.To)
	case s.Calendar != nil:
		return fmt.Sprintf("%s of %s", s.Calendar.Part, s.Calendar.Of)
	case s.Aggregate != nil:
		return s.Aggregate.words()
	case s.Rate != nil:
		return s.Rate.words()
	case s.Network != nil:
		return strings.TrimSpace(fmt.Sprintf("network %s %s", s.Network.Do, s.Network.Kind))
	case s.Text != nil:
		return fmt.Sprintf("text %s of %s", s.Text.Do, s.Text.Of)
	}
	return ""
}

func (s *AggregateSpec) words() string {
	var b strings.Builder
	b.WriteString(s.Do)
	if s.Column != "" {
		fmt.Fprintf(&b, " %s", s.Column)
	}
	if s.Of != "" {
		fmt.Fprintf(&b, " of %s", s.Of)
	}
	fmt.Fprintf(&b, " by %s", strings.Join(s.By, ", "))
	if s.As != "" {
		fmt.Fprintf(&b, " as %s", s.As)
	}
	fmt.Fprintf(&b, " over %s", s.Window)
	if s.Where != "" {
		fmt.Fprintf(&b, " where %s", s.Where)
	}
	return b.String()
}

func (s *RateSpec) words() string {
	do := s.Do
	if do == "" {
		do = "share"
	}
	return fmt.Sprintf("fraud %s by %s over %s", do, strings.Join(s.By, ", "), s.Window)
}

// String writes the window as people say it.
func (w Window) String() string {
	if w.To == 0 {
		return w.From.String()
	}
	return fmt.Sprintf("%s..%s", w.From, w.To)
}
