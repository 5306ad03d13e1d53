package history

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
	"claimsieve/features/window"
)

// A small insurer: claims in three stages, the parties of claims with a stage of
// their own, outcomes that are corrected, policies in versions, and bills of
// repair shops that belong to no claim.

type values = map[string]any

func column(name string, typ datasets.Type, stage datasets.Stage) datasets.ColumnSpec {
	return datasets.ColumnSpec{Name: name, Type: typ, Stage: stage}
}

func testSpec() *datasets.Spec {
	const report, survey, assessment = datasets.NoStage, datasets.Survey, datasets.Assessment
	return &datasets.Spec{Format: 1, Name: "test", Tables: map[string]*datasets.TableSpec{
		"claims": {Files: []string{"claims.parquet"}, Key: "claim_id", KnownAt: "reported_at", HappenedAt: "happened_at",
			Stages: map[datasets.Stage]string{survey: "surveyed_at", assessment: "assessed_at"},
			Columns: []datasets.ColumnSpec{column("claim_id", datasets.ID, report), column("reported_at", datasets.Time, report),
				column("happened_at", datasets.Time, report), column("surveyed_at", datasets.Time, survey), column("assessed_at", datasets.Time, assessment),
				column("vehicle", datasets.ID, report), column("driver", datasets.ID, report), column("holder", datasets.ID, report),
				column("phone", datasets.ID, report), column("region", datasets.Category, report), column("policy_id", datasets.ID, report),
				column("loss", datasets.Float, report), column("police", datasets.Bool, report), column("note", datasets.Text, report),
				column("witness", datasets.ID, survey), column("shop", datasets.ID, assessment), column("amount", datasets.Float, assessment)}},
		"parties": {Files: []string{"parties.parquet"}, KnownAt: "added_at", HappenedAt: "met_at", Stages: map[datasets.Stage]string{survey: "checked_at"},
			Columns: []datasets.ColumnSpec{column("claim_id", datasets.ID, report), column("added_at", datasets.Time, report), column("met_at", datasets.Time, report),
				column("checked_at", datasets.Time, survey), column("person", datasets.ID, report), column("phone", datasets.ID, report),
				column("role", datasets.Category, report), column("hurt", datasets.Float, report), column("account", datasets.ID, survey)}},
		"outcomes": {Files: []string{"outcomes.parquet"}, KnownAt: "concluded_at",
			Columns: []datasets.ColumnSpec{column("claim_id", datasets.ID, report), column("concluded_at", datasets.Time, report), column("conclusion", datasets.Category, report)}},
		"policies": {Files: []string{"policies.parquet"}, KnownAt: "issued_at",
			Columns: []datasets.ColumnSpec{column("policy_id", datasets.ID, report), column("issued_at", datasets.Time, report), column("insured", datasets.Float, report),
				column("product", datasets.Category, report), column("new", datasets.Bool, report), column("seats", datasets.Int, report)}},
		"bills": {Files: []string{"bills.parquet"}, KnownAt: "billed_at",
			Columns: []datasets.ColumnSpec{column("shop", datasets.ID, report), column("billed_at", datasets.Time, report), column("cost", datasets.Float, report)}},
	}}
}

// history is rows by table, in file order.
type historyRows struct {
	spec *datasets.Spec
	rows map[string][]values
}

var conclusions = []string{"refused_fraud", "confirmed_fraud", "cleared", "closed", "suspected", "inconclusive"}

// shape says what a random history is like.
type shape struct {
	claims, days int
	grain        int64 // of instants
	unique       bool  // no two claims happened at the same instant
	ordered      bool  // no claim is surveyed before it is reported
}

type drawer struct {
	*rand.Rand
	shape
}

func (d drawer) pick(words ...string) any {
	if d.IntN(8) == 0 {
		return nil
	}
	return words[d.IntN(len(words))]
}

func (d drawer) code(prefix string, n int) any {
	if d.IntN(8) == 0 {
		return nil
	}
	return fmt.Sprint(prefix, d.IntN(n))
}

// at draws an instant, some time after another one.
func (d drawer) at(from int64, days int) any {
	if d.IntN(12) == 0 {
		return nil
	}
	t := from + int64(d.IntN(days+1))*window.Day
	return t / d.grain * d.grain
}

func (d drawer) number() any {
	if d.IntN(9) == 0 {
		return nil
	}
	return float64(d.IntN(5000))/4 - 100
}

const firstDay = 1_600_000_000 / 86_400 * window.Day

var tales = []string{"", "the red car hit a wall while parking at night", "the red car hit a wall while parking by night", "a deer crossed the road and the driver could not stop",
	"a deer crossed the road and the driver could not stop in time", "someone broke the mirror in front of the house", "short", "someone broke the mirror in front of my house 12345"}

