package catalog

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"claimsieve/datasets"
	"claimsieve/datasets/synth"
)

// simulated writes a simulated motor portfolio.
func simulated(t testing.TB, claims int) *datasets.Dataset {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "motor")
	if err := synth.Write(context.Background(), dir, synth.Config{Claims: claims, Seed: 3}, nil); err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// unseen are indicators that say the same of all of some thousand simulated
// claims: the simulation has no losses outside the policy's region, no digits in
// narratives, one account to a payee and no payment above the claim, and the
// others are rare.
var unseen = []string{
	"away_from_home", "story_digits", "payee_accounts_730d", "rule_paid_above_claim",
	"water_without_rain", "story_own_copies", "party_as_injured_730d",
	"rule_issue_then_loss", "rule_dry_flood_unseen", "rule_fast_and_high", "rule_split_payment",
}

// TestMotorOnASimulatedPortfolio compiles and computes the pipeline at each of
// its stages: every indicator can run, and tells claims apart.
func TestMotorOnASimulatedPortfolio(t *testing.T) {
	d := simulated(t, 2500)
	for _, name := range everywhere["motor"] {
		compute(t, name, d).saySomething(t, unseen...)
	}
}

// TestMotorCounts holds some of the pipeline's answers to the claims table
// itself, counted one by one.
func TestMotorCounts(t *testing.T) {
	d := simulated(t, 1200)
	v := compute(t, "motor", d)
	claims := rowsOf(t, d, datasets.ClaimsTable, "claim_id", "vehicle_id", "holder_id", "driver_id", "reporter_phone")
	same := func(column string) func(i int) func(row) bool {
		return func(i int) func(row) bool {
			return func(c row) bool { return c[column] == claims[i][column] }
		}
	}
	v.equals(t, "vehicle_claims_365d", func(i int) float64 { return count(claims, i, 365, same("vehicle_id")(i)) })
	v.equals(t, "vehicle_drivers_730d", func(i int) float64 { return distinct(claims, i, 730, "driver_id", same("vehicle_id")(i)) })
	v.equals(t, "driver_claims_365d", func(i int) float64 {
		return count(claims, i, 365, func(c row) bool {
			return slices.Contains([]any{c["driver_id"], c["holder_id"]}, claims[i]["driver_id"])
		})
	})
	v.equals(t, "phone_claims_180d", func(i int) float64 {
		if claims[i]["reporter_phone"] == nil {
			return missing
		}
		return count(claims, i, 180, same("reporter_phone")(i))
	})
}

// TestMotorConfirmed counts confirmed and concluded investigations one by one:
// the latest conclusion known before the report holds, corrections included.
func TestMotorConfirmed(t *testing.T) {
	d := simulated(t, 2500)
	v := compute(t, "motor", d)
	claims := rowsOf(t, d, datasets.ClaimsTable, "claim_id", "vehicle_id", "driver_id", "holder_id")
	outcomes, err := d.Outcomes()
	if err != nil {
		t.Fatal(err)
	}
	ofClaim := map[string][]datasets.Outcome{}
	for _, o := range outcomes {
		ofClaim[o.ClaimID] = append(ofClaim[o.ClaimID], o)
	}
	tally := func(i int, same func(row) bool, labels ...datasets.Label) float64 {
		n := 0.0
		for j, c := range claims {
			if j == i || !same(c) {
				continue
			}
			latest := datasets.LatestOutcomes(ofClaim[c["claim_id"].(string)], knownOf(claims[i]).UnixMicro())
			if o, ok := latest[c["claim_id"].(string)]; ok && slices.Contains(labels, o.Label) {
				n++
			}
		}
		return n
	}
	holder := func(i int) func(row) bool {
		return func(c row) bool {
			return c["driver_id"] == claims[i]["holder_id"] || c["holder_id"] == claims[i]["holder_id"]
		}
	}
	v.equalsEvery(t, 3, "vehicle_confirmed", func(i int) float64 {
		return tally(i, func(c row) bool { return c["vehicle_id"] == claims[i]["vehicle_id"] }, datasets.Confirmed)
	})
	v.equalsEvery(t, 3, "holder_confirmed", func(i int) float64 { return tally(i, holder(i), datasets.Confirmed) })
	v.equalsEvery(t, 3, "holder_investigated", func(i int) float64 { return tally(i, holder(i), datasets.Confirmed, datasets.Cleared) })
}

// rowsOf reads some word columns of a table, with the two clocks of a claim.
func rowsOf(t testing.TB, d *datasets.Dataset, table string, words ...string) []row {
	t.Helper()
	spec := d.Spec.Tables[table]
	read, err := d.Table(table, append([]string{spec.HappenedAt, spec.KnownAt}, words...)...)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]row, read.Rows())
	for i := range out {
		out[i] = row{}
	}
	for name, column := range map[string]string{"happened_at": spec.HappenedAt, "reported_at": spec.KnownAt} {
		micros, err := read.Micros(column)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range micros {
			out[i][name] = instant(m)
		}
	}
	for _, name := range words {
		values, err := read.Strings(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range values {
			if v != "" {
				out[i][name] = v
			}
		}
	}
	return out
}
