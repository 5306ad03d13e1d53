package models

import (
	"math"
	"slices"
	"sort"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets/parquetfile"
	"claimsieve/features"
)

// referenceBins is the number of quantile bins of a number in the reference.
const referenceBins = 10

// probabilityIndicator names the model's own output in the reference.
const probabilityIndicator = "probability"

// ReferenceBin is one bin of one indicator in the reference population.
type ReferenceBin struct {
	Indicator string
	Bin       int     // from 0; the bin of missing values is -1
	Upper     float64 // largest value in a number's bin; +Inf for the last, NaN for a category or the missing
	Word      string  // the word of a category's bin; "" otherwise
	Count     int64   // claims of the reference population in the bin
}

// Reference is the distribution of every indicator and of the probability in a
// model's reference population, against which drift is measured.
type Reference struct {
	Bins []ReferenceBin
}

// NewReference takes the distribution of each column of m, and of the
// probabilities of the same claims. Numbers are cut at their deciles (fewer
// where values repeat), categories by word; missing values have a bin of
// their own.
func NewReference(m *features.Matrix, probability []float64) *Reference {
	r := &Reference{}
	for j, name := range m.Names {
		if m.Categories[j] != nil {
			r.category(name, m.Columns[j], m.Categories[j])
			continue
		}
		r.number(name, m.Columns[j])
	}
	r.number(probabilityIndicator, probability)
	return r
}

func (r *Reference) category(name string, codes []float64, words []string) {
	counts := make([]int64, len(words))
	missing := int64(0)
	for _, c := range codes {
		if math.IsNaN(c) {
			missing++
			continue
		}
		counts[int(c)]++
	}
	r.missing(name, missing)
	for i, w := range words {
		r.Bins = append(r.Bins, ReferenceBin{Indicator: name, Bin: i, Upper: math.NaN(), Word: w, Count: counts[i]})
	}
}

func (r *Reference) missing(name string, n int64) {
	r.Bins = append(r.Bins, ReferenceBin{Indicator: name, Bin: -1, Upper: math.NaN(), Count: n})
}

func (r *Reference) number(name string, values []float64) {
	known := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	r.missing(name, int64(len(values)-len(known)))
	if len(known) == 0 {
		return
	}
	slices.Sort(known)
	var uppers []float64
	for k := 1; k < referenceBins; k++ {
		u := known[(len(known)-1)*k/referenceBins]
		if len(uppers) == 0 || u > uppers[len(uppers)-1] {
			uppers = append(uppers, u)
		}
	}
	if last := len(uppers) - 1; last >= 0 && uppers[last] == known[len(known)-1] {
		uppers = uppers[:last] // the last bin must not be empty
	}
	uppers = append(uppers, math.Inf(1))
	begin := 0
	for i, u := range uppers {
		end := sort.Search(len(known), func(k int) bool { return known[k] > u })
		r.Bins = append(r.Bins, ReferenceBin{Indicator: name, Bin: i, Upper: u, Count: int64(end - begin)})
		begin = end
	}
}

// write stores the reference as Parquet with the columns indicator, bin,
// upper, word and count.
func (r *Reference) write(path string) error {
	b := array.NewRecordBuilder(memory.DefaultAllocator, referenceSchema)
	for _, x := range r.Bins {
		b.Field(0).(*array.StringBuilder).Append(x.Indicator)
		b.Field(1).(*array.Int64Builder).Append(int64(x.Bin))
		if upper := b.Field(2).(*array.Float64Builder); math.IsNaN(x.Upper) {
			upper.AppendNull()
		} else {
			upper.Append(x.Upper)
		}
		b.Field(3).(*array.StringBuilder).Append(x.Word)
		b.Field(4).(*array.Int64Builder).Append(x.Count)
	}
	return parquetfile.Write(path, referenceSchema, []arrow.Record{b.NewRecord()}, parquetfile.WriteOptions{})
}

var referenceSchema = arrow.NewSchema([]arrow.Field{
	{Name: "indicator", Type: arrow.BinaryTypes.String},
	{Name: "bin", Type: arrow.PrimitiveTypes.Int64},
	{Name: "upper", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	{Name: "word", Type: arrow.BinaryTypes.String},
	{Name: "count", Type: arrow.PrimitiveTypes.Int64},
}, nil)
