package features

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"claimsieve/datasets"
	"claimsieve/datasets/strictyaml"
	"claimsieve/features/text"
)

// kinds returns the words that say where the indicator's value comes from.
func (s *IndicatorSpec) kinds() []string {
	var out []string
	for _, k := range []struct {
		word  string
		given bool
	}{
		{"column", s.Column != ""}, {"category", s.Category != ""}, {"expr", s.Expr != ""}, {"days", s.Days != nil}, {"calendar", s.Calendar != nil},
		{"aggregate", s.Aggregate != nil}, {"rate", s.Rate != nil}, {"network", s.Network != nil}, {"text", s.Text != nil}, {"rule", s.Rule != ""},
	} {
		if k.given {
			out = append(out, k.word)
		}
	}
	return out
}

// faults returns what is wrong in one indicator by itself.
func (s *IndicatorSpec) faults() []string {
	var out []string
	switch kinds := s.kinds(); len(kinds) {
	case 1:
	case 0:
		out = append(out, "it says nowhere what it is; give one of column, category, expr, days, calendar, aggregate, rate, network, text and rule")
	default:
		out = append(out, fmt.Sprintf("it has %s; give exactly one", strings.Join(kinds, " and ")))
	}
	if s.Dimension == NoDimension {
		out = append(out, "it needs a dimension: "+strings.Join(dimensionNames[1:], ", "))
	}
	if s.MinCount < 0 {
		out = append(out, fmt.Sprintf("min_count is %d; want 0 or more", s.MinCount))
	}
	if s.MinCount > 0 && s.Category == "" && s.Expr == "" {
		out = append(out, "min_count belongs to a category")
	}
	if s.Category != "" && s.Direction != Free {
		out = append(out, "a category has no direction; remove it")
	}
	if s.Days != nil && (s.Days.From == "" || s.Days.To == "") {
		out = append(out, "days needs from and to")
	}
	if s.Calendar != nil {
		out = append(out, s.Calendar.faults()...)
	}
	if s.Aggregate != nil {
		out = append(out, s.Aggregate.faults()...)
	}
	if s.Rate != nil {
		out = append(out, s.Rate.faults()...)
	}
	if s.Network != nil {
		out = append(out, s.Network.faults()...)
	}
	if s.Text != nil {
		out = append(out, s.Text.faults()...)
	}
	return out
}

func (s *CalendarSpec) faults() []string {
	var out []string
	if s.Of == "" {
		out = append(out, "calendar needs of, the column")
	}
	return append(out, unknownWord("calendar part", s.Part, slices.Sorted(maps.Keys(calendarParts)))...)
}

// unknownWord is the fault of a word that is not in a list.
func unknownWord(what, word string, known []string) []string {
	if slices.Contains(known, word) {
		return nil
	}
	return []string{fmt.Sprintf("%s %q is unknown%s; want %s", what, word, strictyaml.DidYouMean(word, known), strings.Join(known, ", "))}
}

// overWords are the ways to join the answers of several keys.
var overWords = []string{"max", "min", "sum", "mean"}

func (s *AggregateSpec) faults() []string {
	out := byFaults(s.By)
	do, known := aggregateWords[s.Do]
	if !known {
		out = append(out, unknownWord("do", s.Do, slices.Sorted(maps.Keys(aggregateWords)))...)
	}
	if known && do.needsColumn && s.Column == "" {
		out = append(out, fmt.Sprintf("do: %s needs a column", s.Do))
	}
	out = append(out, windowFault("", s.Window)...)
	switch growth := s.Do == "growth"; {
	case growth && s.Against.IsZero():
		out = append(out, "do: growth needs against, the window that it compares with")
	case growth:
		out = append(out, windowFault("against: ", s.Against)...)
		if s.Window.From == 0 || s.Against.From == 0 {
			out = append(out, "do: growth needs two windows of finite length")
		}
	case !s.Against.IsZero():
		out = append(out, "against belongs to do: growth")
	}
	if s.Digits != nil && (*s.Digits < 0 || *s.Digits > 9) {
		out = append(out, fmt.Sprintf("digits is %d; want 0 to 9", *s.Digits))
	}
	if s.Over != "" {
		out = append(out, unknownWord("over", s.Over, overWords)...)
	}
	return out
}

