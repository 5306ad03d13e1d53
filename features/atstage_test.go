package features

import (
	"bytes"
	"strings"
	"testing"

	"claimsieve/datasets"
)

const staged = `# a pipeline of three stages
format: 1
name: staged
stage: report
indicators:
  # first the report
  - {name: a, column: witnesses, dimension: accident, title: {en: "A: b", zh: 甲}}
  - name: b
    stage: survey
    column: injured_count
    dimension: accident
  - {name: c, stage: "assessment", column: parts_share, dimension: vehicle}
  - {name: d, stage: report, expr: "region in ['north', \"south\"]", dimension: accident}
`

// namesAt returns the indicator names at a stage, joined.
func namesAt(t *testing.T, text string, stage datasets.Stage) string {
	t.Helper()
	out, err := AtStage([]byte(text), stage)
	if err != nil {
		t.Fatal(err)
	}
	root, err := pipelineTree(out)
	if err != nil {
		t.Fatal(err)
	}
	if got := yamlValue(root, "stage").Value; got != stage.String() {
		t.Errorf("at %s the pipeline's stage is %q", stage, got)
	}
	var names []string
	for _, ind := range yamlValue(root, "indicators").Content {
		names = append(names, yamlValue(ind, "name").Value)
	}
	return strings.Join(names, "")
}

func TestAtStageKeepsWhatExists(t *testing.T) {
	for stage, want := range map[datasets.Stage]string{datasets.Report: "ad", datasets.Survey: "abd", datasets.Assessment: "abcd", datasets.Audit: "abcd"} {
		if got := namesAt(t, staged, stage); got != want {
			t.Errorf("at %s the indicators are %s, want %s", stage, got, want)
		}
	}
	out, _ := AtStage([]byte(staged), datasets.Report)
	for _, value := range []string{`"A: b"`, "甲", `region in ['north', \"south\"]`} {
		if !bytes.Contains(out, []byte(value)) {
			t.Errorf("%s did not survive:\n%s", value, out)
		}
	}
}

// TestAtStageTwiceIsOnce: a pipeline without a stage given is at its own, going to a stage over an earlier text of it, or
// again, changes nothing; a text at its stage is returned byte for byte.
func TestAtStageTwiceIsOnce(t *testing.T) {
	for stage := datasets.Report; stage <= datasets.Audit; stage++ {
		own, err := AtStage([]byte(strings.Replace(staged, "stage: report", "stage: "+stage.String(), 1)), datasets.NoStage)
		if err != nil || !bytes.Contains(own, []byte("\nstage: "+stage.String())) {
			t.Errorf("at its own stage %s: %v\n%s", stage, err, own)
		}
		once, err := AtStage([]byte(staged), stage)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := AtStage(once, stage)
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("at %s twice: %v\n%s", stage, err, twice)
		}
	}
}

func TestAtStageRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "it is empty",
		"- a":                              "no mapping",
		"name: x":                          "no stage of its own",
		"stage: soon":                      `line 1: cannot use stage "soon"`,
		"stage: audit":                     "begins at stage audit",
		"stage: report\n---\nstage: audit": "second document",
		"stage: [":                         "cannot read YAML",
		"a: " + strings.Repeat("x", maxPipelineBytes): "the limit is",
	} {
		if _, err := AtStage([]byte(text), datasets.Survey); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: got %v, want %q", text, err, want)
		}
	}
}

// FuzzAtStage: any bytes give an answer that is stable, or an error.
func FuzzAtStage(f *testing.F) {
	for _, seed := range []string{staged, "stage: report", "{stage: report, indicators: [{stage: audit}, 1]}", "&a {stage: report, x: *a}", "stage: [report]", "? [a]\n: b\nstage: survey\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		once, err := AtStage(text, datasets.Assessment)
		if err != nil {
			return
		}
		twice, err := AtStage(once, datasets.Assessment)
		if err != nil {
			t.Fatalf("the answer %q is refused: %v", once, err)
		}
		if !bytes.Equal(once, twice) {
			t.Errorf("%q becomes %q", once, twice)
		}
	})
}

// TestWithoutLeavesTheRest: what is left out is gone and nothing else is.
func TestWithoutLeavesTheRest(t *testing.T) {
	text := []byte("format: 1\nname: p # a comment\nstage: report\nindicators:\n  - {name: a, column: x, dimension: person}\n  - {name: b, column: y, dimension: person}\n  - {name: c, column: z, dimension: person}\n")
	out, err := Without(text, []string{"b", "nothing"})
	if err != nil {
		t.Fatal(err)
	}
	spec, err := ParseSpec("p.yaml", out)
	if err != nil {
		t.Fatal(err)
	}
	if len(spec.Indicators) != 2 || spec.Indicators[0].Name != "a" || spec.Indicators[1].Name != "c" || spec.Name != "p" {
		t.Errorf("left %+v", spec)
	}
	if _, err := Without([]byte("- a list"), nil); err == nil {
		t.Error("a list is no pipeline")
	}
}
