package metric

import (
	"cmp"
	"math"
	"slices"
)

// Ranking is rows sorted once by score: everything that depends on the order
// of scores alone is read from it. It is read-only after [Rank].
type Ranking struct {
	groups   []group // one per distinct score, from high to low
	pos, neg float64 // weight of frauds and of others
}

// group is the rows of one score.
type group struct {
	score, pos, neg float64
}

type rankedRow struct{ score, y, weight float64 }

// Rank sorts the rows. It copies what it needs. Equal rows in any order give
// the same bits.
func Rank(score, y, weight []float64) (*Ranking, error) {
	if err := checkRows("a ranking", score, y, weight); err != nil {
		return nil, err
	}
	rows := make([]rankedRow, 0, len(score))
	for i, s := range score {
		if w := weightAt(weight, i); w > 0 {
			rows = append(rows, rankedRow{s + 0, y[i], w}) // + 0 makes -0 equal to 0
		}
	}
	slices.SortFunc(rows, func(a, b rankedRow) int {
		if c := cmp.Compare(b.score, a.score); c != 0 {
			return c
		}
		if c := cmp.Compare(a.y, b.y); c != 0 {
			return c
		}
		return cmp.Compare(a.weight, b.weight)
	})
	r := &Ranking{}
	for i, row := range rows {
		if i == 0 || row.score != rows[i-1].score {
			r.groups = append(r.groups, group{score: row.score})
		}
		g := &r.groups[len(r.groups)-1]
		if row.y == 1 {
			g.pos += row.weight
		} else {
			g.neg += row.weight
		}
	}
	for _, g := range r.groups {
		r.pos += g.pos
		r.neg += g.neg
	}
	return r, nil
}

// AUC is the chance that a fraud ranks above another row, ties counting half,
// with DeLong's interval of 95 % (DeLong, DeLong and Clarke-Pearson 1988, in
// the form over ranks of Sun and Xu 2014), cut to [0, 1]. At a perfect
// separation that variance is 0; the interval is then the exact one of
// min(frauds, others) independent pairs all in the right order. NaN when a
// class is empty; Insufficient when a class has fewer than MinCases rows.
func (r *Ranking) AUC() Estimate { return r.AUCAt(Level) }

// AUCAt is [Ranking.AUC] with an interval of the given coverage.
func (r *Ranking) AUCAt(level float64) Estimate {
	if r.pos == 0 || r.neg == 0 {
		return undefined()
	}
	auc := r.auc()
	e := Estimate{Value: auc, Low: math.NaN(), High: math.NaN(), Insufficient: min(r.pos, r.neg) < MinCases}
	pairs := min(r.pos, r.neg)
	exact := math.Pow((1-level)/2, 1/pairs)
	switch {
	case auc == 1:
		e.Low, e.High = exact, 1
	case auc == 0:
		e.Low, e.High = 0, 1-exact
	case r.pos > 1 && r.neg > 1:
		half := normalDeviate(level) * math.Sqrt(r.delong(auc))
		e.Low, e.High = max(0, auc-half), min(1, auc+half)
	}
	return e
}

func (r *Ranking) auc() float64 {
	var above, area float64 // weight of frauds with a higher score
	for _, g := range r.groups {
		area += float64(g.neg * (above + g.pos/2))
		above += g.pos
	}
	return min(1, area/float64(r.pos*r.neg))
}

// delong is the variance of the AUC: the spread of each fraud's share of
// others below it over the frauds, and the other way round.
func (r *Ranking) delong(auc float64) float64 {
	var above, passed, spreadPos, spreadNeg float64
	for _, g := range r.groups {
		below := r.neg - passed - g.neg
		v10 := (below + g.neg/2) / r.neg
		v01 := (above + g.pos/2) / r.pos
		spreadPos += float64(g.pos * float64((v10-auc)*(v10-auc)))
		spreadNeg += float64(g.neg * float64((v01-auc)*(v01-auc)))
		above += g.pos
		passed += g.neg
	}
	return spreadPos/(r.pos-1)/r.pos + spreadNeg/(r.neg-1)/r.neg
}

// Gini is 2 AUC - 1 with the interval of the AUC.
func (r *Ranking) Gini() Estimate {
	a := r.AUC()
	return Estimate{2*a.Value - 1, 2*a.Low - 1, 2*a.High - 1, a.Insufficient}
}

// KS is the largest difference between recall and false-positive rate over all
// thresholds (0 to 1 for a score that is high for frauds, the absolute value is
// taken), and the highest threshold at which it is reached. NaN, NaN when a
// class is empty.
func (r *Ranking) KS() (value, threshold float64) {
	if r.pos == 0 || r.neg == 0 {
		return math.NaN(), math.NaN()
	}
	var pos, neg float64
	value = -1
	for _, g := range r.groups {
		pos += g.pos
		neg += g.neg
		if d := math.Abs(pos/r.pos - neg/r.neg); d > value {
			value, threshold = d, g.score
		}
	}
	return value, threshold
}

// AveragePrecision is the sum over distinct thresholds of the gain in recall
// times the precision there, without interpolation, with the logit interval of
// Boyd, Eng and Page (2013): standard error 1/sqrt(frauds*AP*(1-AP)) of the
// log-odds. NaN without frauds; Insufficient below MinCases frauds.
func (r *Ranking) AveragePrecision() Estimate {
	if r.pos == 0 {
		return undefined()
	}
	var pos, all, sum float64
	for _, g := range r.groups {
		pos += g.pos
		all += g.pos + g.neg
		sum += float64(g.pos * (pos / all))
	}
	e := Estimate{Value: min(1, sum/r.pos), Insufficient: r.pos < MinCases}
	e.Low, e.High = AveragePrecisionInterval(e.Value, r.pos, Level)
	return e
}

// AveragePrecisionInterval returns the logit interval of an average precision
// in (0, 1) found on the given number of frauds (Boyd, Eng and Page 2013);
// NaN, NaN outside of (0, 1).
func AveragePrecisionInterval(ap, frauds, level float64) (low, high float64) {
	return LogitInterval(ap, 1/math.Sqrt(float64(frauds*ap)*(1-ap)), level)
}

// AUC ranks the rows and returns [Ranking.AUC].
func AUC(score, y, weight []float64) (Estimate, error) {
	r, err := Rank(score, y, weight)
	if err != nil {
		return undefined(), err
	}
	return r.AUC(), nil
}

// AveragePrecision ranks the rows and returns [Ranking.AveragePrecision].
func AveragePrecision(score, y, weight []float64) (Estimate, error) {
	r, err := Rank(score, y, weight)
	if err != nil {
		return undefined(), err
	}
	return r.AveragePrecision(), nil
}
