package catalog

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"claimsieve/datasets"
	"claimsieve/features"
)

// document is where the catalogue is written down for people.
var document = filepath.Join("..", "..", "docs", "catalogue.md")

// TestDocumentIsTrue holds every part of docs/catalogue.md between "begin" and
// "end" to what the catalogue has, and says what it should be.
func TestDocumentIsTrue(t *testing.T) {
	data, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{"counts": countsPart(t)}
	for name, stages := range everywhere {
		parts[name] = indicatorsPart(open(t, stages[len(stages)-1]), open(t, name).Stage)
	}
	for _, name := range Shapes() {
		text, err := Shape(name)
		if err != nil {
			t.Fatal(err)
		}
		parts["shape of "+name] = "```yaml\n" + string(text) + "```\n"
	}
	want := string(data)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		begin, end := "<!-- begin "+name+" -->\n", "<!-- end "+name+" -->\n"
		head, rest, one := strings.Cut(want, begin)
		got, tail, two := strings.Cut(rest, end)
		if !one || !two {
			t.Errorf("docs/catalogue.md has no part between %q and %q", begin, end)
			continue
		}
		if got != parts[name] {
			t.Errorf("docs/catalogue.md is not true between %q and %q; it should be:\n%s", begin, end, parts[name])
		}
		want = head + begin + parts[name] + end + tail
	}
	if t.Failed() {
		right := filepath.Join(t.ArtifactDir(), "catalogue.md")
		if err := os.WriteFile(right, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		t.Logf("the page as it should be is %s, which -artifacts keeps", right)
	}
}

// countsPart counts the indicators by pipeline and stage.
func countsPart(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| pipeline | indicators | rules | what it is |\n|---|---|---|---|\n")
	for _, name := range Names() {
		for _, at := range everywhere[name] {
			spec, rules := open(t, at), 0
			for _, ind := range spec.Indicators {
				if ind.Rule != "" {
					rules++
				}
			}
			fmt.Fprintf(&b, "| `%s` | %d | %d | %s, %s (%s) |\n", at, len(spec.Indicators), rules, spec.Title.EN, spec.Stage, spec.Stage.TitleZH())
		}
	}
	return b.String()
}

// indicatorsPart lists the indicators of a pipeline at its last stage, stage by
// stage from its first.
func indicatorsPart(spec *features.Spec, first datasets.Stage) string {
	var b strings.Builder
	for stage := first; stage <= spec.Stage; stage++ {
		if stage > first {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "From the %s on (%s):\n\n| name | what | 中文 | kind | dimension | direction | source |\n|---|---|---|---|---|---|---|\n", stage, stage.TitleZH())
		for _, ind := range spec.Indicators {
			if max(ind.Stage, first) != stage {
				continue
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", ind.Name, ind.Title.EN, ind.Title.ZH, kindOf(&ind), ind.Dimension, ind.Direction, ind.Source)
		}
	}
	return b.String()
}

// kindOf names the word that an indicator is made by.
func kindOf(ind *features.IndicatorSpec) string {
	switch {
	case ind.Column != "":
		return "column"
	case ind.Category != "":
		return "category"
	case ind.Expr != "":
		return "expr"
	case ind.Days != nil:
		return "days"
	case ind.Calendar != nil:
		return "calendar"
	case ind.Aggregate != nil:
		return "aggregate: " + ind.Aggregate.Do
	case ind.Rate != nil:
		return "rate"
	case ind.Network != nil:
		return "network: " + ind.Network.Do
	case ind.Text != nil:
		return "text: " + ind.Text.Do
	}
	return "rule"
}
