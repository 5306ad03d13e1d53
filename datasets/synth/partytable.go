package synth

import (
	"context"
	"slices"

	"claimsieve/datasets"
)

// partyRow is one person in one role of one claim.
type partyRow struct {
	claim          int // place in the order of report
	person         int
	phone, account int // persons whose they are; -1 when none is recorded
	vehicle        int // -1 when none
	known          int64
	role           uint8
}

// Places in roleWords.
const (
	insuredRole = iota
	driverRole
	thirdRole
	reporterRole
	payeeRole
	injuredRole
)

// partyRows lists the parties claim by claim, as far as they are known before
// the end of the period.
func (s *simulation) partyRows() rowsOf[partyRow] {
	var rows []partyRow
	return rowsOf[partyRow]{
		prepare: func(context.Context) (int, error) { return partsOf(len(s.claims)), nil },
		rows: func(part int) []partyRow {
			rows = rows[:0]
			for i, to := partOf(part, len(s.claims)); i < to; i++ {
				rows, _ = s.appendParties(rows, i, &s.claims[i])
			}
			return rows
		},
	}
}

// appendParties appends the parties of the i-th claim, as far as they are known
// before the end of the period, and returns who is to be paid.
func (w *world) appendParties(rows []partyRow, i int, c *claim) (all []partyRow, payee int) {
	d := roll(w.cfg.Seed, partyStream, c.slot)
	add := func(role uint8, person, vehicle int, known int64) {
		if known >= w.end {
			return
		}
		p := partyRow{claim: i, role: role, person: person, phone: w.phoneOf(c, person), account: -1, vehicle: vehicle, known: known}
		if d.chance(0.05) {
			p.phone = -1
		}
		rows = append(rows, p)
	}
	survey := c.reported + int64(3600+d.below(2*daySeconds))
	if c.surveyed != 0 {
		survey = c.surveyed
	}
	add(insuredRole, c.holder, c.vehicle, c.reported)
	add(driverRole, c.driver, c.vehicle, c.reported)
	add(reporterRole, c.reportBy, -1, c.reported)
	if w.hasThird(&d, c) {
		known := survey
		if c.reporter == thirdReporter {
			known = c.reported
		}
		add(thirdRole, w.thirdParty(c), w.thirdVehicle(c), known)
	}
	var hurt []int
	for k := range int(c.injured) {
		hurt = append(hurt, w.injured(&d, c, k, hurt))
		add(injuredRole, hurt[k], -1, survey)
	}
	before := len(rows)
	payee = w.payeeOf(&d, c)
	add(payeeRole, payee, -1, c.assessed)
	if len(rows) > before {
		rows[before].account = w.accountOf(c, payee)
	}
	return rows, payee
}

// hasThird reports whether another vehicle is part of the accident.
func (w *world) hasThird(d *dice, c *claim) bool {
	switch c.accident {
	case rearAccident, 1, injuryAccident:
		return true
	case parkedAccident:
		return d.chance(0.3) || c.reporter == thirdReporter
	}
	return c.reporter == thirdReporter
}

// injured returns the k-th injured person: in a staged accident mostly a member
// who is not among those before, else an outsider.
func (w *world) injured(d *dice, c *claim, k int, before []int) int {
	if c.kind == staged && d.chance(0.7) {
		r := &w.rings[c.ring]
		if person := w.n.member(r.members + d.below(r.size)); !slices.Contains(before, person) {
			return person
		}
	}
	return w.n.outsider(c.slot, 1+k)
}

// collectedPct is the share, in percent, of the claims with an intermediary
// whose payment somebody collects who collects for many.
const collectedPct = 50

// payeeOf returns who is paid: the insured, directly the repair shop, or a
// collector; for a ring's claim mostly a member of the ring.
func (w *world) payeeOf(d *dice, c *claim) int {
	if c.kind == staged || c.kind == shopped && d.chance(0.8) {
		r := &w.rings[c.ring]
		return w.n.member(r.members + d.below(r.size))
	}
	switch {
	case c.intermediary && w.percent(collectorOccasion, c.slot, 0) < collectedPct:
		return w.n.collector(int(c.region)*w.collectorsPer + w.choice(collectorOccasion, c.slot, 1, w.collectorsPer))
	case c.direct && c.repaired():
		return w.n.clerk(c.shop)
	}
	return c.holder
}

// partyColumns returns the columns of the parties table.
func partyColumns(w *world) []column[partyRow] {
	id := func(prefix byte, of func(partyRow) int) func(partyRow, []byte) []byte {
		return func(r partyRow, to []byte) []byte {
			if n := of(r); n >= 0 {
				return w.writeID(to, prefix, n)
			}
			return to
		}
	}
	return []column[partyRow]{
		idColumn("claim_id", "Claim", "赔案号", func(r partyRow, to []byte) []byte { return writeClaimID(to, r.claim) }),
		idColumn("party_id", "Person", "人员", id(personPrefix, func(r partyRow) int { return r.person })).names("person").class(datasets.Personal),
		wordColumn("role", "Role in the claim", "角色", roleWords, func(r partyRow) int { return int(r.role) }),
		idColumn("phone", "Telephone", "电话", id(phonePrefix, func(r partyRow) int { return r.phone })).names("phone").class(datasets.Personal),
		idColumn("account", "Account for payment", "收款账户", id(accountPrefix, func(r partyRow) int { return r.account })).
			names("account").class(datasets.Sensitive).at(datasets.Assessment),
		idColumn("vehicle_id", "Vehicle", "车辆", id(vehiclePrefix, func(r partyRow) int { return r.vehicle })).names("vehicle").class(datasets.Personal),
		timeColumn("known_at", "Known from", "知悉时间", func(r partyRow) int64 { return r.known }),
	}
}
