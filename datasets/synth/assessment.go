package synth

import "math"

// assessmentFacts is what an assessment finds beside what the claim itself
// holds. They are a function of the claim and drawn again wherever they are
// needed. Amounts are in yuan.
type assessmentFacts struct {
	guide       float64 // what the damage should cost
	hours       float64 // of labour; NaN where nothing is repaired
	replaced    int     // parts
	original    bool    // parts of the vehicle's maker
	document    bool    // of the traffic police
	cctv        bool
	hospital    int     // -1 without injury
	medical     float64 // NaN without injury
	lostDays    int     // of work; -1 without injury or after a death
	grade       int     // of disability, 1 the worst to 10; 0 none
	institution int     // that appraised disability or cause; -1 none
}

// By kind of claim: how often parts are the maker's, how often a camera saw
// it relative to others, and how bills for injuries and lost work are inflated.
var (
	originalOdds   = [4]float64{.58, .58, .55, .80}
	filmedFactor   = [4]float64{1, .85, .4, 1}
	medicalFactor  = [4]float64{1, 1.35, 1.5, 1}
	lostDaysFactor = [4]float64{1, 1.3, 1.7, 1}
)

// By road: how often a camera saw an accident.
var filmedOdds = [4]float64{.45, .35, .10, .50}

// By severity: median of medical costs per injured person and of lost work.
var (
	medicalMedian  = [4]float64{0, 3500, 38_000, 55_000}
	lostDaysMedian = [4]float64{0, 9, 75, 0}
)

// yuan an hour of labour and a replaced part cost, about.
const (
	hourYuan = 130
	partYuan = 1100
)

// guideError is the standard deviation of the guide's error, as a logarithm:
// it knows the model and the parts, not the vehicle.
const guideError = 0.3

// assessment draws the facts of a claim that was assessed.
func (w *world) assessment(c *claim) assessmentFacts {
	d := roll(w.cfg.Seed, assessmentStream, c.slot)
	f := assessmentFacts{hours: math.NaN(), hospital: -1, medical: math.NaN(), lostDays: -1, institution: -1}
	f.guide = max(50, 10*math.Floor(times(c.damage, exp(times(guideError, d.normal())))/10))
	labour := times(times(c.claimed, 1-c.parts), exp(times(0.25, d.normal())))
	parts := times(times(c.claimed, c.parts), exp(times(0.35, d.normal())))
	if c.repaired() {
		f.hours = math.Floor(10*labour/hourYuan) / 10
		f.replaced = int(parts/partYuan + 0.5)
	}
	original := originalOdds[c.kind]
	if c.vehicleAge > 7 {
		original -= 0.2
	}
	f.original = d.chance(original)
	written := 0.04
	if c.police == 1 {
		written = 0.88
	}
	f.document = d.chance(written)
	f.cctv = d.chance(times(filmedOdds[c.road], filmedFactor[c.kind]))
	if c.injured > 0 {
		w.injuries(&d, c, &f)
	}
	appraised := d.chance(0.25) && c.claimed > 60_000
	if f.grade > 0 || appraised {
		f.institution = w.accompliceOr(c, institutionOccasion, w.staff.institutions, ringInstitutionPct)
	}
	return f
}

// gradeOdds are the grades 10, 9, ... 1 of those whom an accident disabled.
var gradeOdds = []float64{.55, .22, .10, .05, .03, .02, .01, .01, .005, .005}

// injuries draws what the injured cost.
func (w *world) injuries(d *dice, c *claim, f *assessmentFacts) {
	f.hospital = w.accompliceOr(c, hospitalOccasion, w.staff.hospitals, ringHospitalPct)
	cost := times(medicalMedian[c.severity], 0.6+times(0.4, float64(c.injured)))
	f.medical = math.Floor(times(d.logNormal(cost, 0.7), medicalFactor[c.kind]))
	lost := d.logNormal(max(1, lostDaysMedian[c.severity]), 0.6)
	if c.severity != fatalInjury {
		f.lostDays = int(times(lost, lostDaysFactor[c.kind]))
	}
	disabled, grade := 0.003, 10-d.pick(gradeOdds)
	switch {
	case c.severity == seriousInjury:
		disabled = 0.45
	case c.severity == fatalInjury:
		disabled = 0
	case c.fraud():
		disabled, grade = 0.05, 10 // feigned after-effects
	}
	if d.chance(disabled) {
		f.grade = grade
	}
}
