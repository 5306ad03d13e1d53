package synth

import (
	"cmp"
	"context"

	"claimsieve/datasets"
)

// policyRow is one policy.
type policyRow struct {
	number, holder, vehicle int
	issued, start           int // days since 1970
	sum                     int32
	region, channel, cover  uint8
}

// policyPlace says where a policy's facts are.
type policyPlace struct {
	shuffle uint64 // orders the policies of a day
	holder  int32  // -1 for a policy that a ring bought
	of      int32  // policy year of the holder; claim of the ring
}

// policyRows lists the holders' policies and those that rings bought, in the
// order of issue. Within a day the order is arbitrary, so that it does not tell
// who bought.
func (s *simulation) policyRows() rowsOf[policyRow] {
	var places []policyPlace
	var rows []policyRow
	return rowsOf[policyRow]{
		prepare: func(ctx context.Context) (parts int, err error) {
			const longest = margin + policyDays + 60 // days from an issue to the period, at most
			places, err = inOrder(ctx, s.firstDay-longest, s.lastDay, s.eachPolicy, func(a, b policyPlace) int {
				return cmp.Or(cmp.Compare(a.shuffle, b.shuffle), cmp.Compare(a.holder, b.holder), cmp.Compare(a.of, b.of))
			})
			return partsOf(len(places)), err
		},
		rows: func(part int) []policyRow {
			rows = rows[:0]
			from, to := partOf(part, len(places))
			for _, p := range places[from:to] {
				if p.holder < 0 {
					rows = append(rows, policyOfRing(&s.claims[p.of]))
				} else {
					rows = append(rows, s.policyOfHolder(int(p.holder), int(p.of)))
				}
			}
			return rows
		},
	}
}

// eachPolicy gives every policy with its day of issue.
func (s *simulation) eachPolicy(add func(day int, p policyPlace)) {
	for i := range s.holders {
		h := &s.holders[i]
		for k := range s.policyYears(h) {
			issued := h.issued(int(h.entry) + (int(h.firstYear)+k)*policyDays)
			add(issued, policyPlace{shuffle: mix(uint64(h.firstPolicy) + uint64(k)), holder: int32(i), of: int32(k)})
		}
	}
	for i := range s.claims {
		if c := &s.claims[i]; c.kind == staged {
			add(c.issued, policyPlace{shuffle: mix(uint64(c.policy)), holder: -1, of: int32(i)})
		}
	}
}

// policyOfHolder returns the k-th listed policy of holder i.
func (s *simulation) policyOfHolder(i, k int) policyRow {
	h := &s.holders[i]
	start := int(h.entry) + (int(h.firstYear)+k)*policyDays
	c := claim{cover: h.cover, price: h.price, vehicleAge: int16(max(0, int(h.vehicleAge)+(start-s.firstDay)/365))}
	return policyRow{number: int(h.firstPolicy) + k, holder: i, vehicle: i, issued: h.issued(start), start: start,
		sum: sumInsured(&c), region: h.region, channel: h.channel, cover: h.cover}
}

// policyOfRing returns the policy that was bought for a staged claim.
func policyOfRing(c *claim) policyRow {
	return policyRow{number: int(c.policy), holder: c.holder, vehicle: c.vehicle, issued: c.issued, start: c.start,
		sum: c.sum, region: c.region, channel: c.channel, cover: c.cover}
}

// policyTableColumns returns the columns of the policies table.
func policyTableColumns(w *world) []column[policyRow] {
	columns := []column[policyRow]{
		idColumn("policy_id", "Policy", "保单号", func(r policyRow, to []byte) []byte { return w.writeID(to, policyPrefix, r.number) }).names("policy"),
		idColumn("holder_id", "Insured", "被保险人", func(r policyRow, to []byte) []byte { return w.writeID(to, personPrefix, r.holder) }).
			names("person.insured").class(datasets.Personal),
		idColumn("vehicle_id", "Insured vehicle", "标的车", func(r policyRow, to []byte) []byte { return w.writeID(to, vehiclePrefix, r.vehicle) }).
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
