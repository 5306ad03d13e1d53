package metric

import (
	"cmp"
	"math"
	"slices"
)

// plan is rows in order of score, to measure many weights of the same scores
// in one pass each.
type plan struct {
	order []int
	tied  []bool // the row has the score of the one before it
}

func planOf(score []float64) plan {
	p := plan{order: make([]int, len(score)), tied: make([]bool, len(score))}
	for i := range p.order {
		p.order[i] = i
	}
	slices.SortFunc(p.order, func(a, b int) int {
		return cmp.Or(cmp.Compare(score[b], score[a]), cmp.Compare(a, b))
	})
	for k := 1; k < len(score); k++ {
		p.tied[k] = score[p.order[k]] == score[p.order[k-1]]
	}
	return p
}

// walk gives the weight of frauds and of others of each distinct score, from
// high to low. A nil draw is one each.
func (p plan) walk(y, weight, draw []float64, score func(pos, neg float64)) {
	var pos, neg float64
	for k, i := range p.order {
		if k > 0 && !p.tied[k] {
			score(pos, neg)
			pos, neg = 0, 0
		}
		w := weightAt(weight, i)
		if draw != nil {
			w *= draw[i]
		}
		if y[i] == 1 {
			pos += w
		} else {
			neg += w
		}
	}
	score(pos, neg)
}

func (p plan) auc(y, weight, draw []float64) float64 {
	var above, others, area float64
	p.walk(y, weight, draw, func(pos, neg float64) {
		area += float64(neg * (above + pos/2))
		above += pos
		others += neg
	})
	if above == 0 || others == 0 {
		return math.NaN()
	}
	return area / float64(above*others)
}

func (p plan) averagePrecision(y, weight, draw []float64) float64 {
	var hits, alerts, sum float64
	p.walk(y, weight, draw, func(pos, neg float64) {
		hits += pos
		alerts += pos + neg
		if pos > 0 {
			sum += float64(pos * (hits / alerts))
		}
	})
	return sum / hits // NaN without frauds
}
