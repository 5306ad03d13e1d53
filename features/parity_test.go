package features

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
)

// everyType is a claims table with one column of every type a pipeline can use.
var everyType = &datasets.TableSpec{
	Key: "claim_id", KnownAt: "reported_at",
	Columns: []datasets.ColumnSpec{
		{Name: "claim_id", Type: datasets.ID},
		{Name: "reported_at", Type: datasets.Time},
		{Name: "loss_on", Type: datasets.Date},
		{Name: "amount", Type: datasets.Float},
		{Name: "witnesses", Type: datasets.Int},
		{Name: "police", Type: datasets.Bool},
		{Name: "make", Type: datasets.Category},
		{Name: "claimed_amount", Type: datasets.Float, Stage: datasets.Assessment},
	},
}

var everyTable = &datasets.Spec{Format: datasets.FormatVersion, Name: "every", Tables: map[string]*datasets.TableSpec{"claims": everyType}}

func schemaOf(t *datasets.TableSpec) *arrow.Schema {
	fields := make([]arrow.Field, len(t.Columns))
	for i, c := range t.Columns {
		fields[i] = arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: true}
	}
	return arrow.NewSchema(fields, nil)
}

// randomClaims builds a table of several chunks with nulls, NaN, infinities
// and words in a different dictionary order in every chunk.
func randomClaims(t *testing.T, rng *rand.Rand, chunks int) *datasets.Table {
	t.Helper()
	schema := schemaOf(everyType)
	var records []arrow.Record
	for c := range chunks {
		b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
		for i := range 1 + rng.IntN(50) {
			b.Field(0).(*array.StringBuilder).Append(fmt.Sprintf("C%d-%d", c, i))
			for j := 1; j < len(schema.Fields()); j++ {
				appendRandom(b.Field(j), rng)
			}
		}
		records = append(records, b.NewRecord())
	}
	table, err := datasets.NewTable("claims", schema, records)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func appendRandom(b array.Builder, rng *rand.Rand) {
	if rng.IntN(6) == 0 {
		b.AppendNull()
		return
	}
	switch b := b.(type) {
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(rng.Int64N(2e15) - 1e15))
	case *array.Date32Builder:
		b.Append(arrow.Date32(rng.IntN(40000) - 10000))
	case *array.Float64Builder:
		special := []float64{math.NaN(), math.Float64frombits(0x7ff8000000000123), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), math.MaxFloat64}
		if k := rng.IntN(20); k < len(special) {
			b.Append(special[k])
			return
		}
		b.Append(rng.NormFloat64() * 1e4)
	case *array.Int64Builder:
		b.Append(rng.Int64N(7) - 2)
	case *array.BooleanBuilder:
		b.Append(rng.IntN(2) == 0)
	case *array.BinaryDictionaryBuilder:
		_ = b.AppendString([]string{"本田", "丰田", "Honda", "", "rare"}[rng.IntN(5)])
	}
}

const everyKind = `
format: 1
name: every-kind
stage: report
indicators:
  - {name: amount, column: amount, dimension: accident, direction: up}
  - {name: witnesses, column: witnesses, dimension: accident}
  - {name: police, column: police, dimension: accident}
  - {name: make, category: make, dimension: vehicle}
  - {name: make_frequent, category: make, min_count: 10, dimension: vehicle}
  - {name: witnesses_word, category: witnesses, dimension: accident}
  - {name: police_word, category: police, dimension: accident}
  - {name: days_to_report, days: {from: loss_on, to: reported_at}, dimension: accident}
  - {name: ratio, expr: "amount / witnesses", dimension: accident}
  - {name: night_or_dear, expr: "hour(reported_at) in [22, 23, 0, 1] or amount > 5000", dimension: accident}
  - {name: age_of_report, expr: "days(reported_at - loss_on) ?? -1", dimension: accident}
  - {name: make_or_police, expr: "police ? make : 'none'", min_count: 3, dimension: vehicle}
  - {name: hour, calendar: {of: reported_at, part: hour}, dimension: accident}
  - {name: weekday, calendar: {of: reported_at, part: weekday}, dimension: accident}
  - {name: day, calendar: {of: loss_on, part: day}, dimension: accident}
  - {name: month, calendar: {of: loss_on, part: month}, dimension: accident}
`