func randomRows(r *rand.Rand, sh shape) *historyRows {
	d := drawer{r, sh}
	h := &historyRows{spec: testSpec(), rows: map[string][]values{}}
	for i := range sh.claims {
		happened := firstDay + int64(d.IntN(sh.days))*window.Day
		reported := d.at(happened, 6)
		base := happened
		if reported != nil {
			base = reported.(int64)
		}
		if sh.unique {
			happened += int64(i)
		}
		row := values{"claim_id": fmt.Sprint("c", i), "reported_at": reported, "happened_at": any(happened), "surveyed_at": d.at(base-window.Day, 20), "assessed_at": d.at(base, 40),
			"vehicle": d.code("v", 4), "driver": d.code("p", 5), "holder": d.code("p", 5), "phone": d.code("t", 5), "region": d.pick("north", "south"),
			"policy_id": d.code("q", 4), "loss": d.number(), "police": d.IntN(2) == 0, "note": tales[d.IntN(len(tales))],
			"witness": d.code("p", 5), "shop": d.code("s", 3), "amount": d.number()}
		if sh.ordered && row["surveyed_at"] != nil {
			row["surveyed_at"] = max(micro(row["reported_at"]), micro(row["surveyed_at"]))
		}
		if row["assessed_at"] != nil { // stages come in their order, or not at all
			if row["assessed_at"] = max(micro(row["surveyed_at"]), micro(row["assessed_at"])); row["surveyed_at"] == nil {
				row["witness"] = nil
			}
		}
		if d.IntN(15) == 0 {
			row["happened_at"] = nil
		}
		if d.IntN(9) == 0 {
			row["note"] = nil
		}
		h.rows["claims"] = append(h.rows["claims"], row)
		for range d.IntN(4) {
			h.party(d, fmt.Sprint("c", i), base)
		}
		for range d.IntN(3) {
			h.add("outcomes", values{"claim_id": fmt.Sprint("c", i), "concluded_at": d.at(base-3*window.Day, 60), "conclusion": conclusions[d.IntN(len(conclusions))]})
		}
	}
	for i := range sh.claims {
		h.add("policies", values{"policy_id": d.code("q", 4), "issued_at": d.at(firstDay, sh.days), "insured": d.number(), "product": d.pick("full", "half"), "new": d.IntN(2) == 0, "seats": d.IntN(9)})
		h.add("bills", values{"shop": d.code("s", 3), "billed_at": d.at(firstDay, sh.days), "cost": float64(i)})
	}
	h.party(d, "nobody", firstDay)
	for _, t := range []string{"parties", "outcomes", "policies", "bills"} {
		known := h.spec.Tables[t].KnownAt
		slices.SortStableFunc(h.rows[t], func(x, y values) int { return cmp.Compare(micro(x[known]), micro(y[known])) })
	}
	return h
}

func (h *historyRows) add(table string, row values) { h.rows[table] = append(h.rows[table], row) }

// party adds a party; no two met at the same instant, since the first and the
// last of two that did are told apart by their order in the file alone.
func (h *historyRows) party(d drawer, claim string, base int64) {
	met := firstDay + int64(d.IntN(d.days))*window.Day + int64(len(h.rows["parties"]))
	h.add("parties", values{"claim_id": claim, "added_at": d.at(base-4*window.Day, 12), "met_at": any(met), "checked_at": d.at(base, 20),
		"person": d.code("p", 6), "phone": d.code("t", 5), "role": d.pick("driver", "injured", "witness"), "hurt": d.number(), "account": d.code("a", 4)})
}

// micro is the instant in a cell, NoTime for none.
func micro(v any) int64 {
	if v == nil {
		return datasets.NoTime
	}
	return v.(int64)
}

// record makes a record of rows of a table.
func (h *historyRows) record(t testing.TB, table string, rows ...values) arrow.Record {
	t.Helper()
	spec := h.spec.Tables[table]
	var fields []arrow.Field
	for _, c := range spec.Columns {
		fields = append(fields, arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: true})
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer b.Release()
	for _, row := range rows {
		for i, c := range spec.Columns {
			appendTo(b.Field(i), row[c.Name])
		}
	}
	return b.NewRecord()
}

func appendTo(b array.Builder, v any) {
	if v == nil {
		b.AppendNull()
		return
	}
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(v.(string))
	case *array.BinaryDictionaryBuilder:
		if err := b.AppendString(v.(string)); err != nil {
			panic(err)
		}
	case *array.Float64Builder:
		b.Append(v.(float64))
	case *array.Int64Builder:
		b.Append(int64(v.(int)))
	case *array.BooleanBuilder:
		b.Append(v.(bool))
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(v.(int64)))
	default:
		panic(fmt.Sprintf("no value for %T", b))
	}
}

// dataset writes the rows.
func (h *historyRows) dataset(t testing.TB) *datasets.Dataset {
	t.Helper()
	tables := map[string]*datasets.Table{}
	for name, rows := range h.rows {
		rec := h.record(t, name, rows...)
		table, err := datasets.NewTable(name, rec.Schema(), []arrow.Record{rec})
		if err != nil {
			t.Fatal(err)
		}
		tables[name] = table
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := datasets.Create(dir, h.spec, tables); err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// asOf is a row as it was known at an instant: without what later stages bring.
func (h *historyRows) asOf(table string, row values, at int64) values {
	spec := h.spec.Tables[table]
	out := values{}
	for _, c := range spec.Columns {
		if stage := c.FromStage(); stage > datasets.Report {
			if reached := micro(row[spec.Stages[stage]]); reached == datasets.NoTime || reached > at {
				continue
			}
		}
		out[c.Name] = row[c.Name]
	}
	return out
}

// news are the rows of a table that bring something at an instant, as of then.
func (h *historyRows) news(table string, at int64) (rows []values, places []int) {
	spec := h.spec.Tables[table]
	for i, row := range h.rows[table] {
		known := micro(row[spec.KnownAt])
		if known == datasets.NoTime || known > at {
			continue
		}
		brings := known == at
		for _, c := range spec.Stages {
			brings = brings || micro(row[c]) == at
		}
		if brings {
			rows, places = append(rows, h.asOf(table, row, at)), append(places, i)
		}
	}
	return rows, places
}

// instants are all instants at which something becomes known, rising.
func (h *historyRows) instants() []int64 {
	var out []int64
	for name, rows := range h.rows {
		spec := h.spec.Tables[name]
		for _, row := range rows {
			out = append(out, micro(row[spec.KnownAt]))
			for _, c := range spec.Stages {
				out = append(out, micro(row[c]))
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(t int64) bool { return t == datasets.NoTime })
}
