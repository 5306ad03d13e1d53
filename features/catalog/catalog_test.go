package catalog

import (
	"strings"
	"testing"

	"claimsieve/datasets"
	"claimsieve/features"
)

// everywhere are the pipelines at each of their stages.
var everywhere = map[string][]string{
	"motor":           {"motor", "motor@survey", "motor@assessment", "motor@audit"},
	"health":          {"health"},
	"property":        {"property", "property@survey", "property@assessment"},
	"carclaims":       {"carclaims"},
	"carclaims-rates": {"carclaims-rates"},
}

func open(t testing.TB, name string) *features.Spec {
	t.Helper()
	spec, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// TestEveryPipelineIsWhole reads every pipeline at every stage: each indicator
// has titles that users can tell apart and a dimension.
func TestEveryPipelineIsWhole(t *testing.T) {
	if len(Names()) != len(everywhere) {
		t.Errorf("the catalogue has %v, and the test knows %d pipelines", Names(), len(everywhere))
	}
	for _, name := range Names() {
		for _, at := range everywhere[name] {
			spec := open(t, at)
			if spec.Name != name {
				t.Errorf("the pipeline %s calls itself %q", at, spec.Name)
			}
			if spec.Title.EN == "" || spec.Title.ZH == "" {
				t.Errorf("the pipeline %s lacks a title in English or Chinese", at)
			}
			wholeIndicators(t, at, spec)
		}
	}
}

func wholeIndicators(t *testing.T, name string, spec *features.Spec) {
	t.Helper()
	seen := map[string]string{}
	for _, ind := range spec.Indicators {
		if ind.Title.EN == "" || ind.Title.ZH == "" {
			t.Errorf("%s: indicator %s lacks a title in English or Chinese", name, ind.Name)
		}
		for _, title := range []string{"en " + ind.Title.EN, "zh " + ind.Title.ZH} {
			if other := seen[title]; other != "" && other != ind.Name {
				t.Errorf("%s: indicators %s and %s have one title %q", name, other, ind.Name, title)
			}
			seen[title] = ind.Name
		}
		if ind.Source == "" && !strings.HasPrefix(name, "carclaims") {
			t.Errorf("%s: indicator %s names no source", name, ind.Name)
		}
		if ind.Dimension == features.NoDimension || ind.Stage > spec.Stage {
			t.Errorf("%s: indicator %s is of dimension %q and stage %s", name, ind.Name, ind.Dimension, ind.Stage)
		}
	}
}

// TestCounts holds the catalogues to the number of indicators that is promised,
// and to the risk dimensions: all seven, of which only motor knows vehicles.
func TestCounts(t *testing.T) {
	for name, least := range map[string]int{"motor": 90, "motor@audit": 180, "health": 25, "property": 25, "carclaims-rates": 50} {
		spec := open(t, name)
		if got := len(spec.Indicators); got < least {
			t.Errorf("%s has %d indicators; want %d or more", name, got, least)
		}
		if strings.HasPrefix(name, "carclaims") {
			continue
		}
		have := map[features.Dimension]bool{}
		for _, ind := range spec.Indicators {
			have[ind.Dimension] = true
		}
		for _, d := range features.Dimensions() {
			if !have[d] && (d != features.Vehicle || spec.Name == "motor") {
				t.Errorf("%s has no indicator of the dimension %s", name, d)
			}
		}
	}
}

// TestStagesGrow: a later stage has the indicators of the earlier ones, in
// order, and some of its own.
func TestStagesGrow(t *testing.T) {
	for _, stages := range everywhere {
		var before []features.IndicatorSpec
		for _, at := range stages {
			now := open(t, at).Indicators
			i := 0
			for _, ind := range now {
				if i < len(before) && before[i].Name == ind.Name {
					i++
				}
			}
			if i < len(before) || len(now) == len(before) {
				t.Errorf("%s has %d indicators, and %d of the %d of the stage before it", at, len(now), i, len(before))
			}
			before = now
		}
	}
}

func TestUnknownNamesAreAnsweredWithTheNearest(t *testing.T) {
	for name, want := range map[string]string{
		"moter":              `did you mean "motor"?`,
		"motor@surve":        `cannot use stage "surve"`,
		"motor@underwriting": "it begins at stage report",
		"motor@":             `cannot use stage ""`,
		"../catalog/motor":   "cannot find pipeline",
	} {
		if _, err := Open(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}

// labels are the columns that say how a claim ended. An indicator reads them
// through rate and network only, which know when an outcome was known.
var labels = []string{"conclusion", "concluded_at", "fraud_flag", "fraud_types", "recovered_amount", "why_investigated", "propensity", "refus", "risk_codes"}

// TestNoLabelIsAnInput looks for the names of label columns in the text.
func TestNoLabelIsAnInput(t *testing.T) {
	for _, name := range Names() {
		text, err := Source(everywhere[name][len(everywhere[name])-1])
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range append(labels, "of: "+datasets.OutcomesTable, datasets.OutcomesTable+".") {
			if strings.Contains(string(text), word) {
				t.Errorf("the pipeline %s reads %s", name, word)
			}
		}
	}
}
