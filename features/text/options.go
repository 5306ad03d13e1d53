package text

import (
	"errors"
	"fmt"
	"math"
)

// Options are the settings of an index. They change its answers, so whoever
// stores an answer records them. The zero value of a field is its default.
type Options struct {
	// Digits says what becomes of amounts, dates and plates; default MaskCodes.
	Digits Digits
	// MaxRunes is how many runes of the normal form are read, 64 to 65536;
	// default 8192. Of the raw text at most 8 bytes for each of them are read.
	MaxRunes int
	// MinRunes is the shortest normal form, in runes, that is compared with
	// others, 1 to 64; default 8. Shorter texts ("none", "无") are alike by
	// nature and prove nothing.
	MinRunes int

	// Shingle is the length k of a shingle in runes, 1 to 64; default 4.
	Shingle int
	// Bands and Rows shape the search: Bands keys of Rows permutations each.
	// Rows is 1 to 8, Bands 1 to 128; defaults 20 and 6, 120 permutations.
	Bands, Rows int
	// Threshold is the Jaccard index from which two stories are near
	// duplicates, in (0, 1]; default 0.8.
	Threshold float64
	// Reach bounds the work of one question: in every band at most this many
	// stories, the newest ones, are looked at, 1 to 2^30; default 2000. An
	// answer says when the bound was met. Stories in the same words count once.
	Reach int

	// Phrase is the length n of a phrase in runes, 2 to 256; default 12. About
	// 8 fits Chinese, 24 English. PhraseOff switches phrases off.
	Phrase int
	// Tellers is m: from how many earlier stories of other owners on a phrase
	// counts as repeated, 1 to 64; default 2.
	Tellers int

	// Keep is how long a story is kept, in the unit of the instants; 0 keeps it
	// for ever. At an instant t a story of t-Keep or later counts, one before
	// t-Keep does not: an age of exactly Keep is in. What is forgotten is counted
	// nowhere and its memory is used again. A story that is told again after all
	// its tellings were forgotten is a new one for the order of Reach.
	Keep int64

	// Seed changes every hash; 0 is a seed like any other.
	Seed uint64
}

// PhraseOff is the value of Options.Phrase that switches phrases off.
const PhraseOff = -1

// withDefaults returns the options with every zero replaced by its default.
func (o Options) withDefaults() Options {
	for _, f := range []struct {
		field *int
		value int
	}{
		{&o.MaxRunes, 8192}, {&o.MinRunes, 8}, {&o.Shingle, 4}, {&o.Bands, 20}, {&o.Rows, 6},
		{&o.Reach, 2000}, {&o.Phrase, 12}, {&o.Tellers, 2},
	} {
		if *f.field == 0 {
			*f.field = f.value
		}
	}
	if o.Threshold == 0 {
		o.Threshold = 0.8
	}
	return o
}

// Validate lists every fault of the options at once, with name, value and
// bound; nil when there is none.
func (o Options) Validate() error {
	o = o.withDefaults()
	var faults []error
	for _, f := range []struct {
		name       string
		value      int
		low, upper int
	}{
		{"Digits", int(o.Digits), 0, int(KeepDigits)}, {"MaxRunes", o.MaxRunes, 64, 65536},
		{"MinRunes", o.MinRunes, 1, 64}, {"Shingle", o.Shingle, 1, 64}, {"Bands", o.Bands, 1, 128},
		{"Rows", o.Rows, 1, 8}, {"Reach", o.Reach, 1, 1 << 30}, {"Tellers", o.Tellers, 1, 64},
	} {
		if f.value < f.low || f.value > f.upper {
			faults = append(faults, fmt.Errorf("cannot use text option %s %d: give %d to %d", f.name, f.value, f.low, f.upper))
		}
	}
	if o.Phrase != PhraseOff && (o.Phrase < 2 || o.Phrase > 256) {
		faults = append(faults, fmt.Errorf("cannot use text option Phrase %d: give 2 to 256, or %d for none", o.Phrase, PhraseOff))
	}
	if !(o.Threshold > 0 && o.Threshold <= 1) {
		faults = append(faults, fmt.Errorf("cannot use text option Threshold %v: give more than 0 and at most 1", o.Threshold))
	}
	if o.Keep < 0 {
		faults = append(faults, fmt.Errorf("cannot use text option Keep %d: give a span of time, or 0 to keep for ever", o.Keep))
	}
	return errors.Join(faults...)
}

// Recall returns the chance that the bands bring a story of Jaccard index s, in
// [0, 1], to the comparison: 1-(1-p^Rows)^Bands, where p = s+(1-s)/256 is the
// chance that one permutation agrees in its 8 stored bits. It does not count
// what Reach leaves out, nor the pruning by the estimate, which loses less than
// one near duplicate in 100,000 at 120 permutations.
func (o Options) Recall(s float64) float64 {
	o = o.withDefaults()
	p := s + (1-s)/256
	return 1 - math.Pow(1-math.Pow(p, float64(o.Rows)), float64(o.Bands))
}
