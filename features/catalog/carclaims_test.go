package catalog

import (
	"context"
	"path/filepath"
	"testing"

	"claimsieve/datasets"
	"claimsieve/datasets/public"
	"claimsieve/internal/testenv"
)

// carClaims imports the public car claims file.
func carClaims(t testing.TB) *datasets.Dataset {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "carclaims")
	if _, err := public.ImportCarClaims(context.Background(), testenv.Data(t, "carclaims/fraud_oracle.csv"), dir, public.CarClaimsOptions{}); err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestCarClaimRates holds two of the rates to their definition, claim by claim:
// what was concluded strictly before the day of the report counts, closed
// claims as honest, and the overall share weighs as much as five claims.
func TestCarClaimRates(t *testing.T) {
	d := carClaims(t)
	compute(t, "carclaims", d).saySomething(t)
	v := compute(t, "carclaims-rates", d)
	v.saySomething(t)
	claims := rowsOf(t, d, datasets.ClaimsTable, "claim_id", "fault", "base_policy", "make")
	conclusions, err := d.Outcomes()
	if err != nil {
		t.Fatal(err)
	}
	outcome := map[string]datasets.Outcome{}
	for _, o := range conclusions {
		outcome[o.ClaimID] = o
	}
	v.equalsEvery(t, 97, "rate_make", func(i int) float64 { return shareSoFar(claims, outcome, i, "make") })
	v.equalsEvery(t, 97, "rate_fault_base_policy", func(i int) float64 { return shareSoFar(claims, outcome, i, "fault", "base_policy") })
}

// shareSoFar is the rate of claim i by its values of the columns, with strength 5.
func shareSoFar(claims []row, outcome map[string]datasets.Outcome, i int, columns ...string) float64 {
	const strength = 5
	var all, allFraud, n, fraud float64
	for _, c := range claims {
		o := outcome[c["claim_id"].(string)]
		if !instant(o.ConcludedAt).Before(knownOf(claims[i])) {
			continue
		}
		is := 0.0
		if o.Label == datasets.Confirmed {
			is = 1
		}
		all, allFraud = all+1, allFraud+is
		same := true
		for _, column := range columns {
			same = same && c[column] == claims[i][column]
		}
		if same {
			n, fraud = n+1, fraud+is
		}
	}
	if all == 0 {
		return missing
	}
	return (fraud + strength*allFraud/all) / (n + strength)
}
