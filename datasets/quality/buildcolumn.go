package quality

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"

	"claimsieve/datasets"
	"claimsieve/datasets/fingerprint"
)

// What a column is divided into.
const (
	numberBins = 10 // of about equal mass
	wordBins   = 20 // most frequent words
)

// column profiles one column; nil when it cannot be read.
func (b *builder) column(col *datasets.ColumnSpec) *ColumnProfile {
	t, err := b.data.Raw(b.out.Name, col.Name)
	if err != nil || t.Rows() != b.out.Rows {
		return nil
	}
	values, err := printsOf(t)
	if err != nil {
		return nil
	}
	out := &ColumnProfile{Name: col.Name, Type: col.Type, Class: col.Class}
	missing := missingRows(t, col)
	b.sums(out, col, values, missing)
	out.Bins = make([][]int, len(b.out.Months))
	var like *ColumnProfile
	if c := b.like.column(col.Name); c != nil && c.Type == col.Type {
		like = c
	}
	switch open := general(col); {
	case open && (col.Type == datasets.Int || col.Type == datasets.Float):
		b.numbers(out, like, t)
	case open && (col.Type == datasets.Category || col.Type == datasets.Bool):
		b.words(out, like, t)
	default:
		b.fill(out, missing, func(int) int { return 0 })
	}
	return out
}

// missingRows says of each row whether it has no value.
func missingRows(t *datasets.Table, col *datasets.ColumnSpec) []bool {
	out := make([]bool, 0, t.Rows())
	for _, chunk := range t.Chunks() {
		a := chunk.Column(0)
		for i := range a.Len() {
			out = append(out, a.IsNull(i))
		}
	}
	switch col.Type {
	case datasets.Float:
		if values, err := t.Floats(col.Name); err == nil {
			for i, v := range values {
				out[i] = out[i] || math.IsNaN(v)
			}
		}
	case datasets.ID, datasets.Text, datasets.Category:
		if values, err := t.Strings(col.Name); err == nil {
			for i, v := range values {
				out[i] = out[i] || v == ""
			}
		}
	}
	return out
}

// sums counts what is missing and what differs, and adds up fingerprints.
func (b *builder) sums(out *ColumnProfile, col *datasets.ColumnSpec, values []uint64, missing []bool) {
	months := len(b.out.Months)
	out.Missing, out.Distinct = make([]int, months), make([]int, months)
	sums, sketches := make([]uint64, months), make([]sketch, months)
	for m := range sketches {
		sketches[m].limit = sketchDistinct
	}
	seed := fingerprint.Text(col.Name)
	for i, v := range values {
		m := b.month[i]
		if missing[i] {
			out.Missing[m]++
		} else {
			sketches[m].add(v)
		}
		pair := fingerprint.Mix(v ^ seed)
		if b.keys != nil {
			pair = fingerprint.Mix(pair + b.keys[i])
		}
		sums[m] += pair
	}
	for m := range months {
		out.Distinct[m] = sketches[m].distinct()
		out.Digests = append(out.Digests, b.digest(sums[m], m, general(col)))
	}
}

// fill counts rows by month and bin: bin gives that of a row that has a value.
func (b *builder) fill(out *ColumnProfile, missing []bool, bin func(row int) int) {
	n := out.bins()
	for m := range out.Bins {
		out.Bins[m] = make([]int, n)
	}
	for i, gone := range missing {
		at := n - 1
		if !gone {
			at = bin(i)
		}
		out.Bins[b.month[i]][at]++
	}
}

// numbers takes the quantiles of each month, and counts in bins of equal mass.
// Infinite values are counted as missing: Check says that they are there.
func (b *builder) numbers(out, like *ColumnProfile, t *datasets.Table) {
	values, err := t.Floats(out.Name)
	if err != nil {
		return
	}
	byMonth := make([][]float64, len(b.out.Months))
	all := make([]float64, 0, len(values))
	missing := make([]bool, len(values))
	for i, v := range values {
		if missing[i] = math.IsNaN(v) || math.IsInf(v, 0); !missing[i] {
			byMonth[b.month[i]] = append(byMonth[b.month[i]], v)
			all = append(all, v)
		}
	}
	for _, month := range byMonth {
		out.Quantiles = append(out.Quantiles, quartiles(month))
	}
	if out.Edges = edgesOf(all); like != nil && like.Edges != nil {
		out.Edges = like.Edges
	}
	b.fill(out, missing, func(row int) int {
		k, _ := slices.BinarySearch(out.Edges, values[row])
		return k
	})
}

// edgesOf returns upper bounds that divide values into bins of about equal
// mass; it sorts them. They are never nil.
func edgesOf(values []float64) []float64 {
	slices.Sort(values)
	edges := []float64{}
	for k := 1; k < numberBins && len(values) > 0; k++ {
		e := values[(len(values)*k-1)/numberBins]
		if len(edges) == 0 || e > edges[len(edges)-1] {
			edges = append(edges, e)
		}
	}
	return edges
}

// quartiles returns minimum, quartiles and maximum of values, which it sorts;
// nothing for none.
func quartiles(values []float64) []float64 {
	if len(values) == 0 {
		return []float64{}
	}
	slices.Sort(values)
	out := make([]float64, 5)
	for k := range out {
		out[k] = values[(len(values)-1)*k/4]
	}
	return out
}

// words counts the most frequent words; the rest together are one bin.
func (b *builder) words(out, like *ColumnProfile, t *datasets.Table) {
	words := make([]string, 0, t.Rows())
	missing := make([]bool, 0, t.Rows())
	counts := map[string]int{}
	for _, chunk := range t.Chunks() {
		word, err := datasets.WordReader(chunk.Column(0))
		if err != nil {
			return
		}
		for i := range chunk.Column(0).Len() {
			w, ok := word(i)
			words, missing = append(words, w), append(missing, !ok || w == "")
			if ok && w != "" {
				counts[w]++
			}
		}
	}
	if out.Words = frequent(counts); like != nil && like.Words != nil {
		out.Words = like.Words
	}
	place := make(map[string]int, len(out.Words))
	for i, w := range out.Words {
		place[w] = i
	}
	b.fill(out, missing, func(row int) int {
		if i, ok := place[words[row]]; ok {
			return i
		}
		return len(out.Words)
	})
}

// frequent returns the most frequent words, equal counts in order of the word;
// never nil. What is no text, or has more than 200 bytes, is no word of a category.
func frequent(counts map[string]int) []string {
	words := []string{}
	for w := range counts {
		if len(w) <= maxWord && utf8.ValidString(w) {
			words = append(words, w)
		}
	}
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return slices.Clone(words[:min(len(words), wordBins)])
}
