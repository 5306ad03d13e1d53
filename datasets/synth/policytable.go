package synth

import "claimsieve/datasets"

// policyRow is one policy.
type policyRow struct {
	number, holder, vehicle int
	issued, start           int // days since 1970
	sum                     int32
	region, channel, cover  uint8
}

// policyRows lists the holders' policies and those that rings bought, in the
// order of issue.
func (s *simulation) policyRows() []policyRow {
	rows := make([]policyRow, 0, s.policies)
	for i := range s.holders {
		h := &s.holders[i]
		for k := range s.policyYears(h) {
			start := int(h.entry) + (int(h.firstYear)+k)*policyDays
			c := claim{cover: h.cover, price: h.price, vehicleAge: int16(max(0, int(h.vehicleAge)+(start-s.firstDay)/365))}
			rows = append(rows, policyRow{number: int(h.firstPolicy) + k, holder: i, vehicle: i, issued: h.issued(start), start: start,
				sum: sumInsured(&c), region: h.region, channel: h.channel, cover: h.cover})
		}
	}
	for i := range s.claims {
		if c := &s.claims[i]; c.kind == staged {
			rows = append(rows, policyRow{number: int(c.policy), holder: c.holder, vehicle: c.vehicle, issued: c.issued, start: c.start,
				sum: c.sum, region: c.region, channel: c.channel, cover: c.cover})
		}
	}
	// Within a day the order is arbitrary, so that it does not tell who bought.
	return sorted(rows, func(r *policyRow) uint64 { return uint64(r.issued)<<40 | mix(uint64(r.number))>>24 })
}

// policyTableColumns returns the columns of the policies table.
func policyTableColumns() []column[policyRow] {
	columns := []column[policyRow]{
		idColumn("policy_id", "Policy", "保单号", func(r policyRow, to []byte) []byte { return writeID(to, policyPrefix, r.number) }).names("policy"),
		idColumn("holder_id", "Insured", "被保险人", func(r policyRow, to []byte) []byte { return writeID(to, personPrefix, r.holder) }).
			names("person.insured").class(datasets.Personal),
		idColumn("vehicle_id", "Insured vehicle", "标的车", func(r policyRow, to []byte) []byte { return writeID(to, vehiclePrefix, r.vehicle) }).
			names("vehicle").class(datasets.Personal),
		dateColumn("issued_on", "Issued on", "签发日期", func(r policyRow) int { return r.issued }),
		dateColumn("start_on", "Starts on", "保险起期", func(r policyRow) int { return r.start }),
		dateColumn("end_on", "Last day", "保险止期", func(r policyRow) int { return r.start + policyDays - 1 }),
		wordColumn("channel", "Sales channel", "销售渠道", channelWords, func(r policyRow) int { return int(r.channel) }),
		wordColumn("cover_type", "Type of cover", "险别", coverWords, func(r policyRow) int { return int(r.cover) }),
		floatColumn("sum_insured", "Sum insured, yuan", "保险金额（元）", func(r policyRow) float64 { return float64(r.sum) }),
		wordColumn("region", "Region", "区域", regionWords, func(r policyRow) int { return int(r.region) }),
	}
	for i := range columns {
		columns[i].Stage = datasets.Underwriting
	}
	return columns
}
