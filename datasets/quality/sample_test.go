package quality

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"claimsieve/datasets"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// sampleRow is a claim of a small delivery.
type sampleRow struct {
	id, city, holder string
	diagnosis        string
	amount           float64
	happened, known  time.Time
}

// sampleRows are n claims, ten a day from 2024-01-01 on, known a day later.
func sampleRows(n int) []sampleRow {
	rows := make([]sampleRow, n)
	for i := range rows {
		happened := time.Date(2024, 1, 1+i/10, 8, 0, i%10, 0, time.UTC)
		rows[i] = sampleRow{
			id: fmt.Sprintf("C%05d", i), city: []string{"北京", "上海", "广州"}[i%3], holder: fmt.Sprintf("P%05d", i*7%1000),
			diagnosis: []string{"fracture", "bruise"}[i%2], amount: float64(i * 37 % 1000), happened: happened, known: happened.Add(24 * time.Hour),
		}
	}
	return rows
}

func sampleSpec() *datasets.Spec {
	return &datasets.Spec{Format: 1, Name: "sample", Tables: map[string]*datasets.TableSpec{
		"claims": {Files: []string{"claims.parquet"}, Key: "claim_id", HappenedAt: "happened_at", KnownAt: "known_at", Columns: []datasets.ColumnSpec{
			{Name: "claim_id", Type: datasets.ID}, {Name: "city", Type: datasets.Category},
			{Name: "holder_id", Type: datasets.ID, Role: "person.insured", Class: datasets.Personal},
			{Name: "diagnosis", Type: datasets.Category, Class: datasets.Sensitive},
			{Name: "amount", Type: datasets.Float}, {Name: "happened_at", Type: datasets.Time}, {Name: "known_at", Type: datasets.Time},
		}},
	}}
}

// deliver writes rows as a dataset; change, which may be nil, alters its
// description.
func deliver(t testing.TB, rows []sampleRow, change func(*datasets.Spec)) *datasets.Dataset {
	t.Helper()
	spec := sampleSpec()
	var fields []arrow.Field
	for _, c := range spec.Tables["claims"].Columns {
		fields = append(fields, arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for _, r := range rows {
		b.Field(0).(*array.StringBuilder).Append(r.id)
		word(t, b.Field(1), r.city)
		b.Field(2).(*array.StringBuilder).Append(r.holder)
		word(t, b.Field(3), r.diagnosis)
		b.Field(4).(*array.Float64Builder).Append(r.amount)
		b.Field(5).(*array.TimestampBuilder).Append(arrow.Timestamp(r.happened.UnixMicro()))
		b.Field(6).(*array.TimestampBuilder).Append(arrow.Timestamp(r.known.UnixMicro()))
	}
	table, err := datasets.NewTable("claims", schema, []arrow.Record{b.NewRecord()})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "sample")
	if err := datasets.Create(dir, spec, map[string]*datasets.Table{"claims": table}); err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(d.Spec)
	}
	return d
}

// word appends a word, null for "".
func word(t testing.TB, b array.Builder, w string) {
	t.Helper()
	if w == "" {
		b.AppendNull()
	} else if err := b.(*array.BinaryDictionaryBuilder).AppendString(w); err != nil {
		t.Fatal(err)
	}
}

func check(t testing.TB, d *datasets.Dataset) *datasets.CheckReport {
	t.Helper()
	r, err := datasets.Check(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func profile(t testing.TB, d *datasets.Dataset, like *Profile) *Profile {
	t.Helper()
	p, err := Build(d, check(t, d), like)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// compareBoth compares by profile and by folder.
func compareBoth(t testing.TB, old, now *datasets.Dataset) (byProfile, byData *Comparison) {
	before := profile(t, old, nil)
	after := profile(t, now, before)
	return Compare(before, after, now.Spec), CompareData(old, now, before, after)
}

// of returns the findings of a kind.
func of(c *Comparison, kind datasets.Kind) []datasets.Finding {
	return slices.DeleteFunc(slices.Clone(c.Findings), func(f datasets.Finding) bool { return f.Kind != kind })
}
