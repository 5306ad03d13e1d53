package synth

import "fmt"

// truthColumns returns the columns of truth.parquet.
func truthColumns() []column[*claimRow] {
	return []column[*claimRow]{
		idColumn("claim_id", "Claim", "赔案号", func(r *claimRow, to []byte) []byte { return writeClaimID(to, r.at) }),
		boolColumn("fraud", "Fraud in truth", "真实欺诈", func(r *claimRow) (bool, bool) { return r.fraud(), true }),
		wordColumn("kind", "Kind of claim in truth", "真实类别", kindWords, func(r *claimRow) int { return int(r.kind) }),
		idColumn("ring_id", "Ring", "团伙", func(r *claimRow, to []byte) []byte {
			if r.ring < 0 {
				return to
			}
			return fmt.Appendf(to, "R%05d", r.ring)
		}),
		floatColumn("true_probability", "Chance of fraud given the claim's own facts at report", "真实欺诈概率", func(r *claimRow) float64 { return r.chance }),
	}
}
