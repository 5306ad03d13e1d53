package synth

import (
	"cmp"
	"fmt"
	"slices"
)

// outcomeRow is one concluded claim.
type outcomeRow struct {
	*claim
	at int // place in the order of report
}

// outcomeRows lists what was concluded before the end of the period, in the
// order of conclusion.
func (s *simulation) outcomeRows() []outcomeRow {
	var rows []outcomeRow
	for i := range s.claims {
		if c := &s.claims[i]; c.concluded < s.end {
			rows = append(rows, outcomeRow{claim: c, at: i})
		}
	}
	slices.SortFunc(rows, func(a, b outcomeRow) int {
		return cmp.Or(cmp.Compare(a.concluded, b.concluded), cmp.Compare(a.at, b.at))
	})
	return rows
}

// outcomeColumns returns the columns of the outcomes table (Application
// Guideline No. 1, Article 26).
func outcomeColumns() []column[outcomeRow] {
	return []column[outcomeRow]{
		idColumn("claim_id", "Claim", "赔案号", func(r outcomeRow, to []byte) []byte { return writeClaimID(to, r.at) }),
		timeColumn("concluded_at", "Time of conclusion", "结论时间", func(r outcomeRow) int64 { return r.concluded }),
		wordColumn("conclusion", "Conclusion", "结论", conclusionWords, func(r outcomeRow) int { return int(r.conclusion) }),
		boolColumn("fraud_flag", "Fraud, where the conclusion is clear", "欺诈标志", func(r outcomeRow) (bool, bool) {
			return r.conclusion <= confirmed, r.conclusion <= confirmed || r.conclusion == cleared
		}),
		textColumn("fraud_types", "Kinds of fraud, codes of the taxonomy", "欺诈类型代码", func(r outcomeRow, to []byte) []byte { return append(to, r.types...) }),
		floatColumn("recovered_amount", "Amount saved or recovered, yuan", "减损金额（元）", func(r outcomeRow) float64 { return r.recovered }),
		wordColumn("why_investigated", "Why it was investigated", "调查原因", whyWords, func(r outcomeRow) int { return int(r.why) }),
		floatColumn("propensity", "Probability of being chosen for investigation", "被选入调查的概率", func(r outcomeRow) float64 { return r.propensity }),
	}
}

// truthColumns returns the columns of truth.parquet.
func truthColumns() []column[claimRow] {
	return []column[claimRow]{
		idColumn("claim_id", "Claim", "赔案号", func(r claimRow, to []byte) []byte { return writeClaimID(to, r.at) }),
		boolColumn("fraud", "Fraud in truth", "真实欺诈", func(r claimRow) (bool, bool) { return r.fraud(), true }),
		wordColumn("kind", "Kind of claim in truth", "真实类别", kindWords, func(r claimRow) int { return int(r.kind) }),
		idColumn("ring_id", "Ring", "团伙", func(r claimRow, to []byte) []byte {
			if r.ring < 0 {
				return to
			}
			return fmt.Appendf(to, "R%05d", r.ring)
		}),
		floatColumn("true_probability", "Chance of fraud given the claim's own facts at report", "真实欺诈概率", func(r claimRow) float64 { return r.chance }),
	}
}
