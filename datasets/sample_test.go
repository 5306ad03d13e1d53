package datasets

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"claimsieve/datasets/parquetfile"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// micros reads an instant for a test.
func micros(text string) int64 {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t.UnixMicro()
}

// rowsOf makes a record of columns of the spec from values: nil is null, times
// are RFC 3339, dates are days.
func rowsOf(t testing.TB, ts *TableSpec, rows ...[]any) (*arrow.Schema, arrow.Record) {
	t.Helper()
	var fields []arrow.Field
	for _, c := range ts.Columns {
		fields = append(fields, arrow.Field{Name: c.FileColumn(), Type: c.Type.Arrow(), Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for _, row := range rows {
		for i, v := range row {
			appendValue(t, b.Field(i), v)
		}
	}
	return schema, b.NewRecord()
}

func appendValue(t testing.TB, b array.Builder, v any) {
	t.Helper()
	if v == nil {
		b.AppendNull()
		return
	}
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(v.(string))
	case *array.BinaryDictionaryBuilder:
		if err := b.AppendString(v.(string)); err != nil {
			t.Fatal(err)
		}
	case *array.Int64Builder:
		b.Append(int64(v.(int)))
	case *array.Float64Builder:
		b.Append(v.(float64))
	case *array.BooleanBuilder:
		b.Append(v.(bool))
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(micros(v.(string))))
	case *array.Date32Builder:
		b.Append(arrow.Date32FromTime(time.UnixMicro(micros(v.(string) + "T00:00:00Z"))))
	default:
		t.Fatalf("no value for %T", b)
	}
}

// smallSpec is a dataset with a renamed column in each table.
func smallSpec() *Spec {
	return &Spec{
		Format: 1, Name: "small", Title: Title{EN: "Small", ZH: "小"}, Line: "motor",
		Tables: map[string]*TableSpec{
			"claims": {
				Files: []string{"claims.parquet"}, Key: "claim_id", HappenedAt: "loss_on", KnownAt: "reported_at",
				Columns: []ColumnSpec{
					{Name: "claim_id", From: "赔案号", Type: ID},
					{Name: "loss_on", Type: Date},
					{Name: "reported_at", Type: Time},
					{Name: "city", Type: Category, Role: "city"},
					{Name: "amount", Type: Float, Stage: Assessment},
					{Name: "age", Type: Int, Class: Personal},
					{Name: "police", Type: Bool},
					{Name: "note", Type: Text, Class: Sensitive},
				},
			},
			"outcomes": {
				Files: []string{"outcomes.parquet"}, KnownAt: "concluded_at",
				Columns: []ColumnSpec{
					{Name: "claim_id", Type: ID},
					{Name: "concluded_at", Type: Time},
					{Name: "conclusion", From: "结论", Type: Category},
					{Name: "propensity", Type: Float},
					{Name: "why_investigated", Type: Category},
				},
			},
		},
	}
}

var smallClaims = [][]any{
	{"C1", "2023-01-01", "2023-01-02T10:00:00Z", "北京", 100.5, 30, true, "碰撞"},
	{"C2", "2023-05-01", "2023-05-01T10:00:00Z", "上海", nil, 40, false, nil},
	{"C3", "2024-02-29", "2024-03-02T10:00:00Z", nil, 0.0, nil, nil, "x"},
	{"C4", "2024-03-01", "2024-03-03T10:00:00Z", "北京", 7.25, 50, true, "y"},
}

var smallOutcomes = [][]any{
	{"C1", "2023-06-01T00:00:00Z", "suspected", 0.5, "alert"},
	{"C1", "2023-09-01T00:00:00Z", "refused_fraud", nil, nil},
	{"C2", "2023-07-01T00:00:00Z", "cleared", 1.0, "random"},
	{"C3", "2024-06-01T00:00:00Z", "closed", nil, nil},
}

// tableOf makes a table under the spec's own column names.
func tableOf(t testing.TB, spec *Spec, name string, rows [][]any) *Table {
	t.Helper()
	ts := *spec.Tables[name]
	ts.Columns = append([]ColumnSpec(nil), ts.Columns...)
	for i := range ts.Columns {
		ts.Columns[i].From = ""
	}
	schema, record := rowsOf(t, &ts, rows...)
	table, err := NewTable(name, schema, []arrow.Record{record})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// createSmall writes the small dataset and opens it.
func createSmall(t testing.TB) *Dataset {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "small")
	spec := smallSpec()
	err := Create(dir, spec, map[string]*Table{"claims": tableOf(t, spec, "claims", smallClaims), "outcomes": tableOf(t, spec, "outcomes", smallOutcomes)})
	if err != nil {
		t.Fatal(err)
	}
	d, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// writeRaw writes a dataset as a foreign program would: nothing is checked.
func writeRaw(t testing.TB, spec *Spec, tables map[string][][]any) *Dataset {
	t.Helper()
	dir := t.TempDir()
	for name, rows := range tables {
		schema, record := rowsOf(t, spec.Tables[name], rows...)
		path := filepath.Join(dir, spec.Tables[name].Files[0])
		if err := parquetfile.Write(path, schema, []arrow.Record{record}, parquetfile.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	text, err := spec.encode()
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, SpecFile), string(text))
	d, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// show writes a table's rows, for comparison.
func show(t *Table) []string {
	var out []string
	for _, r := range t.Chunks() {
		for i := range int(r.NumRows()) {
			line := ""
			for c := range int(r.NumCols()) {
				line += fmt.Sprintf("%s=%s ", r.ColumnName(c), r.Column(c).ValueStr(i))
			}
			out = append(out, line)
		}
	}
	return out
}
