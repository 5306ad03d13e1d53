package conformance

import (
	"strings"
	"testing"

	"claimsieve/datasets"
	"claimsieve/features"
)

// plainForm is a world's description without variety.
var plainForm = form{claimsHappen: true, partiesHappen: true, lossType: datasets.Time, surveyType: datasets.Time, paidOn: datasets.Time}

// refused are pipelines that cannot be meant, with all that the refusal has to
// say: the place, what is wrong, and the mend.
var refused = []struct {
	name, stage, network, words string
	want                        []string
}{
	{"unknown column", "report", "", "column: amuont", []string{"line 5", "amuont", "amount"}},
	{"unknown column in an expression", "report", "", "expr: amuont + 1", []string{"amuont", "amount"}},
	{"unknown table", "report", "", "aggregate: {of: partys, by: vehicle_id, do: count}", []string{"partys", "parties"}},
	{"unknown column of a table", "report", "", "aggregate: {of: parties, by: vehicle_id, do: sum, column: injry}", []string{"injry", "injury"}},
	{"unknown key", "report", "", "aggregate: {by: vehicel_id, do: count}", []string{"vehicel_id", "vehicle_id"}},
	{"unknown word", "report", "", "agregate: {by: vehicle_id, do: count}", []string{"x.yaml:5:", "agregate", "aggregate"}},
	{"unknown do", "report", "", "aggregate: {by: vehicle_id, do: cuont}", []string{"x.yaml:5:", "cuont", "count"}},
	{"unknown kind", "report", "over: [vehicle_id]", "network: {do: shared, kind: vehicel}", []string{"vehicel", "vehicle"}},
	{"unknown role", "report", "", "aggregate: {by: driver_id, as: persn, do: count}", []string{"persn", "person"}},
	{"words as an amount", "report", "", "aggregate: {by: vehicle_id, do: sum, column: region}", []string{"line 5", "x0", "numbers", "word"}},
	{"number as a truth", "report", "", "rule: amount + 1", []string{"number"}},
	{"float as a key", "report", "", "aggregate: {by: amount, do: count}", []string{"amount", "float"}},
	{"identifier as a number", "report", "", "column: vehicle_id", []string{"vehicle_id", "id"}},
	{"column of a later stage", "report", "", "column: loss", []string{"loss", "assessment"}},
	{"key of a later stage", "report", "", "aggregate: {by: shop_id, do: count}", []string{"shop_id", "survey"}},
	{"negative window", "report", "", "aggregate: {by: vehicle_id, do: count, window: -3d}", []string{"x.yaml:5:", "-3d"}},
	{"empty window", "report", "", "aggregate: {by: vehicle_id, do: count, window: 0d}", []string{"x.yaml:5:", "0d"}},
	{"window that ends before it begins", "report", "", "aggregate: {by: vehicle_id, do: count, window: {from: 2d, to: 3d}}", []string{"x.yaml:5:", "2d", "3d"}},
	{"window of no length", "report", "", "aggregate: {by: vehicle_id, do: count, window: {from: 3d, to: 3d}}", []string{"x.yaml:5:", "3d"}},
	{"too many digits", "report", "", "aggregate: {by: vehicle_id, do: sum, column: amount, digits: 10}", []string{"x.yaml:5:", "10", "9"}},
	{"prior beyond 1", "report", "", "rate: {by: vehicle_id, prior: 1.5}", []string{"x.yaml:5:", "1.5"}},
	{"negative strength", "report", "", "rate: {by: vehicle_id, strength: -1}", []string{"x.yaml:5:", "-1"}},
	{"hops that are not there", "report", "over: [vehicle_id]", "network: {do: fraud, hops: 3}", []string{"3", "2", "4"}},
	{"network without a declaration", "report", "", "network: {do: claims}", []string{"network"}},
	{"own outcome", "report", "", "aggregate: {of: outcomes, by: claim_id, do: count}", []string{"own outcome", "rate"}},
	{"own outcome by a column of it", "report", "", "aggregate: {by: outcomes.conclusion, do: count}", []string{"own outcome", "rate"}},
	{"own claims of the claim", "report", "", "aggregate: {by: claim_id, do: count}", []string{"key of the claims table", "another table"}},
	{"two words", "report", "", "column: amount, expr: amount", []string{"x.yaml:5:", "column", "expr"}},
}

// refusal is what parsing or compiling says of a pipeline.
func refusal(text string, data *datasets.Spec) string {
	spec, err := features.ParseSpec("x.yaml", []byte(text))
	if err == nil {
		_, err = features.Compile(spec, data)
	}
	if err == nil {
		return ""
	}
	return err.Error()
}

