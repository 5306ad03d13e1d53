package features

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"claimsieve/datasets"
)

// schemaObject is what the test reads of an object in the schema.
type schemaObject struct {
	Properties map[string]json.RawMessage `json:"properties"`
}

func (o schemaObject) names() []string { return slices.Sorted(maps.Keys(o.Properties)) }

// TestSchemaHasTheKeysOfTheReader: an editor must offer what the program reads,
// no more and no less.
func TestSchemaHasTheKeysOfTheReader(t *testing.T) {
	var schema struct {
		schemaObject
		Defs map[string]schemaObject `json:"$defs"`
	}
	if err := json.Unmarshal(Schema, &schema); err != nil {
		t.Fatal(err)
	}
	inner := func(name string) (o schemaObject) {
		if err := json.Unmarshal(schema.Defs["indicator"].Properties[name], &o); err != nil {
			t.Fatal(err)
		}
		return o
	}
	for _, c := range []struct {
		what   string
		schema []string
		read   reflect.Type
	}{
		{"pipeline", schema.names(), reflect.TypeFor[Spec]()},
		{"indicator", schema.Defs["indicator"].names(), reflect.TypeFor[IndicatorSpec]()},
		{"title", schema.Defs["title"].names(), reflect.TypeFor[datasets.Title]()},
		{"days", inner("days").names(), reflect.TypeFor[DaysSpec]()},
		{"calendar", inner("calendar").names(), reflect.TypeFor[CalendarSpec]()},
		{"aggregate", inner("aggregate").names(), reflect.TypeFor[AggregateSpec]()},
		{"rate", inner("rate").names(), reflect.TypeFor[RateSpec]()},
		{"network", inner("network").names(), reflect.TypeFor[NetworkSpec]()},
		{"text", inner("text").names(), reflect.TypeFor[TextSpec]()},
	} {
		if want := yamlKeys(c.read); !slices.Equal(c.schema, want) {
			t.Errorf("%s: the schema has the keys %v, the reader %v", c.what, c.schema, want)
		}
	}
}

func yamlKeys(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); name != "" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// TestSchemaListsTheWordsOfTheReader compares every list of words.
func TestSchemaListsTheWordsOfTheReader(t *testing.T) {
	for _, word := range slices.Concat(dimensionNames[1:], directionNames[:], slices.Collect(maps.Keys(calendarParts)), slices.Collect(maps.Keys(aggregateWords)),
		slices.Collect(maps.Keys(networkWords)), slices.Collect(maps.Keys(textWords)), overWords, rateWords, []string{"underwriting", "report", "survey", "assessment", "audit"}) {
		if !strings.Contains(string(Schema), `"`+word+`"`) {
			t.Errorf("the schema does not list %q", word)
		}
	}
}

// TestSchemaTakesWhatTheReaderTakes asks an independent validator: it must
// accept a good pipeline and refuse what the reader refuses.
func TestSchemaTakesWhatTheReaderTakes(t *testing.T) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("pipeline.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("pipeline.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for text, good := range map[string]bool{
		everyKind: true,
		"{format: 1, name: p, stage: report, indicators: [{name: a, column: x, dimension: person, title: {en: A, zh: 甲}}]}":                                                 true,
		"{format: 1, name: p, stage: report, indicators: [{name: a, aggregate: {by: v, window: 365d, do: count}, dimension: person}]}":                                      true,
		"{format: 1, name: p, stage: report, indicators: [{name: a, aggregate: {of: t, by: [v, w], window: {from: 90d, to: 12h}, do: sum, column: x}, dimension: person}]}": true,
		"{format: 1, name: p, stage: report, indicators: [{name: a, rate: {by: v, window: {from: forever, to: 60d}, prior: 0.06, unknown: negative}, dimension: person}]}":  true,
		"{format: 1, name: p, stage: report, network: {over: v, window: 1095d}, indicators: [{name: a, network: {do: fraud, hops: 2}, dimension: gang}]}":                   true,
		"{format: 1, name: p, stage: report, indicators: [{name: a, text: {of: n, do: likeness, keep: 730d}, dimension: gang, class: personal, stage: report}]}":            true,
		"{format: 1, name: p, stage: report, indicators: [{name: a, rule: x > 2, dimension: gang}]}":                                                                        true,
		"{format: 1, name: p, stage: report, indicators: [{name: a, aggregate: {by: v, window: -3d, do: count}, dimension: person}]}":                                       false,
		"{format: 1, name: p, stage: report, indicators: [{name: a, aggregate: {by: v, do: counts}, dimension: person}]}":                                                   false,
		"{format: 1, name: p, stage: report, indicators: [{name: a, rate: {by: v, unknown: positive}, dimension: person}]}":                                                 false,
		"{format: 2, name: p, stage: report, indicators: [{name: a, column: x, dimension: person}]}":                                                                        false,
		"{format: 1, name: p, stage: reprot, indicators: [{name: a, column: x, dimension: person}]}":                                                                        false,
		"{format: 1, name: p, stage: report, indicators: [{name: a, colunm: x, dimension: person}]}":                                                                        false,
		"{format: 1, name: p, stage: report, indicators: [{name: a, column: x, category: y, dimension: person}]}":                                                           false,
		"{format: 1, name: p, stage: report, indicators: [{name: A, column: x, dimension: person}]}":                                                                        false,
		"{format: 1, name: p, stage: report, indicators: [{name: a, calendar: {of: x, part: year}, dimension: person}]}":                                                    false,
		"{format: 1, name: p, stage: report, indicators: []}":                                                                                                               false,
		"{format: 1, name: p, stage: report, indicators: [{name: a, column: x, dimension: person, min_count: -1}]}":                                                         false,
		"{format: 1, name: p, stage: report, indicators: [{name: a, column: x, dimension: persons}], extra: 1}":                                                             false,
		"{format: 1, name: p, stage: report, indicators: [{name: a, days: {from: x}, dimension: person}]}":                                                                  false,
		"{format: 1, name: p, stage: report, indicators: [{name: a, column: x, dimension: person, direction: sideways}], title: {}}":                                        false,
	} {
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); (err == nil) != good {
			t.Errorf("%s: the schema says %v", text, err)
		}
		if _, err := ParseSpec("p.yaml", []byte(text)); (err == nil) != good {
			t.Errorf("%s: the reader says %v", text, err)
		}
	}
}
