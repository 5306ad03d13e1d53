package synth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"
	"strconv"
)

// inquiry is whether a claim was investigated and how it ended.
type inquiry struct {
	why        int8  // place in whyWords; -1 when not investigated
	conclusion int8  // place in conclusionWords
	concluded  int64 // seconds since 1970
	propensity float64
	recovered  float64 // yuan; NaN when nothing
}

// Places in whyWords and conclusionWords.
const (
	whyNot      = -1
	whyOdd      = 0
	whyRandom   = 1
	whyReferral = 2

	refused      = 0
	withdrawn    = 1
	confirmed    = 2
	suspected    = 3
	cleared      = 4
	inconclusive = 5
	closed       = 6
)

// What investigations conclude, in the order of conclusionWords: of frauds .85
// are confirmed; of honest claims .98 are neither confirmed nor suspected.
var (
	fraudEnds  = []float64{.47, .25, .13, .05, .06, .04}
	honestEnds = []float64{.006, .001, .003, .010, .930, .050}
)

// The chances that somebody refers a claim that was not chosen otherwise.
const (
	fraudReferral  = 0.04
	honestReferral = 0.002
)

// The chance that a claim seems odd is logistic in its score with this slope,
// and never above maxOdd.
const (
	oddSlope = 2.3
	maxOdd   = 0.95
)

// oddScore is the investigators' rule: points for what they know to look at,
// at the report and at the survey.
func oddScore(c *claim) float64 {
	s := 0.0
	add := func(when bool, points float64) {
		if when {
			s += points
		}
	}
	add(c.coverDays() < 30, 1.2)
	add(c.band == nightBand, 0.8)
	add(c.band == nightBand && c.police == 0, 0.6)
	add(c.delay >= 3, 0.8)
	add(c.previous >= 2, 1.2)
	add(c.size > 1, 0.8)
	add(c.witnesses == 0, 0.2)
	add(c.tone == 1, 0.4)
	add(c.match == 1, 0.8)
	add(c.match == 2, 2)
	return s
}

// investigator returns the starter of functions that investigate and conclude
// claim i.
// Whether a claim seems odd is drawn with a logistic chance of its score, so
// the investigators' noise is in the recorded propensity and nowhere else.
func (s *simulation) investigator() func() func(i int) {
	scores := make([]float64, len(s.claims))
	var sample []float64
	stride := (len(s.claims) + sampleForIntercept - 1) / sampleForIntercept
	for i := range s.claims {
		scores[i] = times(oddSlope, oddScore(&s.claims[i]))
		if i%stride == 0 {
			sample = append(sample, scores[i])
		}
	}
	constant := intercept(sample, s.cfg.OddShare)
	return func() func(int) {
		audit := newAuditDraw(s.cfg)
		return func(i int) {
			c := &s.claims[i]
			d := roll(s.cfg.Seed, inquiryStream, c.slot)
			odd := min(maxOdd, logistic(scores[i]+constant))
			c.choose(&d, odd, audit.share, audit.chosen(i))
			c.conclude(&d)
		}
	}
}

// choose decides whether and why the claim is investigated. The random arm
// goes first: a claim that it draws counts as random even if it seems odd, so
// that the arm is a random sample. A referral depends on the truth, so its
// propensity is not known; every other claim, investigated or not, has the
// chance with which the rule or the arm would choose it.
func (c *claim) choose(d *dice, odd, share float64, random bool) {
	seemsOdd, referral := d.chance(odd), honestReferral
	if c.fraud() {
		referral = fraudReferral
	}
	referred := d.chance(referral)
	c.propensity = 1 - times(1-odd, 1-share)
	switch {
	case random:
		c.why = whyRandom
	case seemsOdd:
		c.why = whyOdd
	case referred:
		c.why, c.propensity = whyReferral, math.NaN()
	default:
		c.why = whyNot
	}
}

// Median days from report to conclusion.
const (
	closedDays   = 20
	honestDays   = 45
	fraudDays    = 68
	soonestAfter = 3600 // seconds from assessment to conclusion, at least
)

// conclude draws the conclusion, its time, and what was found.
func (c *claim) conclude(d *dice) {
	ends, days, sigma := honestEnds, float64(honestDays), 0.5
	if c.fraud() {
		ends, days = fraudEnds, fraudDays
	}
	c.conclusion = closed
	if c.why == whyNot {
		days, sigma = closedDays, 0.6
	} else {
		c.conclusion = int8(d.pick(ends))
	}
	c.concluded = c.reported + int64(times(daySeconds, d.logNormal(days, sigma)))
	c.concluded = max(c.concluded, c.assessed+soonestAfter)
	c.recovered = c.recoveredAt(d, c.conclusion)
}

// recoveredAt draws what a conclusion saves or recovers in yuan, NaN when nothing.
func (c *claim) recoveredAt(d *dice, conclusion int8) float64 {
	low, high := 0.0, 0.0
	switch conclusion {
	case refused, withdrawn:
		low, high = 0.95, 1
	case confirmed:
		low, high = 0.3, 0.9
	case suspected:
		low, high = 0.05, 0.3
	default:
		return math.NaN()
	}
	return 10 * math.Floor(times(c.claimed, d.between(low, high))/10)
}

// auditDraw decides the random arm by a keyed hash of the claim id.
type auditDraw struct {
	mac   hash.Hash
	share float64
	id    []byte
}

func newAuditDraw(cfg Config) *auditDraw {
	key := "claimsieve data synth, random arm, seed " + strconv.FormatUint(cfg.Seed, 10)
	return &auditDraw{mac: hmac.New(sha256.New, []byte(key)), share: max(0, cfg.AuditShare)}
}

// chosen reports whether claim i belongs to the random arm.
func (a *auditDraw) chosen(i int) bool {
	a.mac.Reset()
	a.id = writeClaimID(a.id[:0], i)
	a.mac.Write(a.id)
	var sum [sha256.Size]byte
	u := binary.BigEndian.Uint64(a.mac.Sum(sum[:0])) >> 11
	return float64(u)/(1<<53) < a.share
}
