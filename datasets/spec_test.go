package datasets

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"claimsieve/datasets/strictyaml"
)

const faultySpec = `format: 1
nmae: demo
tables:
  claims:
    files: [claims.parquet, ../secret.parquet]
    key: claimid
    happened_at: loss
    known_at: reported_at
    columns:
      - {name: claim_id, type: id}
      - {name: claim_id, type: text}
      - {name: loss, type: float, role: place}
      - {name: reported_at, type: tiem}
      - {name: city, type: category, stage: reprot}
      - {name: "a b", type: int}
      - {type: int}
  parties:
    columns: []
  outcomes:
    files: [outcomes.parquet]
    known_at: concluded_at
    columns:
      - {name: claim_id, type: id}
      - {name: concluded_at, type: time}
      - {name: propensity, type: text}
`

func TestAllFaultsAtOnceWithTheirPlaces(t *testing.T) {
	_, err := ParseSpec("dataset.yaml", []byte(faultySpec))
	var faults strictyaml.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("got %v, want faults", err)
	}
	for _, want := range []struct{ place, text string }{
		{"dataset.yaml:2:1", `did you mean "name"?`},
		{"dataset.yaml:1:1", `key "name" is missing`},
		{"dataset.yaml:5:29", "lies outside the dataset's folder"},
		{"dataset.yaml:6:10", `did you mean "claim_id"?`},
		{"dataset.yaml:7:18", `column "loss" of type float: want time or date`},
		{"dataset.yaml:11:16", `stands here twice`},
		{"dataset.yaml:12:41", "cannot have a role"},
		{"dataset.yaml:13:35", `"tiem"`},
		{"dataset.yaml:14:45", `"reprot"`},
		{"dataset.yaml:15:16", `column name "a b"`},
		{"dataset.yaml:16:9", "has no name"},
		{"dataset.yaml:18:5", `table "parties" has no files`},
		{"dataset.yaml:18:14", `table "parties" has no columns`},
		{"dataset.yaml:23:7", `no column "conclusion"`},
		{"dataset.yaml:25:34", "want float"},
	} {
		found := false
		for _, line := range strings.Split(err.Error(), "\n") {
			found = found || strings.HasPrefix(line, want.place+":") && strings.Contains(line, want.text)
		}
		if !found {
			t.Errorf("no fault %q at %s in\n%v", want.text, want.place, err)
		}
	}
	if strings.Contains(err.Error(), "has no type") {
		t.Errorf("an unknown type is reported as missing too:\n%v", err)
	}
}

func TestSpecRoundTrip(t *testing.T) {
	want := smallSpec()
	text, err := want.encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseSpec("dataset.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if err := want.Validate(); err != nil {
		t.Error(err)
	}
}

func TestSpecsThatAreNone(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing\n", "[1, 2]", "42", "tables: 7", "tables: {claims: null}", "a: &x 1\nb: *x", "---\nformat: 1\n---\nformat: 1\n", "\x00", "format: 99\nname: x\n",
		"format: 1\nname: \"\"\ntables: {claims: {files: [a], key: k, known_at: t, columns: [{name: k, type: id}, {name: t, type: time}]}}"} {
		if spec, err := ParseSpec("dataset.yaml", []byte(text)); err == nil {
			t.Errorf("%q gave %+v", text, spec)
		}
	}
}

// FuzzParseSpec checks that whatever is accepted survives being written and
// read again.
func FuzzParseSpec(f *testing.F) {
	good, err := smallSpec().encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(faultySpec))
	f.Add([]byte("format: 1\nname: x\ntables: {claims: {files: [a], key: k, known_at: k, columns: [{name: k, type: id}]}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		spec, err := ParseSpec("dataset.yaml", data)
		if err != nil {
			return
		}
		text, err := spec.encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseSpec("dataset.yaml", text)
		if err != nil {
			t.Fatalf("written and not accepted: %v\n%s", err, text)
		}
		if !reflect.DeepEqual(spec, again) {
			t.Fatalf("changed by writing:\n%s", text)
		}
	})
}

func TestStagesOfARow(t *testing.T) {
	spec := `format: 1
name: demo
tables:
  claims:
    files: [claims.parquet]
    key: claim_id
    known_at: reported_at
    stages: {%s}
    columns:
      - {name: claim_id, type: id}
      - {name: reported_at, type: time}
      - {name: assessed_at, type: time, stage: assessment}
      - {name: amount, type: float, stage: assessment}
`
	s, err := ParseSpec("dataset.yaml", []byte(fmt.Sprintf(spec, "assessment: assessed_at")))
	if err != nil {
		t.Fatal(err)
	}
	claims := s.Tables["claims"]
	for stage, want := range map[Stage]string{Underwriting: "reported_at", Report: "reported_at", Survey: "", Assessment: "assessed_at"} {
		if got := claims.StageTime(stage); got != want {
			t.Errorf("time of stage %s is %q, want %q", stage, got, want)
		}
	}
	text, err := s.encode()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ParseSpec("dataset.yaml", text); err != nil || !reflect.DeepEqual(again, s) {
		t.Errorf("a written spec reads as %+v, %v", again, err)
	}
	for _, bad := range []struct{ stages, want string }{
		{"assessment: assessed_on", `did you mean "assessed_at"?`},
		{"assessment: amount", "want time or date"},
		{"report: reported_at", "known_at says so"},
		{"assesment: assessed_at", `cannot use stage "assesment"`},
	} {
		if _, err := ParseSpec("dataset.yaml", []byte(fmt.Sprintf(spec, bad.stages))); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("stages {%s} gives %v, want %s", bad.stages, err, bad.want)
		}
	}
}