func byFaults(by Keys) []string {
	if len(by) == 0 {
		return []string{"it needs by, the column whose value earlier rows share with the claim"}
	}
	for i, c := range by {
		switch {
		case c == "":
			return []string{"by has an empty name"}
		case slices.Contains(by[:i], c):
			return []string{fmt.Sprintf("by names %q twice", c)}
		case len(by) > 1 && strings.Contains(c, "."):
			return []string{fmt.Sprintf("by names %q in a tuple; a tuple has columns of the claims table only", c)}
		}
	}
	return nil
}

func windowFault(what string, w Window) []string {
	if text := w.fault(); text != "" {
		return []string{what + text}
	}
	return nil
}

// rateWords are what a rate answers.
var rateWords = []string{"share", "confirmed", "concluded"}

func (s *RateSpec) faults() []string {
	out := byFaults(s.By)
	out = append(out, windowFault("", s.Window)...)
	if s.Do != "" {
		out = append(out, unknownWord("do", s.Do, rateWords)...)
	}
	if s.Strength != nil && !(*s.Strength >= 0 && *s.Strength <= 1e9) {
		out = append(out, fmt.Sprintf("strength is %g; want 0 to 1e9", *s.Strength))
	}
	if s.Unknown == datasets.AsPositive {
		out = append(out, "a claim that nobody investigated (unknown) cannot count as fraud; use exclude or negative")
	}
	if s.Do == "confirmed" || s.Do == "concluded" {
		if s.Prior.Given || s.Strength != nil {
			out = append(out, fmt.Sprintf("prior and strength belong to do: share; do: %s is a count", s.Do))
		}
	}
	return out
}

func (s *GraphSpec) faults() []string {
	var out []string
	if len(s.Over) == 0 {
		out = append(out, "it needs over, the columns that name entities")
	}
	for i, c := range s.Over {
		if slices.Contains(s.Over[:i], c) {
			out = append(out, fmt.Sprintf("over names %q twice", c))
		}
	}
	if s.Window.To != 0 {
		out = append(out, "its window ends at the instant; remove to")
	}
	if s.LinkDegree != 0 && (s.LinkDegree < 2 || s.LinkDegree > 1e6) {
		out = append(out, fmt.Sprintf("link_degree is %d; want 2 to 1000000", s.LinkDegree))
	}
	if s.Refresh != "" {
		out = append(out, unknownWord("refresh", s.Refresh, []string{"month"})...)
	}
	if err := s.options().Validate(); err != nil {
		out = append(out, err.Error())
	}
	return out
}

func (s *NetworkSpec) faults() []string {
	do, known := networkWords[s.Do]
	if !known {
		return unknownWord("do", s.Do, slices.Sorted(maps.Keys(networkWords)))
	}
	var out []string
	switch {
	case do.kind == kindNeeded && s.Kind == "":
		out = append(out, fmt.Sprintf("do: %s needs a kind of entity", s.Do))
	case do.kind == kindRefused && s.Kind != "":
		out = append(out, fmt.Sprintf("do: %s is of all kinds; remove kind", s.Do))
	}
	if s.Do == "fraud" && s.Hops != 2 && s.Hops != 4 {
		out = append(out, fmt.Sprintf("hops is %d; want 2 or 4", s.Hops))
	}
	if s.Do != "fraud" && s.Hops != 0 {
		out = append(out, "hops belongs to do: fraud")
	}
	return out
}

func (s *TextSpec) faults() []string {
	var out []string
	if s.Of == "" {
		out = append(out, "it needs of, the column of the narrative")
	}
	if _, known := textWords[s.Do]; !known {
		out = append(out, unknownWord("do", s.Do, slices.Sorted(maps.Keys(textWords)))...)
	}
	if err := (text.Options{Threshold: s.Threshold, Shingle: s.Shingle, Phrase: s.PhraseLength}).Validate(); err != nil {
		out = append(out, err.Error())
	}
	return out
}
