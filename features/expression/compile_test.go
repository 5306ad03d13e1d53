package expression

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestFaultsNamePlaceAndMend(t *testing.T) {
	for _, test := range []struct {
		source       string
		line, column int
		text         string
	}{
		{"", 1, 1, "empty"},
		{" \n\t", 1, 1, "empty"},
		{"a +", 1, 3, "ends too early"},
		{"(a", 1, 2, "ends too early"},
		{"a b", 1, 3, "cannot read on"},
		{"w == \"hail", 1, 11, "literal not terminated"},
		{"a +\n  zz", 2, 3, `no column "zz"`},
		{"损失 + 1", 1, 1, `no column "损失"`},
		{"a + null", 1, 5, "written nil"},
		{"hours > 3", 1, 1, "the function is written hours(...)"},
		{"sqr(a)", 1, 1, `did you mean "sqrt"?`},
		{"frobnicate(a)", 1, 1, "the functions are abs, ceil, column,"},
		{"a + w", 1, 3, "cannot apply + to a number and a word; it needs two numbers, two durations"},
		{"t + u", 1, 3, "cannot apply + to an instant and an instant"},
		{"(t - u) / 2", 1, 9, "days(x) makes a number"},
		{"a * p", 1, 3, "needs two numbers"},
		{"not a", 1, 1, "needs a bool"},
		{"-w", 1, 1, "needs a number or a duration"},
		{"a and p", 1, 3, "needs two bools"},
		{"a == w", 1, 3, "one type"},
		{"w < v", 1, 3, "words have no order"},
		{"p >= q", 1, 3, "bools have no order"},
		{"a == nil", 1, 3, "isnull(x)"},
		{"a != nil", 1, 3, "not isnull(x)"},
		{"a ?? nil", 1, 3, "leave it out"},
		{"a ?? w", 1, 3, "one type"},
		{"nil", 1, 1, "nothing but nil"},
		{"p ? nil : nil", 1, 1, "both branches"},
		{"p ? a : w", 1, 9, "they need one type"},
		{"a ? a : b", 1, 1, "needs a bool"},
		{"a in b", 1, 3, "list of constants"},
		{"w in v", 1, 3, "y contains x"},
		{"a in []", 1, 6, "empty"},
		{"a in [b]", 1, 7, "must be constants"},
		{"a in [1, \"x\"]", 1, 10, "the list holds a word, and what is looked for is a number"},
		{"a in [1, nil]", 1, 10, "nil is in no list"},
		{"a in [1/0]", 1, 8, "always missing"},
		{"p in [true]", 1, 3, "needs a number, a word or an instant"},
		{"a in 5..1", 1, 7, "empty"},
		{"a in b..5", 1, 7, "constant"},
		{"t in 1..5", 1, 7, "ranges are of numbers"},
		{"1..5", 1, 2, "only behind in"},
		{"min(a)", 1, 1, "at least two"},
		{"abs(a, b)", 1, 1, "one argument"},
		{"min(a, w)", 1, 8, "one type"},
		{"max(p, q)", 1, 5, "cannot apply max to a bool"},
		{"days(t)", 1, 6, "difference of two instants"},
		{"hour(t - u)", 1, 8, "needs an instant"},
		{"date(\"2023-02-29\")", 1, 6, `no day "2023-02-29"`},
		{"date(w)", 1, 1, "in quotes"},
		{"isnull(nil)", 1, 1, "always true"},
		{"isnull()", 1, 1, "one argument"},
		{"column(w)", 1, 1, "in quotes"},
		{"column(\"zz\")", 1, 8, `no column "zz"`},
		{"n == 9007199254740993", 1, 6, "more digits than float64"},
		{"a ^ 2", 1, 3, "written **"},
		{"a\xff", 1, 2, "UTF-8"},
	} {
		f := faultsOf(t, test.source)
		if len(f) != 1 || f[0].Line != test.line || f[0].Column != test.column || !strings.Contains(f[0].Text, test.text) {
			t.Errorf("%q: got %v, want %d:%d %s", test.source, f, test.line, test.column, test.text)
		}
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	f := faultsOf(t, "zz + 1 > a and\nw < v or filtr(yy) in [xx, 1] ? a | abs() : not b")
	var got []string
	for _, x := range f {
		got = append(got, fmt.Sprintf("%d:%d", x.Line, x.Column))
	}
	want := []string{"1:1", "2:3", "2:10", "2:16", "2:24", "2:35", "2:45"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v:\n%v", got, want, f)
	}
}

// TestRestOfTheGrammarIsRefusedByName goes through what else expr-lang parses.
func TestRestOfTheGrammarIsRefusedByName(t *testing.T) {
	for source, name := range map[string]string{
		"filter([1, 2], # > 1)":              `no function "filter"`,
		"all([a], {# > 1})":                  `no function "all"`,
		"map([1], # * 2) == a":               `no function "map"`,
		"a | abs()":                          "pipes",
		"a.b":                                `there is no column "a.b"`,
		"a.b.c":                              "member access",
		"a?.b":                               "member access",
		"a[0]":                               "member access",
		"a.b()":                              "method calls",
		"$env[\"a\"]":                        "member access",
		"s[1:2]":                             "slices",
		"[1, 2]":                             "lists outside of in",
		"{x: 1}":                             "maps",
		"let x = 1; x + a":                   "variables (let)",
		"a; b":                               "sequences",
		"b'abc'":                             "byte literals",
		"w matches \"^a\"":                   "regular expressions",
		"w not matches \"(\"":                "regular expressions",
		"if p { a } else { b }":              "if { } else { }",
		"sum([a, b])":                        `no function "sum"`,
		"now()":                              `no function "now"`,
		"::abs(a) + reduce([1], # + #acc)":   `no function "reduce"`,
		"fromJSON(s)":                        `no function "fromJSON"`,
		"len([1,2])":                         "lists outside of in",
		"date(\"2024-01-31\", \"15:04:05\")": "date needs one day",
	} {
		f := faultsOf(t, source)
		if !slices.ContainsFunc(f, func(x Fault) bool { return strings.Contains(x.Text, name) }) {
			t.Errorf("%s: %v, want %s", source, f, name)
		}
	}
}

func TestDidYouMeanForColumns(t *testing.T) {
	_, err := Compile("insured_valu / 2", sampleColumn, []string{"loss_at", "insured_value"})
	if err == nil || !strings.Contains(err.Error(), `did you mean "insured_value"?`) {
		t.Error(err)
	}
}

// TestBoundsHold gives hostile expressions, most of which take exponential time
// where a shared part of the tree is walked again for each place it stands in.
func TestBoundsHold(t *testing.T) {
	long := func(n int, open, middle, end string) string {
		return strings.Repeat(open, n) + middle + strings.Repeat(end, n)
	}
	for source, want := range map[string]string{
		strings.Repeat("a+", MaxSource):            "bytes",
		long(MaxDepth+1, "(", "a", ")"):            "brackets stand",
		long(7000, "(", "a", ")"):                  "brackets stand",
		long(16000, "[", "", ""):                   "brackets stand",
		long(3000, "not ", "p", ""):                "operations stand",
		long(8000, "-", "a", ""):                   "operations stand",
		long(1000, "", "a", "+a"):                  "operations stand",
		long(3000, "p?a:", "a", ""):                "operations stand",
		long(4000, "a**", "a", ""):                 "operations stand",
		"a in [" + long(5000, "1,", "1", "") + "]": "parts",
	} {
		if f := faultsOf(t, source); !strings.Contains(f[len(f)-1].Text, want) && !strings.Contains(f[0].Text, want) {
			t.Errorf("%s: %v, want %s", clip(source), f, want)
		}
	}
	shared := long(200, "(", "p", "?:p)")
	if got := compile(t, shared); got.Type() != Bool {
		t.Error(got.Type())
	}
	nested := "a"
	for range 60 {
		nested = "(p ? a < (" + nested + ") < b : q) ? a : b"
	}
	compile(t, nested)
}

func TestInputsAndType(t *testing.T) {
	p := compile(t, "(w in [\"fire\"] ? a : n) + days(t - d) + column(\"a\")")
	if got := p.Inputs(); !slices.Equal(got, []string{"w", "a", "n", "t", "d"}) || p.Type() != Number {
		t.Error(got, p.Type())
	}
	for source, want := range map[string]Type{"a": Number, "p": Bool, "w": Word, "s": Word, "t": Instant, "d": Instant, "t - d": Duration, "t - (u - d)": Instant} {
		if got := compile(t, source).Type(); got != want {
			t.Errorf("%s is %s, want %s", source, got, want)
		}
	}
}
