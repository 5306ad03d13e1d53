package metric

import (
	"fmt"
	"math"
)

// Bin is rows of neighbouring probabilities.
type Bin struct {
	Rows     float64 `json:"rows"`
	Expected float64 `json:"expected"` // mean probability
	Observed Rate    `json:"observed"` // share of frauds
}

// Reliability says how far probabilities are from shares of frauds.
type Reliability struct {
	Bins []Bin `json:"bins"`
	// ECE (期望校准误差) is the mean over rows of |mean probability - share of
	// frauds| of their bin. It is above 0 by chance alone: compare it only at
	// equal numbers of rows.
	ECE Optional `json:"ece"`
	// Debiased is the mean of the squared difference less the part that chance
	// adds, ybar(1-ybar)/(n-1) of each bin (Kumar, Liang and Ma 2019). Its
	// expectation is 0 for a calibrated model, so that it may be negative.
	Debiased Optional `json:"debiased_squared"`
	// SpiegelhalterZ is standard normal for a calibrated model (Spiegelhalter 1986).
	SpiegelhalterZ Optional `json:"spiegelhalter_z"`
}

// CalibrationError compares probabilities with outcomes in at most the given
// number of bins (>= 1) of equal mass. Rows of one probability stay in one
// bin, so that the order of rows does not matter; there are then fewer bins.
func CalibrationError(p, y, weight []float64, bins int) (Reliability, error) {
	if err := checkProbabilities("the calibration error", p, y, weight); err != nil {
		return Reliability{ECE: nan, Debiased: nan, SpiegelhalterZ: nan}, err
	}
	if bins < 1 {
		return Reliability{ECE: nan, Debiased: nan, SpiegelhalterZ: nan}, fmt.Errorf("cannot measure the calibration error: %d bins: want at least 1", bins)
	}
	r, err := Rank(p, y, weight)
	if err != nil {
		return Reliability{ECE: nan, Debiased: nan, SpiegelhalterZ: nan}, err
	}
	out := Reliability{Bins: r.bins(bins), SpiegelhalterZ: Optional(r.spiegelhalter())}
	n := r.pos + r.neg
	var ece, squared float64
	for _, b := range out.Bins {
		share := b.Rows / n
		d := b.Expected - b.Observed.Value
		chance := 0.0
		if b.Rows > 1 {
			chance = float64(b.Observed.Value*(1-b.Observed.Value)) / (b.Rows - 1)
		}
		ece += float64(share * math.Abs(d))
		squared += float64(share * (float64(d*d) - chance))
	}
	if n == 0 {
		ece, squared = math.NaN(), math.NaN()
	}
	out.ECE, out.Debiased = Optional(ece), Optional(squared)
	return out, nil
}

// bins cuts the ranking, from low to high, where the mass passes k/bins.
func (r *Ranking) bins(bins int) []Bin {
	var out []Bin
	var rows, pos, sum, passed float64
	total := r.pos + r.neg
	for i := len(r.groups) - 1; i >= 0; i-- {
		g := r.groups[i]
		n := g.pos + g.neg
		rows += n
		pos += g.pos
		sum += float64(n * g.score)
		passed += n
		if i == 0 || float64(passed*float64(bins)) >= float64(total*float64(len(out)+1)) {
			out = append(out, Bin{Rows: rows, Expected: sum / rows, Observed: NewRate(pos, rows)})
			rows, pos, sum = 0, 0, 0
		}
	}
	return out
}

func (r *Ranking) spiegelhalter() float64 {
	var top, variance float64
	for _, g := range r.groups {
		p, n := g.score, g.pos+g.neg
		slope := 1 - 2*p
		top += float64((g.pos - float64(n*p)) * slope)
		variance += float64(float64(float64(n*p)*(1-p)) * float64(slope*slope))
	}
	if variance == 0 {
		return math.NaN()
	}
	return top / math.Sqrt(variance)
}
