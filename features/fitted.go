package features

import (
	"fmt"
	"math"
	"sort"
	"sync"
)

// Vocabulary is what a pipeline learns from training rows: for each category
// indicator the words that have a code, in code order.
type Vocabulary map[string][]string

// Fitted is a pipeline with its vocabulary: the half that applies. It is
// immutable and safe for concurrent use.
type Fitted struct {
	*Pipeline
	vocabulary Vocabulary
	kernels    []kernel
	lone       *lone
	singles    sync.Pool // of *single
}

// Fit learns the vocabulary from the given rows of claims (ascending row
// numbers; only rows of the fit window, or later words would leak). Words are
// ordered by falling count, then by name; a word seen fewer than MinCount
// times gets no code.
func (p *Pipeline) Fit(in *Input, rows []int) (*Fitted, error) {
	counts := make([]map[string]int, len(p.indicators))
	k := 0
	err := p.frames(in, func(f *frame) error {
		end := f.first + f.rows()
		from := k
		for k < len(rows) && rows[k] < end {
			k++
		}
		return p.countWords(f, rows[from:k], counts)
	})
	if err != nil {
		return nil, err
	}
	vocabulary := Vocabulary{}
	for j, ind := range p.indicators {
		if ind.words != nil {
			vocabulary[ind.Name] = frequentWords(counts[j], max(ind.MinCount, 1))
		}
	}
	return p.With(vocabulary)
}

// countWords counts the words of the given rows of one frame.
func (p *Pipeline) countWords(f *frame, rows []int, counts []map[string]int) error {
	for _, level := range p.levels {
		for _, j := range level {
			ind := &p.indicators[j]
			if ind.words == nil {
				continue
			}
			word, err := ind.words(f.rec)
			if err != nil {
				return fmt.Errorf("cannot fit indicator %q: %w", ind.Name, err)
			}
			if counts[j] == nil {
				counts[j] = map[string]int{}
			}
			for _, row := range rows {
				if w, ok := word(row - f.first); ok {
					counts[j][w]++
				}
			}
		}
		if err := p.lift(f, level, func(j int) ([]float64, error) {
			values := make([]float64, f.rows())
			return values, p.indicators[j].compute(p.indicators[j].fixed, values, f)
		}); err != nil {
			return err
		}
	}
	return nil
}

func frequentWords(counts map[string]int, least int) []string {
	words := []string{}
	for w, n := range counts {
		if n >= least {
			words = append(words, w)
		}
	}
	sort.Slice(words, func(i, j int) bool {
		if counts[words[i]] != counts[words[j]] {
			return counts[words[i]] > counts[words[j]]
		}
		return words[i] < words[j]
	})
	return words
}

// With binds a stored vocabulary. Every category indicator needs its words,
// each once; words of an unknown indicator are refused.
func (p *Pipeline) With(vocabulary Vocabulary) (*Fitted, error) {
	f := &Fitted{Pipeline: p, vocabulary: vocabulary, kernels: make([]kernel, len(p.indicators)), lone: p.lone()}
	known := map[string]bool{}
	for i, ind := range p.indicators {
		if ind.words == nil {
			f.kernels[i] = ind.fixed
			continue
		}
		known[ind.Name] = true
		words, ok := vocabulary[ind.Name]
		if !ok {
			return nil, fmt.Errorf("cannot use vocabulary: it has no words for category indicator %q", ind.Name)
		}
		codes := make(map[string]int, len(words))
		for c, w := range words {
			if _, twice := codes[w]; twice {
				return nil, fmt.Errorf("cannot use vocabulary: indicator %q has the word %q twice", ind.Name, w)
			}
			codes[w] = c
		}
		f.kernels[i] = categoryKernel(ind.words, codes)
	}
	for name := range vocabulary {
		if !known[name] {
			return nil, fmt.Errorf("cannot use vocabulary: the pipeline has no category indicator %q", name)
		}
	}
	return f, nil
}

// Vocabulary returns the words of each category indicator. The caller must not
// change it.
func (f *Fitted) Vocabulary() Vocabulary { return f.vocabulary }

// Categories returns, per indicator, nil for a number and the words for a category.
func (f *Fitted) Categories() [][]string {
	out := make([][]string, len(f.indicators))
	for i, ind := range f.indicators {
		if ind.words != nil {
			out[i] = f.vocabulary[ind.Name]
		}
	}
	return out
}

// Run computes the indicators of every claim that was read.
func (f *Fitted) Run(in *Input) (*Matrix, error) {
	m := &Matrix{Names: f.Names(), Categories: f.Categories(), Columns: make([][]float64, len(f.kernels))}
	for j := range m.Columns {
		m.Columns[j] = make([]float64, in.Rows())
	}
	err := f.frames(in, func(fr *frame) error {
		return f.fill(fr, func(j int) []float64 { return m.Columns[j][fr.first : fr.first+fr.rows()] })
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// fill computes all indicators of a frame, each into its column.
func (f *Fitted) fill(fr *frame, column func(j int) []float64) error {
	for _, level := range f.levels {
		for _, j := range level {
			if err := f.indicators[j].compute(f.kernels[j], column(j), fr); err != nil {
				return err
			}
		}
		if err := f.lift(fr, level, func(j int) ([]float64, error) { return column(j), nil }); err != nil {
			return err
		}
	}
	return nil
}

// IsWords tells whether indicator j is a category, whose values are codes of words.
func (f *Fitted) IsWords(j int) bool { return f.indicators[j].words != nil }

// IsTruth tells whether indicator j is a yes (1) or no (0).
func (f *Fitted) IsTruth(j int) bool { return f.indicators[j].truth }

// Word returns how a value of indicator j reads for people: the word of a
// category's code, and "" for a number or a missing value.
func (f *Fitted) Word(j int, value float64) string {
	ind := f.indicators[j]
	if ind.words == nil || math.IsNaN(value) {
		return ""
	}
	words := f.vocabulary[ind.Name]
	if c := int(value); c >= 0 && c < len(words) {
		return words[c]
	}
	return ""
}
