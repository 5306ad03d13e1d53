package datasets

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"claimsieve/datasets/parquetfile"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// rewrite replaces a table's file.
func rewrite(t testing.TB, d *Dataset, name string, table *Table) {
	t.Helper()
	ts := d.Spec.Tables[name]
	fields := slices.Clone(table.schema.Fields())
	for i := range fields {
		fields[i].Name = ts.Column(fields[i].Name).FileColumn()
	}
	schema := arrow.NewSchema(fields, nil)
	var records []arrow.Record
	for _, c := range table.chunks {
		records = append(records, array.NewRecord(schema, c.Columns(), c.NumRows()))
	}
	if err := parquetfile.Write(filepath.Join(d.Dir, ts.Files[0]), schema, records, parquetfile.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
}

func TestDescribe(t *testing.T) {
	got, err := Describe(createSmall(t))
	if err != nil {
		t.Fatal(err)
	}
	claims := got.Tables[0]
	if claims.Name != "claims" || claims.Rows != 4 || claims.Files != 1 {
		t.Fatalf("claims: %+v", claims)
	}
	if claims.Happened.From.UnixMicro() != micros("2023-01-01T00:00:00Z") || claims.Known.To.UnixMicro() != micros("2024-03-03T10:00:00Z") {
		t.Errorf("ranges: %v, %v", claims.Happened, claims.Known)
	}
	column := func(name string) ColumnDescription {
		i := slices.IndexFunc(claims.Columns, func(c ColumnDescription) bool { return c.Name == name })
		return claims.Columns[i]
	}
	if c := column("amount"); c.Nulls != 1 || c.Distinct != 3 || c.Min != "0" || c.Max != "100.5" || *c.Mean != (100.5+0+7.25)/3 || c.Stage != Assessment {
		t.Errorf("amount: %+v", c)
	}
	if c := column("city"); c.Nulls != 1 || c.Distinct != 2 || !slices.Equal(c.Top, []ValueCount{{"北京", 2}, {"上海", 1}}) {
		t.Errorf("city: %+v", c)
	}
	if c := column("age"); c.Min != "30" || c.Max != "50" || *c.Mean != 40 || c.Top != nil {
		t.Errorf("age: %+v", c)
	}
	if c := column("note"); c.Distinct != 3 || c.Top != nil || c.Min != "" {
		t.Errorf("a sensitive column shows its values: %+v", c)
	}
	want := []LabelYear{{Year: 2023, Claims: 2, Confirmed: 1, Cleared: 1}, {Year: 2024, Claims: 2, Unknown: 2}}
	if !slices.Equal(got.Labels, want) {
		t.Errorf("labels: %+v, want %+v", got.Labels, want)
	}
}

func TestDescriptionForPeopleAndMachines(t *testing.T) {
	got, err := Describe(createSmall(t))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := got.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Small / 小", "table claims: 4 rows, 1 file, happened 2023-01-01 to 2024-03-01", "北京 2, 上海 1", "CONFIRMED"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
	if strings.Contains(text.String(), "碰撞") {
		t.Error("a sensitive text is shown")
	}
	data, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var again Description
	if err := json.Unmarshal(data, &again); err != nil || len(again.Tables) != 2 {
		t.Errorf("the description does not come back from JSON: %v", err)
	}
}

func TestDistinctIsBounded(t *testing.T) {
	s := &summary{out: &ColumnDescription{}, counts: map[string]int{}}
	for i := range int64(distinctBound + 5) {
		s.int(i)
		s.int(i)
	}
	s.finish(&ColumnSpec{Type: Int})
	if s.out.Distinct != distinctBound || !s.out.More {
		t.Errorf("distinct %d, more %v", s.out.Distinct, s.out.More)
	}
}
