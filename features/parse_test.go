package features

import (
	"strings"
	"testing"
)

// TestAllFaultsAtOnce reads a pipeline with many faults and wants each of them
// with its place.
func TestAllFaultsAtOnce(t *testing.T) {
	_, err := ParseSpec("bad.yaml", []byte(`format: 1
name: bad
stage: reprot
indicators:
  - {name: a, colunm: amount, dimension: accident}
  - {name: a, column: amount, dimension: acident}
  - name: c
    days: {from: x, until: y}
    dimension: vehicle
`))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`bad.yaml:3:8: cannot use stage "reprot"`,
		`bad.yaml:5:15: unknown key "colunm", did you mean "column"?`,
		`bad.yaml:6:42: cannot use risk dimension "acident"`,
		`bad.yaml:8:21: unknown key "until"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
}

func TestMeaningFaultsHavePlaces(t *testing.T) {
	_, err := ParseSpec("bad.yaml", []byte(`format: 2
name: bad
stage: report
indicators:
  - {name: A, column: amount, dimension: accident}
  - {name: b, column: amount, category: make, dimension: accident}
  - {name: b, category: make, direction: up, dimension: accident}
  - {name: d, calendar: {of: x, part: year}, dimension: accident}
  - {name: e, column: x, min_count: 3, dimension: accident}
  - {name: f, days: {from: x}, dimension: accident}
`))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"bad.yaml:1:9: cannot use pipeline format 2",
		`bad.yaml:5:12: cannot use indicator name "A"`,
		`bad.yaml:6:5: indicator "b": it has column and category; give exactly one`,
		`bad.yaml:7:12: indicator "b" is declared twice`,
		`bad.yaml:7:5: indicator "b": a category has no direction`,
		`bad.yaml:8:5: indicator "d": calendar part "year" is unknown`,
		`bad.yaml:9:5: indicator "e": min_count belongs to a category`,
		`bad.yaml:10:5: indicator "f": days needs from and to`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
}

func TestCompileHoldsThePipelineAgainstTheColumns(t *testing.T) {
	spec, err := ParseSpec("p.yaml", []byte(`format: 1
name: p
stage: report
indicators:
  - {name: a, column: amuont, dimension: accident}
  - {name: b, column: make, dimension: accident}
  - {name: c, category: claim_id, dimension: accident}
  - {name: d, column: claimed_amount, dimension: accident}
  - {name: e, calendar: {of: loss_on, part: hour}, dimension: accident}
  - {name: f, days: {from: amount, to: reported_at}, dimension: accident}
  - {name: g, expr: "amuont + 1", dimension: accident}
  - {name: h, expr: "claimed_amount > 3", dimension: accident}
  - {name: i, expr: "reported_at - loss_on", dimension: accident}
  - {name: j, expr: "lower(make)", direction: up, dimension: accident}
  - {name: k, expr: "amount +", dimension: accident}
  - {name: l, expr: "amount", min_count: 2, dimension: accident}
`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Compile(spec, everyTable)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`line 5: indicator "a": the claims table has no column "amuont", did you mean "amount"?`,
		`line 6: indicator "b": column "make" is of type category`,
		`line 7: indicator "c": column "claim_id" is of type id`,
		`line 8: indicator "d": column "claimed_amount" exists from stage assessment on and cannot be known at stage report`,
		`line 9: indicator "e": column "loss_on" is a date and has no hour`,
		`line 10: indicator "f": column "amount" is of type float, want time or date`,
		`line 11: indicator "g": expr, character 1: `,
		`did you mean "amount"?`,
		`line 12: indicator "h": column "claimed_amount" exists from stage assessment on`,
		`line 13: indicator "i": the expression gives a duration`,
		`line 14: indicator "j": words have no direction`,
		`line 15: indicator "k": expr, character`,
		`line 16: indicator "l": min_count belongs to words`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
}

func TestDigestIsOfTheMeaning(t *testing.T) {
	parse := func(text string) string {
		s, err := ParseSpec("p", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return s.Digest()
	}
	a := parse("{format: 1, name: p, stage: report, indicators: [{name: a, column: x, dimension: person}]}")
	b := parse("# a comment\nformat: 1\nname: p\nstage: report\nindicators:\n  - name: a\n    dimension: person\n    column: x\n")
	c := parse("{format: 1, name: p, stage: report, indicators: [{name: a, column: y, dimension: person}]}")
	if a != b {
		t.Error("layout and comments change the digest")
	}
	if a == c {
		t.Error("another column leaves the digest as it was")
	}
}

func FuzzParseSpec(f *testing.F) {
	f.Add([]byte(everyKind))
	f.Add([]byte("format: 1\nname: &a p\nindicators: [*a]"))
	f.Add([]byte("[[[[{}]]]]"))
	f.Add([]byte("a: b\n---\nc: d"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, data []byte) {
		spec, err := ParseSpec("fuzz.yaml", data)
		if err == nil && (spec.Name == "" || len(spec.Indicators) == 0) {
			t.Fatal("accepted a pipeline without name or indicators")
		}
	})
}

func TestAvailableTellsWhatEachIndicatorMisses(t *testing.T) {
	spec, err := ParseSpec("p.yaml", []byte(`{format: 1, name: p, stage: report, indicators: [
  {name: a, column: amount, dimension: accident},
  {name: b, days: {from: loss_on, to: reported_on}, dimension: accident},
  {name: c, column: claimed_amount, dimension: accident}]}`))
	if err != nil {
		t.Fatal(err)
	}
	got := Available(spec, everyTable)
	if len(got) != 3 || len(got[0].Faults) != 0 || len(got[1].Missing) != 1 || got[1].Missing[0] != "claims.reported_on" || len(got[2].Missing) != 0 || len(got[2].Faults) != 1 {
		t.Errorf("got %+v", got)
	}
}
