package synth

// setParties chooses the insured, the vehicle, the policy, and who reports.
func (w *world) setParties(d *dice, c *draft) {
	if c.kind == staged {
		w.castStaged(d, c)
	} else {
		w.castHolder(d, c)
	}
	switch c.reporter {
	case driverReporter:
		c.reportBy = c.driver
	case shopReporter:
		c.reportBy = w.n.clerk(c.shop)
	case thirdReporter:
		c.reportBy = w.thirdParty(&c.claim)
	case agentReporter:
		c.reportBy = w.agentIn(d, int(c.region))
	default:
		c.reportBy = c.holder
	}
}

// castHolder gives the claim to a holder of the portfolio.
func (w *world) castHolder(d *dice, c *draft) {
	want := -1
	if c.kind == shopped {
		want = regionFact.draw(d, shopped, nil, &c.lr)
	}
	day := dayOf(c.happened)
	i := w.drawCustomer(d, day, want)
	h := &w.holders[i]
	c.region, c.channel, c.cover = h.region, h.channel, h.cover
	if want < 0 {
		regionFact.weigh(int(c.region), nil, &c.lr)
	}
	channelFact.weigh(int(c.channel), nil, &c.lr)
	c.holder, c.driver, c.vehicle = i, i, i
	c.policy, c.start = w.policyOf(i, day)
	c.issued = h.issued(c.start)
	coverDaysFact.weigh(coverDaysLevel(day-c.start), nil, &c.lr)
	c.price = h.price
	c.vehicleAge = int16(max(0, int(h.vehicleAge)+(day-w.firstDay)/365))
	c.driverAge = h.born + int16((day-w.firstDay)/365)
	if d.chance(0.2) {
		c.driver = w.n.relative(i)
		c.driverAge = max(18, min(80, c.driverAge+int16(d.below(11)-5)-int16(25*d.below(2))))
	}
	c.shop, c.appraiser = w.shopIn(d, int(c.region)), w.appraiserIn(d, int(c.region))
	if c.kind == shopped {
		c.ring = w.ringAt(d, shopped, int(c.region), day)
		c.shop = w.rings[c.ring].shop
		if d.chance(0.9) {
			c.appraiser = w.rings[c.ring].appraiser
		}
	}
	c.sum = sumInsured(&c.claim)
}

// drawCustomer draws a holder who is insured on a day, of a region unless that
// is -1.
func (w *world) drawCustomer(d *dice, day, region int) int {
	for range 10_000 {
		i := d.below(len(w.holders))
		if h := &w.holders[i]; int(h.entry) <= day && (region < 0 || int(h.region) == region) {
			return i
		}
	}
	// In a portfolio so small that nobody fits, the longest customer does.
	best := 0
	for i := range w.holders {
		if w.holders[i].entry < w.holders[best].entry {
			best = i
		}
	}
	return best
}
