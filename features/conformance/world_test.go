package conformance

import (
	"maps"
	"math"
	"path/filepath"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
)

// micros is an instant in microseconds since 1970 UTC.
type micros int64

const day = micros(86_400_000_000)

// row is a row of a table by column: string, int64, float64, bool or micros; a
// column that is absent is null.
type row map[string]any

// world is a history as plain rows.
type world struct {
	spec *datasets.Spec
	rows map[string][]row
}

// clone copies a world so that its rows can be changed.
func (w *world) clone() *world {
	c := &world{spec: w.spec, rows: map[string][]row{}}
	for name, rows := range w.rows {
		for _, r := range rows {
			c.rows[name] = append(c.rows[name], maps.Clone(r))
		}
	}
	return c
}

// form is what a random world varies in its description.
type form struct {
	claimsHappen, partiesHappen  bool // whether the table says when its rows happened
	lossType, surveyType, paidOn datasets.Type
}

func column(name string, t datasets.Type, role string, stage datasets.Stage) datasets.ColumnSpec {
	return datasets.ColumnSpec{Name: name, Type: t, Role: role, Stage: stage}
}

func describe(f form) *datasets.Spec {
	const none = datasets.NoStage
	claims := &datasets.TableSpec{
		Key: "claim_id", KnownAt: "reported_at",
		Stages: map[datasets.Stage]string{datasets.Survey: "surveyed_at", datasets.Assessment: "assessed_at", datasets.Audit: "closed_at"},
		Columns: []datasets.ColumnSpec{
			column("claim_id", datasets.ID, "", none), column("reported_at", datasets.Time, "", none), column("loss_at", f.lossType, "", none),
			column("surveyed_at", f.surveyType, "", datasets.Survey), column("assessed_at", datasets.Time, "", datasets.Assessment), column("closed_at", datasets.Time, "", datasets.Audit),
			column("vehicle_id", datasets.ID, "vehicle", none), column("driver_id", datasets.ID, "person.driver", none), column("holder_id", datasets.ID, "person.insured", none),
			column("reporter_phone", datasets.ID, "phone", none), column("policy_id", datasets.ID, "policy", none),
			column("region", datasets.Category, "", none), column("unit", datasets.Int, "", none), column("police", datasets.Bool, "", none),
			column("severity", datasets.Int, "", none), column("amount", datasets.Float, "", none), column("narrative", datasets.Text, "", none),
			column("shop_id", datasets.ID, "repair_shop", datasets.Survey), column("depth", datasets.Float, "", datasets.Survey),
			column("staff_id", datasets.ID, "staff", datasets.Assessment), column("loss", datasets.Float, "", datasets.Assessment),
		},
	}
	if f.claimsHappen {
		claims.HappenedAt = "loss_at"
	}
	parties := &datasets.TableSpec{
		KnownAt: "joined_at", Stages: map[datasets.Stage]string{datasets.Assessment: "settled_at"},
		Columns: []datasets.ColumnSpec{
			column("claim_id", datasets.ID, "", none), column("joined_at", datasets.Time, "", none), column("seen_at", datasets.Time, "", none),
			column("settled_at", datasets.Time, "", datasets.Assessment),
			column("party_id", datasets.ID, "person.party", none), column("role", datasets.Category, "", none), column("phone", datasets.ID, "phone", none),
			column("account", datasets.ID, "account", datasets.Assessment), column("car", datasets.ID, "vehicle", none),
			column("region", datasets.Category, "", none), column("age", datasets.Int, "", none), column("injury", datasets.Float, "", none),
			column("fee", datasets.Float, "", datasets.Assessment),
		},
	}
	if f.partiesHappen {
		parties.HappenedAt = "seen_at"
	}
	payments := &datasets.TableSpec{
		KnownAt: "paid_at", HappenedAt: "due_on",
		Columns: []datasets.ColumnSpec{
			column("claim_id", datasets.ID, "", none), column("paid_at", f.paidOn, "", none), column("due_on", datasets.Date, "", none),
			column("paid", datasets.Float, "", none), column("payee", datasets.ID, "account", none), column("kind", datasets.Category, "", none),
			column("unit", datasets.ID, "", none),
		},
	}
	policies := &datasets.TableSpec{
		Key: "policy_id", KnownAt: "issued_at", Stages: map[datasets.Stage]string{datasets.Assessment: "rated_at"},
		Columns: []datasets.ColumnSpec{
			column("policy_id", datasets.ID, "policy", none), column("issued_at", datasets.Time, "", none), column("rated_at", datasets.Time, "", datasets.Assessment),
			column("sum_insured", datasets.Float, "", none), column("holder", datasets.ID, "person.insured", none), column("kind", datasets.Category, "", none),
			column("vip", datasets.Bool, "", none), column("start_on", datasets.Date, "", none), column("rating", datasets.Float, "", datasets.Assessment),
		},
	}
	outcomes := &datasets.TableSpec{
		KnownAt: "concluded_at",
		Columns: []datasets.ColumnSpec{column("claim_id", datasets.ID, "", none), column("concluded_at", datasets.Time, "", none), column("conclusion", datasets.Category, "", none)},
	}
	return &datasets.Spec{Format: datasets.FormatVersion, Name: "random", Tables: map[string]*datasets.TableSpec{
		"claims": claims, "parties": parties, "payments": payments, "policies": policies, "outcomes": outcomes,
	}}
}

// create writes the world into a fresh folder and opens it.
func (w *world) create(t testing.TB) *datasets.Dataset {
	t.Helper()
	made := map[string]*datasets.Table{}
	for name, spec := range w.spec.Tables {
		made[name] = tableOf(t, name, spec, w.rows[name])
	}
	dir := filepath.Join(t.TempDir(), "history")
	if err := datasets.Create(dir, w.spec, made); err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// tableOf makes a table of at most three chunks, so that rows of one table meet
// in different records.
func tableOf(t testing.TB, name string, spec *datasets.TableSpec, rows []row) *datasets.Table {
	t.Helper()
	fields := make([]arrow.Field, len(spec.Columns))
	for i, c := range spec.Columns {
		fields[i] = arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: true}
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer b.Release()
	var records []arrow.Record
	for i, r := range rows {
		for j, c := range spec.Columns {
			appendValue(t, b.Field(j), r[c.Name])
		}
		if i == len(rows)/3 || i == 2*len(rows)/3 {
			records = append(records, b.NewRecord())
		}
	}
	records = append(records, b.NewRecord())
	out, err := datasets.NewTable(name, records[0].Schema(), records)
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
		to.Append(value.(int64))
	case *array.Float64Builder:
		to.Append(value.(float64))
	case *array.BooleanBuilder:
		to.Append(value.(bool))
	case *array.TimestampBuilder:
		to.Append(arrow.Timestamp(value.(micros)))
	case *array.Date32Builder:
		to.Append(arrow.Date32(floorDay(value.(micros)) / day))
	default:
		t.Fatalf("no way to append %T to %T", value, to)
	}
}

func floorDay(m micros) micros {
	d := m / day
	if m%day < 0 {
		d--
	}
	return d * day
}

// sameNumber says whether two answers have the same bits, any NaN for any other.
func sameNumber(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
}
