package synth

import "math"

// course is what becomes of a claim after its report. Times are 0 until they
// are known.
type course struct {
	surveyed, assessed int64
	method             int8 // -1 when nobody surveyed
	match, scene       int8
	injured            int8
	severity           int8    // place in severityWords
	damage             float64 // yuan that the repair is worth
	claimed            float64 // yuan
	parts              float64 // share of parts in the claimed amount, 0 to 1
	direct             bool    // paid to the repair shop
	intermediary       bool    // somebody handles the claim for the insured
	payee              int     // person
}

// The survey's findings by kind of claim.
var (
	matchOdds = [4][]float64{{.93, .06, .01}, {.72, .20, .08}, {.60, .25, .15}, {.84, .12, .04}}
	sceneOdds = [4][]float64{{.55, .35, .10}, {.40, .40, .20}, {.25, .50, .25}, {.45, .45, .10}}
)

// proceeder returns a function that draws the survey and the assessment of a
// claim, and who is to be paid.
func (w *world) proceeder() func(c *claim) {
	var parties []partyRow
	return func(c *claim) {
		w.proceed(c)
		parties, c.payee = w.appendParties(parties[:0], 0, c)
	}
}

// proceed draws the survey and the assessment.
func (w *world) proceed(c *claim) {
	d := roll(w.cfg.Seed, courseStream, c.slot)
	after := c.reported
	c.method, c.match, c.scene, c.injured = -1, -1, -1, 0
	if c.accident == injuryAccident {
		c.injured = int8(1 + d.pick([]float64{.7, .2, .1}))
	}
	if d.chance(0.7) {
		c.surveyed = after + int64(3600+d.below(3*daySeconds))
		c.method = int8(d.pick([]float64{.45, .55}))
		c.match = int8(d.pick(matchOdds[c.kind]))
		c.scene = int8(d.pick(sceneOdds[c.kind]))
		after = c.surveyed
	}
	c.assessed = after + int64(daySeconds+times(daySeconds, d.logNormal(4, 0.6)))
	low, high := 1.0, 1.0
	share := 0.45
	switch c.kind {
	case opportunist:
		low, high = 1.15, 1.7
	case staged:
		low, high = 1.05, 1.5
	case shopped:
		low, high, share = 1.25, 1.9, 0.6
	}
	amount := times(c.estimate, exp(times(0.2, d.normal())))
	c.damage = amount
	c.claimed = 10 * math.Floor(times(amount, d.between(low, high))/10)
	c.claimed = max(100, c.claimed)
	c.parts = math.Floor(1000*max(0, min(1, share+times(0.15, d.normal())))) / 1000
	c.direct = d.chance(0.35)
	if c.injured > 0 {
		c.severity = slightInjury + int8(d.pick(severityOdds[c.kind]))
	}
	odds := intermediaryOdds[c.kind]
	if c.injured > 0 {
		odds += 0.12
	}
	c.intermediary = d.chance(odds)
}

// Injuries (slight, serious, fatal) and intermediaries by kind of claim. Who
// stages an accident takes care not to be hurt.
var (
	severityOdds     = [4][]float64{{.80, .17, .03}, {.84, .14, .02}, {.96, .04, 0}, {.80, .17, .03}}
	intermediaryOdds = [4]float64{.03, .09, .14, .10}
)

// repaired reports whether a repair shop has to do with the claim.
func (c *claim) repaired() bool { return c.accident != theftAccident }
