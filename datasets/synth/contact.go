package synth

// What honest people share by accident, and how careless rings are, in percent.
const (
	knownThird = 8  // other sides that are holders of the portfolio themselves
	familyPct  = 6  // pairs of holders with one telephone and one account
	burnerPct  = 25 // times that a ring member calls from a telephone used once
)

// percent draws a number below 100 from numbers that name an occasion.
func (w *world) percent(occasion, a, b int) int { return w.choice(occasion, a, b, 100) }

// choice is percent for a number below n.
func (w *world) choice(occasion, a, b, n int) int {
	return int(mix(w.cfg.Seed^mix(uint64(a)^mix(uint64(b)^uint64(occasion)))) % uint64(n))
}

// The occasions.
const (
	thirdOccasion = 1 + iota
	familyOccasion
	burnerOccasion
	collectorOccasion
	lateOccasion
	branchOccasion
	brokerOccasion
	handlerOccasion
	surveyorOccasion
	hospitalOccasion
	institutionOccasion
)

// thirdParty returns the other side's person: in a staged accident a member
// who is neither the insured nor the driver, else mostly an outsider.
func (w *world) thirdParty(c *claim) int {
	if c.kind != staged {
		if i, ok := w.thirdHolder(c); ok {
			return i
		}
		return w.n.outsider(c.slot, 0)
	}
	r := &w.rings[c.ring]
	for i := range r.size {
		p := w.n.member(r.members + (i+c.slot)%r.size)
		if p != c.holder && p != c.driver {
			return p
		}
	}
	panic("BUG: a ring has too few members for a third party")
}

// thirdHolder returns the holder who by chance is the other side of a claim.
func (w *world) thirdHolder(c *claim) (i int, ok bool) {
	if w.percent(thirdOccasion, c.slot, 0) >= knownThird {
		return 0, false
	}
	i = int(mix(uint64(c.slot)^w.cfg.Seed) % uint64(len(w.holders)))
	return i, i != c.vehicle
}

// thirdVehicle returns the other side's vehicle, in a staged accident another
// one of the ring's fleet.
func (w *world) thirdVehicle(c *claim) int {
	if c.kind != staged {
		if i, ok := w.thirdHolder(c); ok {
			return i
		}
		return w.n.outsiderVehicle(c.slot)
	}
	r := &w.rings[c.ring]
	v := w.n.ringVehicle(r.vehicles + c.slot%r.fleet)
	if v == c.vehicle {
		v = w.n.ringVehicle(r.vehicles + (c.slot+1)%r.fleet)
	}
	return v
}

// phoneOf returns the person whose telephone number a person of the claim uses.
func (w *world) phoneOf(c *claim, person int) int {
	if c.ring >= 0 {
		r := &w.rings[c.ring]
		if i, ok := w.memberOf(r, person); ok {
			if w.percent(burnerOccasion, c.slot, person) < burnerPct {
				return w.n.outsider(c.slot, 4)
			}
			return w.contact(r, i, r.phones)
		}
	}
	if i := person - w.n.holders; i >= 0 && i < w.n.holders && w.holders[i].sharesPhone {
		person = i
	}
	return w.family(person)
}

// accountOf returns the person whose account a person of the claim uses.
func (w *world) accountOf(c *claim, person int) int {
	if c.ring >= 0 {
		r := &w.rings[c.ring]
		if i, ok := w.memberOf(r, person); ok {
			return w.contact(r, i, r.accounts)
		}
	}
	return w.family(person)
}

// family returns the holder who stands for a pair of holders of one family.
func (w *world) family(person int) int {
	first := person &^ 1
	if person < w.n.holders && w.percent(familyOccasion, first, 0) < familyPct {
		return first
	}
	return person
}