func fitted(t *testing.T, table *datasets.Table) *Fitted {
	t.Helper()
	spec, err := ParseSpec("every-kind.yaml", []byte(everyKind))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(spec, everyTable)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]int, 0, table.Rows())
	for i := range table.Rows() / 2 { // the second half has words unseen in the fit
		rows = append(rows, i)
	}
	f, err := p.Fit(InputOf(table), rows)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestBatchAndOneClaimAgree holds the batch against one claim at a time, bit
// for bit, over random histories.
func TestBatchAndOneClaimAgree(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 1))
		table := randomClaims(t, rng, 1+rng.IntN(4))
		f := fitted(t, table)
		batch, err := f.Run(InputOf(table))
		if err != nil {
			t.Fatal(err)
		}
		row := 0
		var one []float64
		for _, chunk := range table.Chunks() {
			for i := range chunk.NumRows() {
				one, err = f.Vector(one, chunk.NewSlice(i, i+1), nil)
				if err != nil {
					t.Fatal(err)
				}
				for j, v := range one {
					if math.Float64bits(v) != math.Float64bits(batch.Columns[j][row]) {
						t.Fatalf("seed %d, row %d, %s: one claim gives %v, the batch %v", seed, row, batch.Names[j], v, batch.Columns[j][row])
					}
				}
				row++
			}
		}
		if row != table.Rows() {
			t.Fatalf("compared %d rows of %d", row, table.Rows())
		}
	}
}

// TestChunksDoNotMatter cuts the same rows into other chunks.
func TestChunksDoNotMatter(t *testing.T) {
	table := randomClaims(t, rand.New(rand.NewPCG(7, 7)), 3)
	var pieces []arrow.Record
	for _, c := range table.Chunks() {
		for i := int64(0); i < c.NumRows(); i += 7 {
			pieces = append(pieces, c.NewSlice(i, min(i+7, c.NumRows())))
		}
	}
	cut, err := datasets.NewTable("claims", table.Schema(), pieces)
	if err != nil {
		t.Fatal(err)
	}
	f := fitted(t, table)
	a, err := f.Run(InputOf(table))
	if err != nil {
		t.Fatal(err)
	}
	b, err := fitted(t, cut).Run(InputOf(cut))
	if err != nil {
		t.Fatal(err)
	}
	for j := range a.Columns {
		for i := range a.Columns[j] {
			if math.Float64bits(a.Columns[j][i]) != math.Float64bits(b.Columns[j][i]) {
				t.Fatalf("%s row %d: %v in one cut, %v in the other", a.Names[j], i, a.Columns[j][i], b.Columns[j][i])
			}
		}
	}
}

func TestVocabularyComesFromTheGivenRowsOnly(t *testing.T) {
	schema := schemaOf(everyType)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for i, w := range []string{"a", "b", "b", "later"} {
		b.Field(0).(*array.StringBuilder).Append(fmt.Sprint(i))
		for j := 1; j < len(schema.Fields()); j++ {
			if d, ok := b.Field(j).(*array.BinaryDictionaryBuilder); ok {
				_ = d.AppendString(w)
				continue
			}
			b.Field(j).AppendNull()
		}
	}
	table, err := datasets.NewTable("claims", schema, []arrow.Record{b.NewRecord()})
	if err != nil {
		t.Fatal(err)
	}
	spec, _ := ParseSpec("p", []byte("{format: 1, name: p, stage: report, indicators: [{name: make, category: make, dimension: vehicle}]}"))
	p, err := Compile(spec, everyTable)
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.Fit(InputOf(table), []int{0, 1, 2})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(f.Vocabulary()["make"]); got != "[b a]" {
		t.Errorf("words are %s, want the frequent first and none of the row outside the fit", got)
	}
	m, err := f.Run(InputOf(table))
	if err != nil {
		t.Fatal(err)
	}
	if c := m.Columns[0]; c[0] != 1 || c[1] != 0 || c[2] != 0 || !math.IsNaN(c[3]) {
		t.Errorf("codes are %v, want 1 0 0 NaN", c)
	}
	if f.Word(0, 1) != "a" || f.Word(0, math.NaN()) != "" || f.Word(0, 9) != "" {
		t.Error("words of codes are wrong")
	}
}

func TestMissingNamesTheIndicatorsOfAbsentColumns(t *testing.T) {
	f := fitted(t, randomClaims(t, rand.New(rand.NewPCG(1, 2)), 1))
	if got := fmt.Sprint(f.Missing([]string{"loss_on", "unused"}, nil)); got != "[days_to_report age_of_report day month]" {
		t.Errorf("missing is %s", got)
	}
}
