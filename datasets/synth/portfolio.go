package synth

import (
	"cmp"
	"context"
	"slices"
)

// simulation is a world and its claims in the order of report.
type simulation struct {
	*world
	claims   []claim
	policies int // with the staged claims' own
}

// simulate runs the whole mechanism. The configuration is complete and valid.
func simulate(ctx context.Context, cfg Config, progress func(done, total int)) (*simulation, error) {
	s := &simulation{world: newWorld(cfg)}
	drawn := make([]claim, cfg.Claims)
	total := 2 * cfg.Claims
	err := each(ctx, cfg.Claims, func() func(int) {
		return func(i int) { drawn[i] = s.report(i) }
	}, func(n int) { progress(n, total) })
	if err != nil {
		return nil, err
	}
	s.claims = sorted(drawn, func(c *claim) uint64 { return uint64(c.reported) })
	s.countPrevious()
	s.drawTruth()
	s.policies = s.basePolicies
	for i := range s.claims {
		if c := &s.claims[i]; c.policy < 0 {
			c.policy = int32(s.policies)
			s.policies++
		}
	}
	err = each(ctx, cfg.Claims, func() func(int) {
		return func(i int) { s.proceed(&s.claims[i]) }
	}, func(int) {})
	if err != nil {
		return nil, err
	}
	return s, each(ctx, cfg.Claims, s.investigator(), func(n int) { progress(cfg.Claims+n, total) })
}

// sorted returns the rows in ascending order of their keys; ties keep their order.
func sorted[R any](rows []R, key func(*R) uint64) []R {
	type place struct {
		key uint64
		at  int
	}
	places := make([]place, len(rows))
	for i := range rows {
		places[i] = place{key(&rows[i]), i}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.at, b.at)) })
	out := make([]R, len(rows))
	for i, p := range places {
		out[i] = rows[p.at]
	}
	return out
}

// countPrevious counts, for each claim, the claims of the same insured that
// were reported within the 365 days before, as the claims system knew at the
// report: strictly earlier.
func (s *simulation) countPrevious() {
	last := make([]int32, s.n.agent(0)) // by person, one more than the index; 0 is none
	before := make([]int32, len(s.claims))
	for i := range s.claims {
		c := &s.claims[i]
		before[i] = last[c.holder] - 1
		last[c.holder] = int32(i) + 1
		for j := before[i]; j >= 0 && c.reported-s.claims[j].reported <= 365*daySeconds; j = before[j] {
			if s.claims[j].reported < c.reported {
				c.previous++
			}
		}
	}
}

// sampleForIntercept bounds how many claims the intercept is found from.
const sampleForIntercept = 20_000

// drawTruth decides which base claims are opportunists' and gives every claim
// its chance of fraud.
func (s *simulation) drawTruth() {
	share := s.cfg.FraudShare
	logits := make([]float64, len(s.claims))
	var sample []float64
	stride := (len(s.claims) + sampleForIntercept - 1) / sampleForIntercept
	for i := range s.claims {
		c := &s.claims[i]
		logits[i] = opportunistLogit(c, s.place(c.reported))
		if c.kind == honest && i%stride == 0 {
			sample = append(sample, logits[i])
		}
	}
	ringShare := times(share, stagedShare+shoppedShare)
	constant := intercept(sample, (share-ringShare)/(1-ringShare))
	for i := range s.claims {
		c := &s.claims[i]
		p := logistic(logits[i] + constant)
		if c.kind == honest && c.luck < p {
			c.kind = opportunist
		}
		stagedPart := times(times(times(share, stagedShare), stagedPressure(s.place(c.reported))), c.lr.staged)
		rings := stagedPart + times(times(share, shoppedShare), c.lr.shopped)
		base := 1 - ringShare
		c.chance = (rings + times(base, p)) / (rings + base)
	}
}
