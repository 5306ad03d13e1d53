package synth

import "math"

// claim is one claim with its truth. Times are seconds since 1970, days are
// days since 1970, -1 means none.
type claim struct {
	slot               int
	kind               kind
	ring               int32
	happened, reported int64
	holder, driver     int // persons
	vehicle            int
	policy             int32
	issued, start      int // of the policy
	price              int32
	sum                int32 // insured
	driverAge          int16
	vehicleAge         int16
	previous           int16

	region, channel, cover, accident, band, witnesses, delay, reporter, tone, weather, road uint8

	police   int8
	size     float64 // standard normal size of the loss
	estimate float64 // yuan, at report
	chance   float64 // of fraud, given the claim's own facts

	shop      int
	reportBy  int // person
	appraiser int
	course
	inquiry
}

// signs are what a claim's facts say of its kind; nobody needs them once the
// kinds are decided.
type signs struct {
	lr   ratios
	luck float64 // decides whether a base claim is an opportunist's
}

// draft is a claim while its report is drawn.
type draft struct {
	claim
	signs
}

// coverDays is the number of whole days from the policy's start to the loss.
func (c *claim) coverDays() int { return dayOf(c.happened) - c.start }

// fraud reports the truth.
func (c *claim) fraud() bool { return c.kind != honest }

// report draws what a claim says when it is reported. Slot i of n lies at the
// i-th of n equal parts of the period, so the volume is even.
func (w *world) report(slot int) (claim, signs) {
	d := roll(w.cfg.Seed, slotStream, slot)
	at := (float64(slot) + d.float()) / float64(w.n.slots)
	c := draft{claim: claim{slot: slot, ring: -1, kind: w.drawKind(&d, at)}, signs: signs{lr: ratios{1, 1}}}
	day := w.firstDay + int(times(at, float64(w.lastDay-w.firstDay)))
	w.setTimes(&d, &c, day)
	c.accident = uint8(accidentFact.draw(&d, c.kind, nil, &c.lr))
	c.police = int8(policeFact.draw(&d, c.kind, policeOdds[c.accident][:], &c.lr))
	c.witnesses = uint8(witnessFact.draw(&d, c.kind, nil, &c.lr))
	c.reporter = uint8(reporterFact.draw(&d, c.kind, nil, &c.lr))
	c.tone = uint8(toneFact.draw(&d, c.kind, nil, &c.lr))
	c.size = drawSize(&d, &c)
	w.setParties(&d, &c)
	c.estimate = estimate(&d, &c.claim)
	c.luck = d.float()
	c.weather = uint8(weatherFact.draw(&d, c.kind, weatherOdds(&c.claim), &c.lr))
	c.road = uint8(roadFact.draw(&d, c.kind, roadOdds[c.accident], &c.lr))
	return c.claim, c.signs
}

// policeOdds are the base levels of policeFact by accident type.
var policeOdds = func() (out [9][2]float64) {
	for i, p := range policeBase {
		out[i] = [2]float64{1 - p, p}
	}
	return out
}()

// drawKind draws whether a slot is a ring's; the others become opportunists'
// or honest later, from their facts.
func (w *world) drawKind(d *dice, at float64) kind {
	u, share := d.float(), w.cfg.FraudShare
	s := times(times(share, stagedShare), stagedPressure(at))
	if u < s {
		return staged
	}
	if u < s+times(share, shoppedShare) {
		return shopped
	}
	return honest
}

// bandHours are the first hour of each band and its length.
var bandHours = [4][2]int{{22, 7}, {5, 4}, {9, 8}, {17, 5}}

// delaySeconds are the bounds of the delays' levels; three in ten claims of
// the last one are later still, by up to latestDays in all.
var delaySeconds = [6]int{300, 2 * 3600, 24 * 3600, 3 * daySeconds, 10 * daySeconds, 30 * daySeconds}

// latestDays is how late a report is at most, and how many percent of the last
// level's claims are later than its bound says.
const (
	latestDays = 70
	laterPct   = 30
)

// setTimes draws the hour of loss and the delay. A claim that would be
// reported after the period moves back by the period's length, and so stands
// for the one that happened before the period and was reported within it.
func (w *world) setTimes(d *dice, c *draft, day int) {
	c.band = uint8(bandFact.draw(d, c.kind, nil, &c.lr))
	c.delay = uint8(delayFact.draw(d, c.kind, nil, &c.lr))
	hours := bandHours[c.band]
	hour := (hours[0] + d.below(hours[1])) % 24
	c.happened = int64(day*daySeconds + hour*3600 + d.below(3600))
	low, high := delaySeconds[c.delay], delaySeconds[c.delay+1]
	c.reported = c.happened + int64(low+d.below(high-low))
	if c.delay == latestDelay && w.percent(lateOccasion, c.slot, 0) < laterPct {
		c.reported += int64(w.choice(lateOccasion, c.slot, 1, latestDays*daySeconds-high))
	}
	for c.reported >= w.end {
		c.happened -= w.end - w.begin
		c.reported -= w.end - w.begin
	}
}

// drawSize draws the standard normal size of the loss within a drawn level.
func drawSize(d *dice, c *draft) float64 {
	level := sizeFact.draw(d, c.kind, nil, &c.lr)
	for {
		z := d.normal()
		if sizeLevel(z) == level {
			return z
		}
	}
}

func sizeLevel(z float64) int {
	switch {
	case z < 0:
		return 0
	case z < 1:
		return 1
	case z < 2:
		return 2
	}
	return 3
}

// coverDaysLevel returns the level of coverDaysFact.
func coverDaysLevel(days int) int {
	for level, below := range coverDaysBounds[1:] {
		if days < below {
			return level
		}
	}
	return len(coverDaysBounds) - 2
}

var coverDaysBounds = [6]int{0, 7, 30, 90, 330, 365}

// sumInsured is the vehicle's value today, or the liability limit.
func sumInsured(c *claim) int32 {
	if c.cover != 2 {
		return 200_000
	}
	return max(c.price/5, c.price-c.price/12*int32(c.vehicleAge)) / 1000 * 1000
}

// medianLoss in yuan by accident type, for a vehicle of 150,000 yuan.
var medianLoss = []float64{3200, 3800, 3500, 1800, 1200, 60_000, 14_000, 30_000, 18_000}

// estimate draws the reported estimate of the loss in yuan, to 10 yuan.
func estimate(d *dice, c *claim) float64 {
	scale := math.Sqrt(float64(c.price) / 150_000)
	x := times(times(medianLoss[c.accident], scale), exp(times(0.75, c.size)))
	x = times(x, d.between(0.95, 1.05))
	return max(100, 10*math.Floor(min(x, float64(c.price))/10))
}
