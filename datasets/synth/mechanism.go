package synth

// The mechanism. A ring's claim differs from the base portfolio by a tilt: each
// fact of the claim is drawn from its base distribution multiplied by a weight
// for each level. The likelihood ratio of a claim's facts between ring and base
// is then the product of weight over normaliser, exactly, which gives the
// truth's true_probability. An opportunist is drawn from the base claims with a
// probability given by log-odds of the facts (see opportunistLogit).

// kind is what a claim is in truth.
type kind uint8

const (
	honest kind = iota
	opportunist
	staged  // by a staged-accident ring
	shopped // inflated by a repair-shop ring
)

// The shares of fraud by kind; the rest of it is opportunists'.
const (
	stagedShare  = 0.25
	shoppedShare = 0.20
)

// levels of a fact: weights of the base portfolio and of the two kinds of ring.
// A nil weight list means that the ring is as the base.
type fact struct {
	base    []float64
	staged  []float64
	shopped []float64
}

// ratios are the likelihood ratios of a claim's facts, ring to base.
type ratios struct{ staged, shopped float64 }

// draw picks a level of f for a claim of kind k from the base distribution
// given (f.base when nil) and multiplies the ratios by the level's.
func (f *fact) draw(d *dice, k kind, base []float64, lr *ratios) int {
	if base == nil {
		base = f.base
	}
	weights := base
	var tilted [12]float64
	if tilt := f.tilt(k); tilt != nil {
		for i := range base {
			tilted[i] = times(base[i], tilt[i])
		}
		weights = tilted[:len(base)]
	}
	level := d.pick(weights)
	f.weigh(level, base, lr)
	return level
}

// weigh multiplies lr by the likelihood ratios of a level.
func (f *fact) weigh(level int, base []float64, lr *ratios) {
	if base == nil {
		base = f.base
	}
	lr.staged *= ratio(f.staged, base, level)
	lr.shopped *= ratio(f.shopped, base, level)
}

func (f *fact) tilt(k kind) []float64 {
	switch k {
	case staged:
		return f.staged
	case shopped:
		return f.shopped
	}
	return nil
}

func ratio(tilt, base []float64, level int) float64 {
	if tilt == nil {
		return 1
	}
	sum, norm := 0.0, 0.0
	for i, b := range base {
		sum += b
		norm += times(b, tilt[i])
	}
	return times(tilt[level], sum) / norm
}

// The facts of a claim, levels in the order of the words in words.go.
var (
	regionFact = fact{
		base:    []float64{.16, .10, .18, .13, .17, .11, .07, .08},
		staged:  []float64{.6, .7, .6, 2.4, .6, .7, .7, 2.2},
		shopped: []float64{.7, 2.4, .7, .7, .7, 2.2, .7, .7},
	}
	channelFact = fact{
		base:   []float64{.40, .12, .25, .08, .15},
		staged: []float64{.7, 1.4, .4, 1.2, 2.6},
	}
	bandFact = fact{
		base:   []float64{.10, .17, .48, .25},
		staged: []float64{3.5, .7, .7, 1.1},
	}
	accidentFact = fact{
		base:    []float64{.30, .22, .15, .14, .07, .01, .02, .01, .08},
		staged:  []float64{1.6, 1.6, .5, .3, .4, .5, .5, .5, 1.5},
		shopped: []float64{.4, .5, 3, 2, 3, .02, 3, .5, .3},
	}
	policeFact = fact{ // no, yes; the base depends on the accident
		staged:  []float64{1.7, .3},
		shopped: []float64{1.3, .6},
	}
	witnessFact = fact{
		base:    []float64{.55, .27, .12, .06},
		staged:  []float64{1.5, .5, .3, .2},
		shopped: []float64{1.2, .8, .7, .6},
	}
	delayFact = fact{ // under 2 hours, a day, 3 days, 10 days, 70 days
		base:    []float64{.62, .22, .10, .045, .015},
		staged:  []float64{.8, 1.1, 1.4, 1.8, 1.5},
		shopped: []float64{.5, 1.2, 2, 2.8, 3},
	}
	reporterFact = fact{
		base:    []float64{.60, .18, .07, .05, .10},
		staged:  []float64{.8, 1.8, 1, 1.3, .5},
		shopped: []float64{.5, .5, 7, .4, .9},
	}
	sizeFact = fact{ // standard normal size of the loss: below 0, 1, 2, above
		base:    []float64{.5, .3413, .1359, .0228},
		staged:  []float64{.8, 1, 1.7, 2.5},
		shopped: []float64{.5, 1.2, 2.2, 3},
	}
	toneFact = fact{ // clear, vague
		base:    []float64{.85, .15},
		staged:  []float64{.8, 2.2},
		shopped: []float64{.9, 1.6},
	}
	coverDaysFact = fact{ // days since the policy began: below 7, 30, 90, 330, 365
		base:   []float64{7, 23, 60, 240, 35},
		staged: []float64{14, 7, 2, .4, .3},
	}
	weatherFact = fact{ // the base depends on the month and the accident
		staged: []float64{1.1, .8, .5, .8},
	}
	roadFact = fact{ // the base depends on the accident
		staged: []float64{.8, .5, 2.4, 1},
	}
)

