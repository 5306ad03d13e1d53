package catalog

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
)

// row is a row of a table by column name; a column that is absent is null.
type row map[string]any

// tables are the rows of a dataset by table.
type tables map[string][]row

// dice draws what a test portfolio is made of, the same for a seed.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 7))} }

func (d dice) chance(p float64) bool             { return d.Float64() < p }
func (d dice) between(low, high float64) float64 { return low + d.Float64()*(high-low) }
func (d dice) id(prefix string, n int) string    { return fmt.Sprintf("%s%03d", prefix, d.IntN(n)) }
func (d dice) one(words ...string) string        { return words[d.IntN(len(words))] }
func (d dice) money(low, high float64) float64   { return float64(int(d.between(low, high)*100)) / 100 }
func (d dice) after(t time.Time, days float64) time.Time {
	return t.Add(hoursOf(24 * d.between(0, days)))
}

func hoursOf(h float64) time.Duration {
	return time.Duration(h * float64(time.Hour)).Truncate(time.Second)
}

// firstDay begins the test portfolios, which last three years.
var firstDay = time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)

// outcome concludes a claim that was known at an instant: about half are
// investigated, and of those a share is fraud.
func (d dice) outcome(claim any, known time.Time, fraud float64) row {
	r := row{"claim_id": claim, "concluded_at": known.Add(hoursOf(24 * d.between(10, 90))), "conclusion": "closed"}
	if d.chance(0.5) {
		r["why_investigated"], r["propensity"], r["fraud_flag"] = "random", 0.5, false
		if r["conclusion"] = "cleared"; d.chance(fraud) {
			r["conclusion"], r["fraud_flag"] = "refused_fraud", true
		}
	}
	return r
}

// story tells something; about one in six repeats an earlier story.
func (d dice) story(earlier []string, phrases ...[]string) string {
	if len(earlier) > 0 && d.chance(0.17) {
		return earlier[d.IntN(len(earlier))]
	}
	var parts []string
	for _, p := range phrases {
		parts = append(parts, d.one(p...))
	}
	return strings.Join(parts, "，") + fmt.Sprintf("。编号%06d%06d", d.IntN(1e6), d.IntN(1e6))
}

// tableOf makes a table of a shape from rows.
func tableOf(t testing.TB, name string, spec *datasets.TableSpec, rows []row) *datasets.Table {
	t.Helper()
	fields := make([]arrow.Field, len(spec.Columns))
	for i, c := range spec.Columns {
		fields[i] = arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: true}
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer b.Release()
	for _, r := range rows {
		for column := range r {
			if spec.Column(column) == nil {
				t.Fatalf("the test gives table %s a column %q that its shape has not", name, column)
			}
		}
		for i, c := range spec.Columns {
			appendValue(t, b.Field(i), r[c.Name])
		}
	}
	record := b.NewRecord()
	out, err := datasets.NewTable(name, record.Schema(), []arrow.Record{record})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func appendValue(t testing.TB, to array.Builder, value any) {
	t.Helper()
	if value == nil {
		to.AppendNull()
		return
	}
	switch to := to.(type) {
	case *array.StringBuilder:
		to.Append(value.(string))
	case *array.BinaryDictionaryBuilder:
		if err := to.AppendString(value.(string)); err != nil {
			t.Fatal(err)
		}
	case *array.Int64Builder:
		to.Append(int64(value.(int)))
	case *array.Float64Builder:
		to.Append(value.(float64))
	case *array.BooleanBuilder:
		to.Append(value.(bool))
	case *array.TimestampBuilder:
		to.Append(arrow.Timestamp(value.(time.Time).UnixMicro()))
	case *array.Date32Builder:
		to.Append(arrow.Date32FromTime(value.(time.Time)))
	default:
		t.Fatalf("no way to append %T to %T", value, to)
	}
}

// datasetOf writes rows into a dataset of a shape and holds it to its rules.
func datasetOf(t testing.TB, shape string, rows tables) *datasets.Dataset {
	t.Helper()
	text, err := Shape(shape)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := datasets.ParseSpec(shape+".yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]*datasets.Table{}
	for _, name := range spec.TableNames() {
		if len(rows[name]) == 0 {
			t.Fatalf("the test gives table %s no rows", name)
		}
		made[name] = tableOf(t, name, spec.Tables[name], rows[name])
	}
	dir := filepath.Join(t.TempDir(), shape)
	if err := datasets.Create(dir, spec, made); err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	report, err := datasets.Check(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		if f.Severity == datasets.Fault {
			t.Errorf("the test's dataset has a fault: %+v", f)
		}
	}
	return d
}
