package synth

// holder is one policy holder with one vehicle, insured year by year from the
// day of entry on.
type holder struct {
	entry       int32 // day since 1970 on which the first policy begins
	price       int32 // of the vehicle when new, yuan
	lead        int16 // days from issue to start of a renewal
	born        int16 // age in years at the beginning of the period
	vehicleAge  int8  // years at the beginning of the period
	region      uint8
	channel     uint8
	cover       uint8
	sharesPhone bool // the relative has the holder's phone
	firstPolicy int32
	firstYear   int16 // policy year of firstPolicy
}

// policyDays is the length of a policy.
const policyDays = 365

// margin is how many days before the period a policy is still listed, so that
// losses before the period and reported within it find theirs.
const margin = latestDays + 10

// populate draws the holders; their first policies are numbered from 0 on. It
// returns the number of policies too.
func (w *world) populate() int {
	w.holders = make([]holder, w.n.holders)
	policies := 0
	for i := range w.holders {
		d := roll(w.cfg.Seed, holderStream, i)
		h := drawHolder(&d, w.firstDay, w.lastDay)
		h.firstYear = int16(max(0, (w.firstDay-margin-int(h.entry))/policyDays))
		h.firstPolicy = int32(policies)
		policies += w.policyYears(&h)
		w.holders[i] = h
	}
	return policies
}

// policyYears counts the policies of h that are listed: in force after the
// margin before the period, and begun before its end.
func (w *world) policyYears(h *holder) int {
	last := (w.lastDay - 1 - int(h.entry)) / policyDays
	return last - int(h.firstYear) + 1
}

func drawHolder(d *dice, firstDay, lastDay int) holder {
	h := holder{
		region:      uint8(d.pick(regionFact.base)),
		channel:     uint8(d.pick(channelFact.base)),
		cover:       uint8(d.pick([]float64{.12, .23, .65})),
		lead:        int16(d.below(30)),
		born:        driverAge(d),
		sharesPhone: d.chance(0.12),
	}
	h.price, h.vehicleAge = drawVehicle(d)
	// Two thirds were customers before; all anniversaries are equally likely.
	if d.chance(0.65) {
		h.entry = int32(firstDay - 1 - d.below(6*policyDays))
	} else {
		h.entry = int32(firstDay + d.below(lastDay-firstDay))
	}
	return h
}

// drawVehicle returns a vehicle's price when new in yuan and its age in years.
func drawVehicle(d *dice) (price int32, age int8) {
	price = int32(d.logNormal(150_000, 0.6)) / 1000 * 1000
	return max(40_000, min(price, 1_500_000)), int8(d.below(4) + d.below(5) + d.below(6))
}

func driverAge(d *dice) int16 {
	return max(18, min(78, int16(39+times(11, d.normal()))))
}

// policyOf returns the number and the first day of the policy of holder i that
// covers a day on or after entry.
func (w *world) policyOf(i, day int) (policy int32, start int) {
	h := &w.holders[i]
	year := (day - int(h.entry)) / policyDays
	return h.firstPolicy + int32(year-int(h.firstYear)), int(h.entry) + year*policyDays
}

// issued returns the day on which a holder's policy was issued: a first policy
// up to three days before it begins, a renewal up to a month.
func (h *holder) issued(start int) int {
	if start == int(h.entry) {
		return start - int(h.lead)%4
	}
	return start - int(h.lead)
}
