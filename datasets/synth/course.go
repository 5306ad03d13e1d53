package synth

import "math"

// course is what becomes of a claim after its report. Times are 0 until they
// are known.
type course struct {
	surveyed, assessed int64
	method             int8 // -1 when nobody surveyed
	match, scene       int8
	injured            int8
	claimed            float64 // yuan
	parts              float64 // share of parts in the claimed amount, 0 to 1
	direct             bool    // paid to the repair shop
}

// The survey's findings by kind of claim.
var (
	matchOdds = [4][]float64{{.93, .06, .01}, {.72, .20, .08}, {.60, .25, .15}, {.84, .12, .04}}
	sceneOdds = [4][]float64{{.55, .35, .10}, {.40, .40, .20}, {.25, .50, .25}, {.45, .45, .10}}
)

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
	c.claimed = 10 * math.Floor(times(amount, d.between(low, high))/10)
	c.claimed = max(100, c.claimed)
	c.parts = math.Floor(1000*max(0, min(1, share+times(0.15, d.normal())))) / 1000
	c.direct = d.chance(0.35)
}

// repaired reports whether a repair shop has to do with the claim.
func (c *claim) repaired() bool { return c.accident != theftAccident }
