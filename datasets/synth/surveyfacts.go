package synth

// surveyFacts is what a survey finds beside what the claim itself holds. They
// are a function of the claim and drawn again wherever they are needed.
type surveyFacts struct {
	surveyor   int // of the surveyors
	minutes    int
	impacts    int // points of impact; 0 where nothing hit the vehicle
	airbag     bool
	agree      bool // the parties' statements
	met        bool // there is another party
	acquainted bool // the parties were acquainted
}

// The survey's facts by kind of claim: how many points of impact (1 to 4), and
// how often statements disagree and parties turn out to know each other.
var (
	impactOdds       = [4][]float64{{.80, .15, .04, .01}, {.62, .26, .09, .03}, {.66, .24, .07, .03}, {.58, .28, .10, .04}}
	disagreementOdds = [4]float64{.05, .16, .22, .08}
	acquaintedOdds   = [4]float64{.015, .04, .30, .02}
)

// Median minutes of a survey on the scene and of a remote one.
const (
	sceneMinutes  = 35
	remoteMinutes = 14
)

// survey draws the facts of a claim that was surveyed.
func (w *world) survey(c *claim) surveyFacts {
	d := roll(w.cfg.Seed, surveyStream, c.slot)
	f := surveyFacts{surveyor: w.accompliceOr(c, surveyorOccasion, w.staff.surveyors, ringSurveyorPct)}
	median := float64(sceneMinutes)
	if c.method == 1 {
		median = remoteMinutes
	}
	if c.kind == staged { // everything is prepared
		median *= 0.75
	}
	f.minutes = 1 + int(d.logNormal(median, 0.4))
	points := 1 + d.pick(impactOdds[c.kind])
	if c.collision() || c.accident == parkedAccident || c.accident == scratchAccident {
		f.impacts = points
	}
	f.airbag = d.chance(airbagOdds(c))
	f.agree = !d.chance(disagreementOdds[c.kind])
	f.met = c.twoSided()
	f.acquainted = f.met && d.chance(acquaintedOdds[c.kind])
	return f
}

// airbagOdds is the chance that the airbag opened: it grows with the loss, and
// an accident that was staged is a slow one.
func airbagOdds(c *claim) float64 {
	odds := 0.01
	switch {
	case !c.collision():
		return 0
	case c.size > 1.5:
		odds = 0.35
	case c.size > 0.5:
		odds = 0.08
	}
	if c.kind == staged {
		odds *= 0.3
	}
	return odds
}

// collision reports whether the vehicle was moving and hit something.
func (c *claim) collision() bool { return c.accident <= singleAccident || c.accident == injuryAccident }

// twoSided reports whether somebody else is sure to be part of the accident.
func (c *claim) twoSided() bool {
	return c.accident < singleAccident || c.accident == injuryAccident || c.reporter == thirdReporter
}
