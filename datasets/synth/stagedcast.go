package synth

// castStaged casts a staged accident: the ring's members rotate the roles, and
// each time a policy is bought for one of the ring's vehicles.
func (w *world) castStaged(d *dice, c *draft) {
	c.region = uint8(regionFact.draw(d, staged, nil, &c.lr))
	c.channel = uint8(channelFact.draw(d, staged, nil, &c.lr))
	level := coverDaysFact.draw(d, staged, nil, &c.lr)
	day := dayOf(c.happened)
	c.ring = w.ringAt(d, staged, int(c.region), day)
	r := &w.rings[c.ring]
	insured, driver, car := d.below(r.size), d.below(r.size), d.below(r.fleet)
	c.holder, c.driver = w.n.member(r.members+insured), w.n.member(r.members+driver)
	c.vehicle = w.n.ringVehicle(r.vehicles + car)
	low, high := coverDaysBounds[level], coverDaysBounds[level+1]
	c.start = day - low - d.below(high-low)
	c.issued = c.start - d.below(3)
	c.policy = -1 // numbered when all claims are there
	c.cover = uint8(1 + d.pick([]float64{.2, .8}))
	c.price, c.vehicleAge = r.prices[car], int16(r.vehicleAge[car])
	c.driverAge = r.ages[driver]
	c.shop, c.appraiser = w.shopIn(d, int(c.region)), w.appraiserIn(d, int(c.region))
	c.sum = sumInsured(&c.claim)
}
