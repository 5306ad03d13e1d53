package text

import (
	"errors"
	"math"
)

// Match is an earlier story.
type Match struct {
	ID   int64 // as given to Add
	Time int64 // when it became known
	// Jaccard is the index of the two sets of shingles, Options.Threshold to 1;
	// Estimate what the signatures say of it, 0 to 1.
	Jaccard, Estimate float64
}

// Likeness says what earlier stories are like the one in question.
type Likeness struct {
	// Found is true when there is a near duplicate: a story whose Jaccard index
	// is at least Options.Threshold. Nearest is the one with the greatest index,
	// among equals the latest, among those the greatest id.
	Found   bool
	Nearest Match
	// Near counts the near duplicates, every telling of a body.
	Near int
	// Estimate is the greatest estimated index of all candidates, near
	// duplicates or not; 0 when there was no candidate. Below Threshold it
	// is a hint: such stories are often not among the candidates.
	Estimate float64
}

// Answer is what an index says of a story.
type Answer struct {
	// Runes counts letters, marks and numbers.
	Runes int
	// DigitShare is the share of decimal digits among them, 0 to 1; NaN when
	// there are none.
	DigitShare float64
	// Compared is false for a text shorter than Options.MinRunes; everything
	// below is then zero.
	Compared bool
	// All is about every earlier story; Others leaves out those of the same
	// owner, and is the same as All for owner 0.
	All, Others Likeness
	// Limited is true when Options.Reach left stories out.
	Limited bool
	// Phrase is the longest stretch of the normal form (the first of equal
	// length) of which every run of Options.Phrase runes stands in at least
	// Options.Tellers earlier stories of other owners; "" when there is none or
	// phrases are off. The runs may come from different stories.
	Phrase      string
	PhraseRunes int
	// PhraseShare is the share of the story's runs of Options.Phrase runes that
	// are repeated so, 0 to 1; 0 for a shorter story.
	PhraseShare float64
}

// Ask answers for a story of an owner at an instant from what became known
// strictly before. It does not add the story. Instants and owners are those of
// Add; an instant before an earlier call's is refused with ErrPast.
func (x *Index) Ask(f *Fingerprint, at int64, owner uint64) (Answer, error) {
	if len(f.signature) != x.stride {
		return Answer{}, errors.New("cannot ask about a story: its fingerprint was read with other options; read it with this index")
	}
	if err := x.advance(at, "ask about a story"); err != nil {
		return Answer{}, err
	}
	a := Answer{Runes: f.Runes, DigitShare: math.NaN(), Compared: f.digest != 0}
	if f.Runes > 0 {
		a.DigitShare = float64(f.Digits) / float64(f.Runes)
	}
	if !a.Compared {
		return a, nil
	}
	number := uint32(0)
	if owner != 0 {
		number = x.owners.get(mix64(owner))
	}
	x.compare(&a, f, number)
	x.retold(&a, f, number)
	return a, nil
}

// surePruned is how far below the threshold an estimate must lie for the exact
// comparison to be left out: at 120 permutations 5 standard deviations.
const surePruned = 0.2

// compare fills in the likeness to earlier stories.
func (x *Index) compare(a *Answer, f *Fingerprint, owner uint32) {
	var room [512]uint32
	found, limited := x.bands.candidates(room[:0], f.signature, x.opt.Reach, x.kept)
	a.Limited = limited
	least := x.opt.Threshold - surePruned*max(1, math.Sqrt(120/float64(len(x.perms))))
	for _, c := range found {
		x.meet(a, f, int(c), owner, least)
	}
	if owner == 0 {
		a.Others = a.All
	}
}

// meet takes one more body into account, whose exact index is computed when its
// estimate is least or more.
func (x *Index) meet(a *Answer, f *Fingerprint, number int, owner uint32, least float64) {
	m := Match{Estimate: x.estimate(differing(x.bands.signatures.row(number), f.signature))}
	a.All.Estimate = max(a.All.Estimate, m.Estimate)
	b := x.bodies.all.at(number)
	if m.Estimate >= least {
		m.Jaccard = x.likeness(f.shingles, b)
	}
	near := m.Jaccard >= x.opt.Threshold
	if near {
		a.All.meet(m, b.latest(), int(x.bodies.tellings(b).count))
	}
	if owner == 0 || !near && m.Estimate <= a.Others.Estimate {
		return
	}
	last, n := x.byOthers(number, b, owner)
	if n == 0 {
		return
	}
	a.Others.Estimate = max(a.Others.Estimate, m.Estimate)
	if near {
		a.Others.meet(m, last, n)
	}
}

// kept reports whether a body has a telling that is not forgotten.
func (x *Index) kept(body uint32) bool {
	return x.opt.Keep == 0 || x.bodies.all.at(int(body)).time >= x.window.limit
}

// likeness returns the Jaccard index of a set and a body's, or 0 when their
// sizes alone keep it below the threshold.
func (x *Index) likeness(a []uint32, of *body) float64 {
	n := int(of.set.n)
	if float64(min(len(a), n))/float64(max(len(a), n)) < x.opt.Threshold {
		return 0
	}
	return jaccard(common(a, x.bodies.set(of)), len(a), n)
}

// byOthers returns the latest telling of a body by others than the owner, and
// how many there are.
func (x *Index) byOthers(number int, b *body, owner uint32) (last place, n int) {
	several := x.bodies.tellings(b)
	last = b.latest()
	if last.owner == owner {
		last = several.before
		if last.time == noTime || last.time < x.window.limit {
			return last, 0
		}
	}
	if b.again == 0 {
		return last, 1
	}
	return last, int(several.count - x.told.get(tellKey(number, owner)))
}

// meet takes a near duplicate into account.
func (l *Likeness) meet(m Match, last place, tellings int) {
	l.Near += tellings
	m.ID, m.Time = last.id, last.time
	best := &l.Nearest
	switch {
	case l.Found && m.Jaccard != best.Jaccard:
		if m.Jaccard < best.Jaccard {
			return
		}
	case l.Found && last.compare(place{time: best.Time, id: best.ID}) <= 0:
		return
	}
	l.Found, l.Nearest = true, m
}

// retold fills in what was told before in phrases.
func (x *Index) retold(a *Answer, f *Fingerprint, owner uint32) {
	n := x.opt.Phrase
	run, from, repeated := 0, 0, 0
	longest := 0
	for i, h := range f.phrases {
		if x.opt.Keep > 0 && !x.recent.repeated(h, owner, &x.window) || x.opt.Keep == 0 && !x.phrases.repeated(h, owner) {
			run = 0
			continue
		}
		repeated++
		run++
		if run > longest {
			longest, from = run, i-run+1
		}
	}
	if longest == 0 {
		return
	}
	a.PhraseRunes = longest + n - 1
	a.PhraseShare = float64(repeated) / float64(len(f.phrases))
	a.Phrase = string(f.normal.out[from : from+a.PhraseRunes])
}