func pipelineText(stage, network string, indicators ...string) string {
	text := "format: 1\nname: x\nstage: " + stage + "\n"
	if network != "" {
		text += "network: {" + network + "}\n"
	}
	text += "indicators:\n"
	for i, words := range indicators {
		text += "  - {name: x" + string(rune('0'+i)) + ", " + words + ", dimension: person}\n"
	}
	return text
}

func TestRefusedPipelines(t *testing.T) {
	for _, c := range refused {
		t.Run(c.name, func(t *testing.T) {
			got := refusal(pipelineText(c.stage, c.network, c.words), describe(plainForm))
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in %q", want, got)
				}
			}
		})
	}
}

// TestRefusedOfSeveral looks at what is wrong with indicators together.
func TestRefusedOfSeveral(t *testing.T) {
	got := refusal(pipelineText("report", "", "rule: x1 and police", "rule: x0 or police"), describe(plainForm))
	for _, want := range []string{"x0", "x1"} {
		if !strings.Contains(got, want) {
			t.Errorf("a circle: %q is missing in %q", want, got)
		}
	}
	got = refusal(pipelineText("report", "", "column: amuont", "column: loss", "aggregate: {of: partys, by: vehicle_id, do: count}"), describe(plainForm))
	for _, want := range []string{"amuont", "loss", "partys"} {
		if !strings.Contains(got, want) {
			t.Errorf("all at once: %q is missing in %q", want, got)
		}
	}
}

// TestStageWithoutItsTime refuses a later stage's column of a history that does
// not say when its rows reached the stage.
func TestStageWithoutItsTime(t *testing.T) {
	spec := describe(plainForm)
	spec.Tables["policies"].Stages = nil
	got := refusal(pipelineText("assessment", "", "aggregate: {of: policies, by: policy_id, do: sum, column: rating}"), spec)
	for _, want := range []string{"policies", "assessment", "stages"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
}

// TestRepeatedClaims refuses a history in which a claim stands twice.
func TestRepeatedClaims(t *testing.T) {
	w := &world{spec: describe(plainForm), rows: map[string][]row{"claims": {
		{"claim_id": "A", "reported_at": firstDay}, {"claim_id": "B", "reported_at": firstDay}, {"claim_id": "A", "reported_at": firstDay + day}}}}
	p := compiled(t, &dataset{Spec: w.spec}, pipelineText("report", "", "aggregate: {by: vehicle_id, do: count}"))
	_, err := p.Read(w.create(t), features.ReadOptions{})
	if err == nil {
		t.Fatal("a claim that stands twice was read")
	}
	for _, want := range []string{`"A"`, "3"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %q", want, err)
		}
	}
}

// TestAmountsBeyondUnits refuses amounts that do not fit, and says what to do.
func TestAmountsBeyondUnits(t *testing.T) {
	w := &world{spec: describe(plainForm), rows: map[string][]row{"claims": {
		{"claim_id": "A", "reported_at": firstDay, "loss_at": firstDay, "vehicle_id": "7", "amount": 1e300}, {"claim_id": "B", "reported_at": firstDay + day, "loss_at": firstDay, "vehicle_id": "7"}}}}
	p := compiled(t, &dataset{Spec: w.spec}, pipelineText("report", "", "aggregate: {by: vehicle_id, do: sum, column: amount}"))
	_, err := p.Read(w.create(t), features.ReadOptions{})
	if err == nil {
		t.Fatal("1e300 was kept")
	}
	for _, want := range []string{"claims", "amount", "1e+300", "fewer"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %q", want, err)
		}
	}
}

// TestInstantsOutOfRange has rows before 1900 and after 2199 count nowhere.
func TestInstantsOutOfRange(t *testing.T) {
	w := &world{spec: describe(plainForm), rows: map[string][]row{"claims": {
		{"claim_id": "A", "reported_at": firstInstant - 1, "loss_at": firstInstant - 1, "vehicle_id": "7"},
		{"claim_id": "B", "reported_at": firstInstant, "loss_at": firstInstant, "vehicle_id": "7"},
		{"claim_id": "C", "reported_at": firstDay, "loss_at": firstDay, "vehicle_id": "7"},
		{"claim_id": "D", "reported_at": endOfTime, "loss_at": firstDay, "vehicle_id": "7"}}}}
	m := run(t, w.create(t), pipelineText("report", "", "aggregate: {by: vehicle_id, do: count}"), 1)
	if got := m.Columns[0][2]; got != 1 {
		t.Errorf("%v rows count, want the one of 1900", got)
	}
}
