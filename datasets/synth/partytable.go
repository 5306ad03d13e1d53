package synth

import "claimsieve/datasets"

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
func (s *simulation) partyRows() []partyRow {
	rows := make([]partyRow, 0, 5*len(s.claims))
	for i := range s.claims {
		rows = s.appendParties(rows, i, &s.claims[i])
	}
	return rows
}

func (s *simulation) appendParties(rows []partyRow, i int, c *claim) []partyRow {
	d := roll(s.cfg.Seed, partyStream, c.slot)
	add := func(role uint8, person, vehicle int, known int64) {
		if known >= s.end {
			return
		}
		p := partyRow{claim: i, role: role, person: person, phone: s.phoneOf(c, person), account: -1, vehicle: vehicle, known: known}
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
	if s.hasThird(&d, c) {
		known := survey
		if c.reporter == thirdReporter {
			known = c.reported
		}
		add(thirdRole, s.thirdParty(c), s.thirdVehicle(c), known)
	}
	for k := range int(c.injured) {
		add(injuredRole, s.injured(&d, c, k), -1, survey)
	}
	before := len(rows)
	add(payeeRole, s.payee(&d, c), -1, c.assessed)
	if len(rows) > before {
		rows[before].account = s.accountOf(c, rows[before].person)
	}
	return rows
}

// hasThird reports whether another vehicle is part of the accident.
func (s *simulation) hasThird(d *dice, c *claim) bool {
	switch c.accident {
	case rearAccident, 1, injuryAccident:
		return true
	case parkedAccident:
		return d.chance(0.3) || c.reporter == thirdReporter
	}
	return c.reporter == thirdReporter
}

// injured returns the k-th injured person: in a staged accident mostly a
// member, else an outsider.
func (s *simulation) injured(d *dice, c *claim, k int) int {
	if c.kind == staged && d.chance(0.7) {
		r := &s.rings[c.ring]
		return s.n.member(r.members + d.below(r.size))
	}
	return s.n.outsider(c.slot, 1+k)
}

// payee returns who is paid: the insured or directly the repair shop; for a
// ring's claim a member of the ring.
func (s *simulation) payee(d *dice, c *claim) int {
	if c.kind == staged || c.kind == shopped && d.chance(0.8) {
		r := &s.rings[c.ring]
		return s.n.member(r.members + d.below(r.size))
	}
	if c.direct && c.repaired() {
		return s.n.clerk(c.shop)
	}
	return c.holder
}

// partyColumns returns the columns of the parties table.
func partyColumns() []column[partyRow] {
	id := func(prefix byte, of func(partyRow) int) func(partyRow, []byte) []byte {
		return func(r partyRow, to []byte) []byte {
			if n := of(r); n >= 0 {
				return writeID(to, prefix, n)
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
