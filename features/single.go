package features

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// single is the memory in which the vector of one claim is worked out. The next
// claim uses it again: making arrow's arrays and schemas anew for every claim
// took most of the time of a vector.
type single struct {
	row     widened
	from    *arrow.Schema   // of the claims that the schemas are for
	schemas []*arrow.Schema // per level of the pipeline, of what its indicators may read
	numbers []float64       // per indicator that others read, in the order of lifts
	arrays  []arrow.Array   // each over its element of numbers
}

// widened is a record of one row with more columns than the record in it, which
// speaks for the rest. Kernels find arrays by the names of the schema and look
// at the arrays for their types.
type widened struct {
	arrow.Record
	schema  *arrow.Schema
	columns []arrow.Array
}

// Schema is that of all columns.
func (w *widened) Schema() *arrow.Schema { return w.schema }

// NumCols counts all columns.
func (w *widened) NumCols() int64 { return int64(len(w.columns)) }

// Columns are all columns.
func (w *widened) Columns() []arrow.Array { return w.columns }

// Column is one of all columns.
func (w *widened) Column(i int) arrow.Array { return w.columns[i] }

// ColumnName is the name of one of all columns.
func (w *widened) ColumnName(i int) string { return w.schema.Field(i).Name }

// lone is what vectors of single claims need of a pipeline.
type lone struct {
	lifts  [][]int        // per level, the indicators that others read
	lifted int            // how many they are
	truths [3]arrow.Array // no, yes and missing
	absent []arrow.Array  // per joined column, a missing element
}

func (p *Pipeline) lone() *lone {
	l := &lone{truths: [3]arrow.Array{truthArray([]float64{0}), truthArray([]float64{1}), truthArray([]float64{math.NaN()})}}
	for _, level := range p.levels {
		var read []int
		for _, j := range level {
			if p.read[j] {
				read = append(read, j)
			}
		}
		l.lifts = append(l.lifts, read)
		l.lifted += len(read)
	}
	for _, j := range p.joined {
		l.absent = append(l.absent, array.MakeArrayOfNull(memory.DefaultAllocator, gathered(j.typ.Arrow()), 1))
	}
	return l
}

// single returns memory for the claim in rec, with the columns of the claim and
// of the rows that it refers to.
func (f *Fitted) single(rec arrow.Record, past *Past) *single {
	s, _ := f.singles.Get().(*single)
	if s == nil {
		s = &single{numbers: make([]float64, f.lone.lifted)}
		for i := range s.numbers {
			s.arrays = append(s.arrays, floatArray(s.numbers[i:i+1]))
		}
	}
	s.row.Record = rec
	s.row.columns = append(s.row.columns[:0], rec.Columns()...)
	if past != nil && past.Joined != nil {
		s.row.columns = append(s.row.columns, past.Joined...)
	} else {
		s.row.columns = append(s.row.columns, f.lone.absent...)
	}
	if s.from != rec.Schema() {
		s.from, s.schemas = rec.Schema(), f.schemas(rec.Schema(), s.row.columns)
	}
	return s
}

// schemas returns what the indicators of each level may read: columns of the
// claim and the rows that it refers to, and the indicators of levels before.
func (f *Fitted) schemas(claim *arrow.Schema, columns []arrow.Array) []*arrow.Schema {
	fields := claim.Fields()
	for _, j := range f.joined {
		fields = append(fields, arrow.Field{Name: j.name(), Type: columns[len(fields)].DataType(), Nullable: true})
	}
	var out []*arrow.Schema
	for _, read := range f.lone.lifts {
		out = append(out, arrow.NewSchema(fields, nil))
		for _, j := range read {
			fields = append(fields, f.indicators[j].field())
		}
	}
	return out
}

// release gives the memory back, without what belongs to the claim.
func (f *Fitted) release(s *single) {
	s.row.Record = nil
	clear(s.row.columns)
	f.singles.Put(s)
}

// liftOne adds the indicators of a level that others read to the row's columns;
// lifted is how many there were before, and the result with them.
func (f *Fitted) liftOne(s *single, level int, values []float64, lifted int) int {
	for _, j := range f.lone.lifts[level] {
		column := s.arrays[lifted]
		switch v := values[j]; {
		case !f.indicators[j].truth:
			s.numbers[lifted] = v
		case v == 0:
			column = f.lone.truths[0]
		case math.IsNaN(v):
			column = f.lone.truths[2]
		default:
			column = f.lone.truths[1]
		}
		s.row.columns = append(s.row.columns, column)
		lifted++
	}
	return lifted
}

// Vector computes the indicators of the one claim in rec, into dst, which is
// grown where it is too short. The bits are those that [Fitted.Run] gives for
// the same claim. A nil past is a claim of whose history nothing is known.
func (f *Fitted) Vector(dst []float64, rec arrow.Record, past *Past) ([]float64, error) {
	if rec.NumRows() != 1 {
		return nil, fmt.Errorf("cannot compute one vector: the record has %d rows", rec.NumRows())
	}
	if past != nil && f.plan != nil && len(past.Answers) != f.plan.Answers {
		return nil, fmt.Errorf("cannot compute one vector: the history gives %d answers and the pipeline asks %d", len(past.Answers), f.plan.Answers)
	}
	if cap(dst) < len(f.kernels) {
		dst = make([]float64, len(f.kernels))
	}
	dst = dst[:len(f.kernels)]
	s := f.single(rec, past)
	defer f.release(s)
	lifted := 0
	for k, level := range f.levels {
		s.row.schema = s.schemas[k]
		for _, j := range level {
			switch ind := &f.indicators[j]; {
			case ind.answer < 0:
				if err := f.kernels[j](dst[j:j+1], &s.row); err != nil {
					return dst, fmt.Errorf("cannot compute indicator %q: %w", ind.Name, err)
				}
			case past == nil:
				dst[j] = math.NaN()
			default:
				dst[j] = past.Answers[ind.answer]
			}
		}
		lifted = f.liftOne(s, k, dst, lifted)
	}
	return dst, nil
}
