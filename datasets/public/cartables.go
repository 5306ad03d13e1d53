package public

import (
	"fmt"
	"strconv"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
)

// claimTimeNote is what the column time_note says of a row without claim month.
const claimTimeNote = "the file gives no month and weekday of the claim: reported_on is the last day of its year, the latest possible"

// carClaims builds the claims table in file order.
func carClaims(rows []carRow, dates []claimDates, columns []datasets.ColumnSpec) (*datasets.Table, error) {
	b := array.NewRecordBuilder(memory.DefaultAllocator, schemaOf(columns))
	defer b.Release()
	ids := b.Field(0).(*array.StringBuilder)
	loss := b.Field(1).(*array.Date32Builder)
	report := b.Field(2).(*array.Date32Builder)
	notes := b.Field(len(columns) - 1).(*array.StringBuilder)
	for i := range rows {
		ids.Append(claimID(&rows[i]))
		loss.Append(arrow.Date32(date32(dates[i].loss)))
		report.Append(arrow.Date32(date32(dates[i].report)))
		at := 3
		for j := range carFields {
			if carFields[j].spec.Name == "" {
				continue
			}
			carFields[j].append(b.Field(at), rows[i].cells[j])
			at++
		}
		if dates[i].reportUnknown {
			notes.Append(claimTimeNote)
		} else {
			notes.AppendNull()
		}
	}
	return finish("claims", b)
}

// append adds a verified cell to the column that the field becomes.
func (f *carField) append(to array.Builder, value string) {
	if f.zero && value == "0" {
		to.AppendNull()
		return
	}
	switch to := to.(type) {
	case *array.BinaryDictionaryBuilder:
		if err := to.AppendString(value); err != nil {
			panic(fmt.Sprintf("BUG: column %s: %v", f.spec.Name, err))
		}
	case *array.BooleanBuilder:
		to.Append(value == "Yes")
	case *array.Int64Builder:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			panic(fmt.Sprintf("BUG: column %s was not verified: %v", f.spec.Name, err))
		}
		to.Append(n)
	default:
		panic(fmt.Sprintf("BUG: column %s has no way into %T", f.spec.Name, to))
	}
}

// carOutcomes builds the outcomes table. What the file does not say is null.
func carOutcomes(rows []carRow, dates []claimDates, delay time.Duration) (*datasets.Table, error) {
	b := array.NewRecordBuilder(memory.DefaultAllocator, schemaOf(carOutcomeColumns))
	defer b.Release()
	for i := range rows {
		conclusion := datasets.ClosedUnseen
		if rows[i].fraud {
			conclusion = datasets.ConfirmedFraud
		}
		b.Field(0).(*array.StringBuilder).Append(claimID(&rows[i]))
		b.Field(1).(*array.TimestampBuilder).Append(arrow.Timestamp(dates[i].report.Add(delay).UnixMicro()))
		if err := b.Field(2).(*array.BinaryDictionaryBuilder).AppendString(string(conclusion)); err != nil {
			return nil, fmt.Errorf("cannot build table %q: %w", "outcomes", err)
		}
		b.Field(3).(*array.BooleanBuilder).Append(rows[i].fraud)
		for j := 4; j < len(carOutcomeColumns); j++ {
			b.Field(j).AppendNull()
		}
	}
	return finish("outcomes", b)
}

func claimID(r *carRow) string { return fmt.Sprintf("C%05d", r.number) }

func finish(name string, b *array.RecordBuilder) (*datasets.Table, error) {
	record := b.NewRecord()
	t, err := datasets.NewTable(name, record.Schema(), []arrow.Record{record})
	if err != nil {
		return nil, fmt.Errorf("cannot build table %q: %w", name, err)
	}
	return t, nil
}

func schemaOf(columns []datasets.ColumnSpec) *arrow.Schema {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: true}
	}
	return arrow.NewSchema(fields, nil)
}
