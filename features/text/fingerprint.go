package text

import "slices"

// Fingerprint is a text read by an index: everything that is computed from the
// text alone. It belongs to the index that read it and to indexes with the same
// options, and is reused by reading into it again.
type Fingerprint struct {
	// Runes counts letters, marks and numbers of the text, before masking.
	Runes int
	// Digits counts the decimal digits among them.
	Digits int
	// Cut is true when the text was longer than Options.MaxRunes, Repaired when
	// it was not UTF-8.
	Cut, Repaired bool

	normal    normaliser
	grams     []uint64 // of shingles; sorted, distinct
	phrases   []uint64 // by place
	shingles  []uint32 // high halves of grams; sorted, distinct
	signature []byte
	digest    uint64 // of grams; 0 for a text too short to be compared
}

// Normal returns the normal form.
func (f *Fingerprint) Normal() string { return string(f.normal.out) }

// Jaccard returns the Jaccard index of two fingerprints, 0 to 1; two texts
// too short to be compared have 0.
func (f *Fingerprint) Jaccard(g *Fingerprint) float64 {
	return jaccard(common(f.shingles, g.shingles), len(f.shingles), len(g.shingles))
}

// jaccard is the index of two sets by their sizes and that of their meet.
func jaccard(both, a, b int) float64 {
	if a+b == 0 {
		return 0
	}
	return float64(both) / float64(a+b-both)
}

// reader turns texts into fingerprints. It is not changed by reading.
type reader struct {
	opt         Options
	perms       []permutation
	stride      int // bytes of a stored signature, a multiple of 8
	shingleSalt uint64
	phraseSalt  uint64
}

func newReader(opt Options) reader {
	n := opt.Bands * opt.Rows
	return reader{
		opt: opt, perms: permutations(n, mix64(opt.Seed^1)), stride: (n + 7) / 8 * 8,
		shingleSalt: mix64(opt.Seed ^ 2), phraseSalt: mix64(opt.Seed ^ 3),
	}
}

// Read reads a text into f, whose memory is reused; a nil f is allocated. It
// takes any string. Reading changes nothing in the index: several goroutines
// may read at once, each into its own fingerprint.
func (r *reader) Read(f *Fingerprint, text string) *Fingerprint {
	if f == nil {
		f = &Fingerprint{}
	}
	f.normal.mode, f.normal.limit = r.opt.Digits, r.opt.MaxRunes
	f.normal.read(text)
	n := &f.normal
	f.Runes, f.Digits, f.Cut, f.Repaired = n.runes, n.digits, n.cut, n.repaired
	f.grams, f.phrases, f.shingles, f.digest = f.grams[:0], f.phrases[:0], f.shingles[:0], 0
	f.signature = append(f.signature[:0], make([]byte, r.stride)...)
	if len(n.out) < r.opt.MinRunes {
		return f
	}
	f.grams = grams(f.grams, n.out, r.opt.Shingle, r.shingleSalt)
	slices.Sort(f.grams)
	f.grams = slices.Compact(f.grams)
	f.digest = golden
	for _, g := range f.grams {
		f.digest = mix64(f.digest ^ g)
		f.shingles = append(f.shingles, uint32(g>>32))
	}
	f.digest |= 1 // never the mark of a short text
	f.shingles = slices.Compact(f.shingles)
	sign(f.signature, f.grams, r.perms)
	if r.opt.Phrase != PhraseOff && len(n.out) >= r.opt.Phrase {
		f.phrases = grams(f.phrases, n.out, r.opt.Phrase, r.phraseSalt)
	}
	return f
}

// estimate returns the Jaccard index that two signatures suggest, 0 to 1: the
// share of equal bytes, less those that are equal by chance (Li and König
// 2010, with 8 bits).
func (r *reader) estimate(differ int) float64 {
	share := 1 - float64(differ)/float64(len(r.perms))
	return max(0, (share-1.0/256)/(1-1.0/256))
}
