package synth

// Who else has to do with a claim: branches, brokers, staff, hospitals and
// appraisal institutions, each of one region. A ring has accomplices among
// them, which it uses in some of its claims.

// The shares of a ring's claims, in percent, that go to its accomplice.
const (
	ringBrokerPct      = 50
	ringHandlerPct     = 20
	ringSurveyorPct    = 45
	ringHospitalPct    = 65
	ringInstitutionPct = 60
)

// staff is how many of each kind there are in a region.
type staff struct{ branches, brokers, handlers, surveyors, hospitals, institutions int }

// staffFor returns the staff that a portfolio of so many claims needs.
func staffFor(claims int) staff {
	regional := claims / len(regionWords)
	return staff{
		branches:     2 + regional/5000,
		brokers:      3 + regional/800,
		handlers:     3 + regional/2500,
		surveyors:    3 + regional/900,
		hospitals:    3 + regional/6000,
		institutions: 2 + regional/20_000,
	}
}

// branchOf returns the branch that keeps the policy.
func (w *world) branchOf(c *claim) int {
	return int(c.region)*w.staff.branches + w.choice(branchOccasion, c.client(), 0, w.staff.branches)
}

// brokerOf returns who sold the policy: an agent, a broker or a dealer; nobody
// in the direct channels.
func (w *world) brokerOf(c *claim) (broker int, ok bool) {
	if c.channel >= phoneChannel {
		return 0, false
	}
	n := w.staff.brokers
	pick := w.choice(brokerOccasion, c.client(), 0, n)
	if c.kind == staged && w.percent(brokerOccasion, c.slot, 1) < ringBrokerPct {
		pick = w.choice(brokerOccasion, int(c.ring), 2, n)
	}
	return (int(c.channel)*len(regionWords)+int(c.region))*n + pick, true
}

// client is the number by which a customer keeps to a branch and a broker: a
// ring buys each policy anew.
func (c *claim) client() int {
	if c.kind == staged {
		return -1 - c.slot
	}
	return c.holder
}

// accompliceOr returns one of n in the claim's region, for a percentage of a
// ring's claims the ring's accomplice.
func (w *world) accompliceOr(c *claim, occasion, n, ringPct int) int {
	pick := w.choice(occasion, c.slot, 0, n)
	if c.ring >= 0 && w.percent(occasion, c.slot, 1) < ringPct {
		pick = w.choice(occasion, int(c.ring), 2, n)
	}
	return int(c.region)*n + pick
}
