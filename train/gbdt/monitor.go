package gbdt

import (
	"cmp"
	"math"
	"slices"

	"claimsieve/models/forest"
	"claimsieve/screen/portable"
)

// monitor follows the metric on the validation samples.
type monitor struct {
	metric  Metric
	samples Samples
	scores  []float64
	step    []float64 // output of the latest tree
	order   []int32   // rows by falling score, for the AUC
	best    float64
	seen    bool
}

func newMonitor(metric Metric, s Samples) *monitor {
	n := s.X.Rows()
	m := &monitor{metric: metric, samples: s, scores: make([]float64, n), step: make([]float64, n), order: make([]int32, n)}
	for i := range m.order {
		m.order[i] = int32(i)
	}
	return m
}

// add moves the scores by the tree and returns the metric, and whether it is
// better than ever before. The scores get the bits that the forest gives.
func (m *monitor) add(f *forest.Forest, tree *forest.Tree, threads int) (value float64, better bool) {
	single := forest.Forest{Features: f.Features, Categories: f.Categories, Trees: []forest.Tree{*tree}}
	single.RawBatch(m.step, m.samples.X.Columns, threads)
	for i, v := range m.step {
		m.scores[i] += v
	}
	if m.metric == MetricAUC {
		value = m.auc()
		better = !m.seen || value > m.best
	} else {
		value = m.logLoss(threads)
		better = !m.seen || value < m.best
	}
	if better {
		m.best, m.seen = value, true
	}
	return value, better
}

// logLoss returns the weighted mean log loss in nats; 0 when all weights are 0.
func (m *monitor) logLoss(threads int) float64 {
	sums := make([][2]float64, chunks(len(m.scores)))
	eachChunk(threads, len(m.scores), func(c, begin, end int) {
		for i := begin; i < end; i++ {
			w := m.samples.weight(i)
			sums[c][0] += float64(w * rowLoss(m.scores[i], m.samples.Y[i]))
			sums[c][1] += w
		}
	})
	var loss, weight float64
	for _, s := range sums {
		loss += s[0]
		weight += s[1]
	}
	if weight == 0 {
		return 0
	}
	return loss / weight
}

// rowLoss is -ln of the probability that the score (log-odds) gives to y.
func rowLoss(score, y float64) float64 {
	if y == 1 {
		score = -score
	}
	// ln(1 + e^s) without overflow.
	return max(score, 0) + portable.Log(1+portable.Exp(-math.Abs(score)))
}

// auc returns the weighted share of pairs (outcome 1, outcome 0) in which the
// first has the higher score; equal scores count half.
func (m *monitor) auc() float64 {
	slices.SortFunc(m.order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(m.scores[b], m.scores[a]), cmp.Compare(a, b))
	})
	var pairs, above, all0 float64 // above: weight of outcome 1 with a higher score
	for i := 0; i < len(m.order); {
		var tied [2]float64
		score := m.scores[m.order[i]]
		for ; i < len(m.order) && m.scores[m.order[i]] == score; i++ {
			r := int(m.order[i])
			tied[int(m.samples.Y[r])] += m.samples.weight(r)
		}
		pairs += float64(tied[0] * (above + float64(tied[1]/2)))
		above += tied[1]
		all0 += tied[0]
	}
	return pairs / (above * all0)
}
