package synth

import (
	"cmp"
	"context"
)

// simulation is a world and its claims in the order of report.
type simulation struct {
	*world
	claims   []claim
	policies int // with the staged claims' own
}

// simulate runs the whole mechanism. The configuration is complete and valid.
// progress hears how much is done of two times the claims.
func simulate(ctx context.Context, cfg Config, progress func(done int)) (*simulation, error) {
	s := &simulation{world: newWorld(cfg)}
	s.claims = make([]claim, cfg.Claims)
	seen := make([]signs, cfg.Claims) // by slot
	err := each(ctx, cfg.Claims, claimStep, func() func(int) {
		return func(i int) { s.claims[i], seen[i] = s.report(i) }
	}, progress)
	if err != nil {
		return nil, err
	}
	if err := s.sortByReport(ctx); err != nil {
		return nil, err
	}
	s.countPrevious()
	s.drawTruth(seen)
	s.policies = s.basePolicies
	for i := range s.claims {
		if c := &s.claims[i]; c.policy < 0 {
			c.policy = int32(s.policies)
			s.policies++
		}
	}
	err = each(ctx, cfg.Claims, claimStep, func() func(int) {
		proceed := s.proceeder()
		return func(i int) { proceed(&s.claims[i]) }
	}, func(int) {})
	if err != nil {
		return nil, err
	}
	return s, each(ctx, cfg.Claims, claimStep, s.investigator(), func(n int) { progress(cfg.Claims + n) })
}

// sortByReport brings the claims into the order of report; of claims reported
// in the same second the earlier slot comes first.
func (s *simulation) sortByReport(ctx context.Context) error {
	type place struct {
		reported int64
		slot     int32
	}
	places, err := inOrder(ctx, s.firstDay, s.lastDay, func(add func(int, place)) {
		for i := range s.claims {
			add(dayOf(s.claims[i].reported), place{s.claims[i].reported, int32(i)})
		}
	}, func(a, b place) int { return cmp.Or(cmp.Compare(a.reported, b.reported), cmp.Compare(a.slot, b.slot)) })
	if err != nil {
		return err
	}
	order := make([]int32, len(places))
	for i, p := range places {
		order[i] = p.slot
	}
	permute(s.claims, order)
	return nil
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
// its chance of fraud. seen is by slot.
func (s *simulation) drawTruth(seen []signs) {
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
		p, sign := logistic(logits[i]+constant), &seen[c.slot]
		if c.kind == honest && sign.luck < p {
			c.kind = opportunist
		}
		stagedPart := times(times(times(share, stagedShare), stagedPressure(s.place(c.reported))), sign.lr.staged)
		rings := stagedPart + times(times(share, shoppedShare), sign.lr.shopped)
		base := 1 - ringShare
		c.chance = (rings + times(base, p)) / (rings + base)
	}
}
