package synth

import (
	"cmp"
	"context"

	"claimsieve/datasets"
)

// outcomeRow is one verdict on one claim.
type outcomeRow struct {
	*claim
	verdict
	finding
	at int // place in the order of report
}

// outcomePlace says which verdict on which claim a row is.
type outcomePlace struct {
	at      int64
	claim   int32
	verdict int32
}

// outcomeRows lists what was concluded before the end of the period, in the
// order of conclusion.
func (s *simulation) outcomeRows() rowsOf[*outcomeRow] {
	var places []outcomePlace
	var rows []*outcomeRow
	var store []outcomeRow
	return rowsOf[*outcomeRow]{
		prepare: func(ctx context.Context) (parts int, err error) {
			places, err = inOrder(ctx, s.firstDay, s.lastDay, s.eachVerdict, func(a, b outcomePlace) int {
				return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.claim, b.claim), cmp.Compare(a.verdict, b.verdict))
			})
			return partsOf(len(places)), err
		},
		rows: func(part int) []*outcomeRow {
			rows, store = rows[:0], store[:0]
			from, to := partOf(part, len(places))
			var verdicts []verdict
			for _, p := range places[from:to] {
				c := &s.claims[p.claim]
				verdicts = s.verdicts(c, verdicts[:0])
				v := verdicts[p.verdict]
				store = append(store, outcomeRow{claim: c, verdict: v, finding: s.finding(c, v.conclusion), at: int(p.claim)})
			}
			for i := range store {
				rows = append(rows, &store[i])
			}
			return rows
		},
	}
}

// eachVerdict gives every verdict with its day.
func (s *simulation) eachVerdict(add func(day int, p outcomePlace)) {
	var verdicts []verdict
	for i := range s.claims {
		verdicts = s.verdicts(&s.claims[i], verdicts[:0])
		for k, v := range verdicts {
			add(dayOf(v.at), outcomePlace{at: v.at, claim: int32(i), verdict: int32(k)})
		}
	}
}

// outcomeColumns returns the columns of the outcomes table (Application
// Guideline No. 1, Article 26).
func outcomeColumns() []column[*outcomeRow] {
	return []column[*outcomeRow]{
		idColumn("claim_id", "Claim", "赔案号", func(r *outcomeRow, to []byte) []byte { return writeClaimID(to, r.at) }),
		timeColumn("concluded_at", "Time of conclusion", "结论时间", func(r *outcomeRow) int64 { return r.verdict.at }),
		wordColumn("conclusion", "Conclusion", "结论", conclusionWords, func(r *outcomeRow) int { return int(r.verdict.conclusion) }),
		boolColumn("fraud_flag", "Fraud, where the conclusion is clear", "欺诈标志", func(r *outcomeRow) (bool, bool) {
			return r.verdict.conclusion <= confirmed, r.verdict.conclusion <= confirmed || r.verdict.conclusion == cleared
		}),
		textColumn("fraud_types", "Kinds of fraud, codes of the taxonomy", "欺诈类型代码", func(r *outcomeRow, to []byte) []byte { return append(to, r.types...) }),
		floatColumn("recovered_amount", "Amount saved or recovered, yuan", "减损金额（元）", func(r *outcomeRow) float64 { return r.verdict.recovered }),
		wordColumn("why_investigated", "Why it was investigated", "调查原因", whyWords, func(r *outcomeRow) int { return int(r.why) }),
		floatColumn("propensity", "Probability of being chosen for investigation", "被选入调查的概率", func(r *outcomeRow) float64 { return r.propensity }),
		boolColumn("refused", "Claim refused", "是否拒赔", func(r *outcomeRow) (bool, bool) { return r.verdict.conclusion == refused, true }),
		wordColumn("refusal_reason", "Reason of the refusal, a code", "拒赔原因代码", reasonWords, func(r *outcomeRow) int { return r.reason }),
		textColumn("vehicle_risk_codes", "Risk types of the vehicle, codes", "车辆风险类型代码", func(r *outcomeRow, to []byte) []byte { return append(to, r.vehicleRisk...) }),
		textColumn("person_risk_codes", "Risk types of persons, codes", "人员风险类型代码", func(r *outcomeRow, to []byte) []byte { return append(to, r.personRisk...) }).class(datasets.Personal),
		textColumn("institution_risk_codes", "Risk types of institutions, codes", "机构风险类型代码", func(r *outcomeRow, to []byte) []byte { return append(to, r.institutionRisk...) }),
		floatColumn("paid_amount", "Amount that the insurer bears, yuan", "赔付金额（元）", func(r *outcomeRow) float64 { return r.paid }),
	}
}