// policeBase is the chance of a police report by accident type.
var policeBase = []float64{.35, .35, .20, .08, .10, .95, .15, .70, .90}

// opportunistLogit returns the log-odds, but for the intercept, that a base
// claim's insured exaggerates. at is the claim's place in the period, 0 to 1:
// fraud drifts upwards, the night's effect fades, and the online channel's
// appears after the middle.
func opportunistLogit(c *claim, at float64) float64 {
	s := times(0.4, at)
	add := func(when bool, weight float64) {
		if when {
			s += weight
		}
	}
	days := c.coverDays()
	night := c.band == nightBand
	add(days < 30, 1.1)
	add(days < 7, 0.7)
	add(days >= 330, 0.6)
	add(night, 1.0-times(0.7, at))
	add(night && c.police == 0, 0.9)
	add(night && c.driverAge < 26, 0.8)
	add(c.delay == 2, 0.5)
	add(c.delay >= 3, 1.1)
	add(c.size > 1, 0.8)
	add(c.size > 1.8, 0.6)
	add(times(c.estimate, 3) > float64(c.price), 0.7)
	add(c.previous == 1, 0.5)
	add(c.previous >= 2, 1.2)
	add(c.channel == onlineChannel && at > 0.5, 1.1)
	add(c.region == 3 || c.region == 6, 0.6)
	add(c.vehicleAge >= 8 && c.price > 250_000, 1.5)
	add(c.vehicleAge >= 8, 0.3)
	add(c.accident == scratchAccident || c.accident == singleAccident, 0.7)
	add(c.accident == theftAccident || c.accident == fireAccident, 1.2)
	add(c.accident == rearAccident, -0.7)
	add(c.reporter == shopReporter, 0.7)
	add(c.witnesses == 0, 0.4)
	add(c.police == 1, -0.5)
	add(c.tone == 1, 0.6)
	return times(steepness, s)
}

// steepness of the opportunists' log-odds: more of it makes them easier to see.
const steepness = 1.3

// stagedPressure is how frequent staged claims are at a place in the period,
// relative to their mean.
func stagedPressure(at float64) float64 { return 0.8 + times(0.4, at) }

// intercept finds the constant that, added to log-odds, makes their mean
// probability equal to share.
func intercept(logits []float64, share float64) float64 {
	low, high := -30.0, 30.0
	for range 40 {
		middle := times(low+high, 0.5)
		sum := 0.0
		for _, x := range logits {
			sum += logistic(x + middle)
		}
		if sum < times(share, float64(len(logits))) {
			low = middle
		} else {
			high = middle
		}
	}
	return times(low+high, 0.5)
}
