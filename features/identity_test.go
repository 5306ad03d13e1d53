package features

import (
	"encoding/json"
	"strings"
	"testing"

	"claimsieve/datasets"
)

const withHistory = `
format: 1
name: history
stage: report
indicators:
  - {name: police, column: police, dimension: accident}
  - {name: claims_of_make, aggregate: {by: make, do: sum, column: amount, window: 90d}, dimension: vehicle}
`

// describedAgain returns a copy of the tables that edit has changed.
func describedAgain(t *testing.T, edit func(*datasets.TableSpec)) *datasets.Spec {
	t.Helper()
	text, err := json.Marshal(everyTable)
	if err != nil {
		t.Fatal(err)
	}
	out := &datasets.Spec{}
	if err := json.Unmarshal(text, out); err != nil {
		t.Fatal(err)
	}
	edit(out.Tables["claims"])
	return out
}

func compiledFor(t *testing.T, data *datasets.Spec) *Pipeline {
	t.Helper()
	spec, err := ParseSpec("p.yaml", []byte(withHistory))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(spec, data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestIdentityIsWhatIsRead: what changes no answer changes no identity, and a
// dataset that would give other answers does not agree.
func TestIdentityIsWhatIsRead(t *testing.T) {
	p := compiledFor(t, everyTable)
	for what, edit := range map[string]func(*datasets.TableSpec){
		"files":            func(s *datasets.TableSpec) { s.Files = []string{"elsewhere/*.parquet"} },
		"a title":          func(s *datasets.TableSpec) { s.Columns[3].Title.EN = "Amount" },
		"a name in a file": func(s *datasets.TableSpec) { s.Columns[3].From = "AMT" },
		"a further column": func(s *datasets.TableSpec) {
			s.Columns = append(s.Columns, datasets.ColumnSpec{Name: "more", Type: datasets.Int})
		},
		"an unread column": func(s *datasets.TableSpec) { s.Columns[4].Type = datasets.Float },
	} {
		data := describedAgain(t, edit)
		if compiledFor(t, data).plan.Digest != p.plan.Digest {
			t.Errorf("%s changes the identity", what)
		}
		if err := p.Agrees(data); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, c := range map[string]struct {
		edit func(*datasets.TableSpec)
		want string
	}{
		"another clock":        {func(s *datasets.TableSpec) { s.KnownAt = "loss_on" }, "known_at"},
		"another time":         {func(s *datasets.TableSpec) { s.HappenedAt = "loss_on" }, "happened_at"},
		"another stage's time": {func(s *datasets.TableSpec) { s.Stages = map[datasets.Stage]string{datasets.Survey: "loss_on"} }, "stages"},
		"another type":         {func(s *datasets.TableSpec) { s.Columns[3].Type = datasets.Int }, `"amount"`},
		"another role":         {func(s *datasets.TableSpec) { s.Columns[6].Role = "vehicle" }, `"make"`},
	} {
		data := describedAgain(t, c.edit)
		if err := p.Agrees(data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", what, err, c.want)
		}
		if compiledFor(t, data).plan.Digest == p.plan.Digest {
			t.Errorf("%s keeps the identity", what)
		}
	}
}
