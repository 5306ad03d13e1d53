package datasets

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// closingSpec has all of Article 26's fields.
func closingSpec() *Spec {
	return &Spec{Format: 1, Name: "closing", Tables: map[string]*TableSpec{
		"claims": {Files: []string{"claims.parquet"}, Key: "claim_id", KnownAt: "reported_at", Columns: []ColumnSpec{
			{Name: "claim_id", Type: ID}, {Name: "reported_at", Type: Time}, {Name: "claimed_amount", Type: Float, Stage: Assessment},
		}},
		"payments": {Files: []string{"payments.parquet"}, KnownAt: "paid_at", Columns: []ColumnSpec{
			{Name: "claim_id", Type: ID}, {Name: "paid_at", Type: Time}, {Name: "amount", Type: Float},
		}},
		"outcomes": {Files: []string{"outcomes.parquet"}, KnownAt: "concluded_at", Columns: []ColumnSpec{
			{Name: "claim_id", Type: ID}, {Name: "concluded_at", Type: Time}, {Name: "conclusion", Type: Category},
			{Name: "fraud_flag", Type: Category}, {Name: "fraud_types", Type: Text}, {Name: "refused", Type: Bool},
			{Name: "refusal_reason", Type: Category}, {Name: "recovered_amount", Type: Float}, {Name: "paid_amount", Type: Float},
			{Name: "vehicle_risk_codes", Type: Text}, {Name: "person_risk_codes", Type: Text}, {Name: "institution_risk_codes", Type: Text},
			{Name: "propensity", Type: Float},
		}},
	}}
}

// closingRows are sound outcomes of every kind; the columns are those of
// closingSpec.
func closingRows() [][]any {
	rows := [][]any{
		{"refused_fraud", "01", "02.3,02.4", true, "R01", 900.0, 0.0, "V01,V09", "P01", "I01;I02"},
		{"withdrawn_fraud", "02", "01.1", false, nil, 1000.0, 0.0, nil, nil, nil},
		{"confirmed_fraud", "01", "11", true, "R02", 500.0, 0.0, nil, nil, nil},
		{"suspected", "03", "15", false, nil, 100.0, 900.0, nil, "P08", nil},
		{"cleared", nil, nil, false, nil, nil, 1000.0, nil, nil, nil},
		{"inconclusive", nil, nil, true, "R03", nil, 0.0, nil, nil, nil},
		{"closed", nil, nil, false, nil, nil, 1000.0, nil, nil, nil},
	}
	out := make([][]any, len(rows))
	for i, r := range rows {
		out[i] = append([]any{fmt.Sprintf("C%d", i), fmt.Sprintf("2024-03-%02dT10:00:00Z", i+1)}, append(r, 0.5)...)
	}
	return out
}

func closingDataset(t testing.TB, outcomes, payments [][]any) *Dataset {
	claims := make([][]any, len(outcomes))
	for i := range claims {
		claims[i] = []any{fmt.Sprintf("C%d", i), fmt.Sprintf("2024-01-01T10:00:%02dZ", i), 1000.0}
	}
	return writeRaw(t, closingSpec(), map[string][][]any{"claims": claims, "outcomes": outcomes, "payments": payments})
}

func TestSoundClosingsHaveNoFindings(t *testing.T) {
	r := mustCheck(t, closingDataset(t, closingRows(), [][]any{{"C4", "2024-03-05T11:00:00Z", 1000.0}}))
	if len(r.Findings) != 0 {
		t.Errorf("%+v", r.Findings)
	}
}

// The places of fields in a row of closingRows.
const (
	atFlag = 3 + iota
	atTypes
	atRefused
	atReason
	atRecovered
	atPaid
	atVehicle
	atPerson
	atInstitution
	atPropensity
)

// TestEveryContradictionIsFound spoils one field of one sound outcome at a time:
// one finding of that kind at that row comes out, and no other.
func TestEveryContradictionIsFound(t *testing.T) {
	const refused, withdrawn, confirmed, suspected, cleared, inconclusive, closed = 0, 1, 2, 3, 4, 5, 6
	for _, c := range []struct {
		row, field int
		value      any
		kind       Kind
		column     string
	}{
		{refused, atFlag, "02", FlagContradiction, "fraud_flag"},
		{refused, atFlag, "03", FlagContradiction, "fraud_flag"},
		{refused, atFlag, nil, MissingFlag, "fraud_flag"},
		{withdrawn, atFlag, "01", FlagContradiction, "fraud_flag"},
		{confirmed, atFlag, "03", FlagContradiction, "fraud_flag"},
		{suspected, atFlag, nil, MissingFlag, "fraud_flag"},
		{cleared, atFlag, "03", FlagContradiction, "fraud_flag"},
		{suspected, atFlag, "9", UnknownCode, "fraud_flag"},
		{cleared, atTypes, "15", TypesWithoutFraud, "fraud_types"},
		{closed, atTypes, "15", TypesWithoutFraud, "fraud_types"},
		{refused, atTypes, "02.3,02.9", UnknownCode, "fraud_types"},
		{refused, atTypes, "02.3,,02.4", UnknownCode, "fraud_types"},
		{refused, atRefused, nil, ReasonWithoutRefusal, "refusal_reason"},
		{withdrawn, atReason, "R01", ReasonWithoutRefusal, "refusal_reason"},
		{inconclusive, atReason, nil, RefusalWithoutReason, "refusal_reason"},
		{inconclusive, atReason, "because", UnknownCode, "refusal_reason"},
		{refused, atRecovered, -0.01, RecoveredOutOfRange, "recovered_amount"},
		{refused, atRecovered, 1000.02, RecoveredOutOfRange, "recovered_amount"},
		{refused, atPaid, 0.01, PaidDespiteFraud, "paid_amount"},
		{withdrawn, atPaid, -500.0, PaidDespiteFraud, "paid_amount"},
		{suspected, atVehicle, "P01", UnknownCode, "vehicle_risk_codes"},
		{suspected, atPerson, "P01,P99", UnknownCode, "person_risk_codes"},
		{suspected, atInstitution, "I1", UnknownCode, "institution_risk_codes"},
		{cleared, atPropensity, 1.01, BadPropensity, "propensity"},
	} {
		rows := closingRows()
		rows[c.row][c.field] = c.value
		got := mustCheck(t, closingDataset(t, rows, nil)).Findings
		if len(got) != 1 || got[0].Kind != c.kind || got[0].Column != c.column || got[0].Row != c.row+1 || got[0].Count != 1 || got[0].Mend == "" {
			t.Errorf("row %d, field %d, value %v: %+v, want %s", c.row, c.field, c.value, got, c.kind)
		}
	}
	rows := closingRows()
	rows[refused][atRefused], rows[refused][atReason] = false, nil
	if got := mustCheck(t, closingDataset(t, rows, nil)).Findings; len(got) != 1 || got[0].Kind != RefusalContradiction {
		t.Errorf("refused for fraud and not refused: %+v", got)
	}
	rows = closingRows()
	rows[withdrawn][atRefused], rows[withdrawn][atReason] = true, "R01"
	if got := mustCheck(t, closingDataset(t, rows, nil)).Findings; len(got) != 1 || got[0].Kind != RefusalContradiction {
		t.Errorf("withdrawn and refused: %+v", got)
	}
}

// TestPaymentsCountByTheirSum looks at the sum of a claim's payments and at its
// last conclusion only.
func TestPaymentsCountByTheirSum(t *testing.T) {
	paid := [][]any{{"C0", "2024-02-01T00:00:00Z", 400.0}, {"C0", "2024-02-09T00:00:00Z", -400.0}, {"C1", "2024-02-01T00:00:00Z", 12.5}}
	got := mustCheck(t, closingDataset(t, closingRows(), paid)).Findings
	if len(got) != 1 || got[0].Kind != PaidDespiteFraud || got[0].Row != 2 || !strings.Contains(got[0].Value, "12.50 in all") {
		t.Errorf("%+v", got)
	}
	again := append(closingRows(), slices.Clone(closingRows()[4]))
	again[7][0], again[7][1] = "C1", "2024-05-01T00:00:00Z" // reopened and cleared: the payment was due
	got = mustCheck(t, closingDataset(t, again, paid)).Findings
	if len(got) != 1 || got[0].Kind != RepeatedOutcome {
		t.Errorf("%+v", got)
	}
}

// TestFlagThatIsATruth is how the flag stands where it has no codes.
func TestFlagThatIsATruth(t *testing.T) {
	for _, c := range []struct {
		conclusion string
		flag       any
		kind       Kind
	}{
		{"refused_fraud", true, ""}, {"refused_fraud", false, FlagContradiction}, {"refused_fraud", nil, MissingFlag},
		{"suspected", nil, ""}, {"suspected", true, FlagContradiction}, {"suspected", false, FlagContradiction},
		{"cleared", false, ""}, {"cleared", nil, ""}, {"cleared", true, FlagContradiction},
		{"closed", false, ""}, {"closed", true, FlagContradiction},
	} {
		spec := smallSpec()
		spec.Tables["outcomes"].Columns[4] = ColumnSpec{Name: "fraud_flag", Type: Bool}
		d := writeRaw(t, spec, map[string][][]any{"claims": smallClaims, "outcomes": {{"C1", "2023-06-01T00:00:00Z", c.conclusion, 0.5, c.flag}}})
		var got Kind
		for _, f := range mustCheck(t, d).Findings {
			if f.Kind != NullColumn {
				got = f.Kind
			}
		}
		if got != c.kind {
			t.Errorf("%s with flag %v: %q, want %q", c.conclusion, c.flag, got, c.kind)
		}
	}
}

// TestCodeTablesOfTheDataset replaces a table and gives another column one.
func TestCodeTablesOfTheDataset(t *testing.T) {
	rows := closingRows()
	rows[0][atTypes] = "F1,F2"
	rows[0][atVehicle] = "F1"
	d := closingDataset(t, rows, nil)
	for _, table := range []string{"fraud_types", "mine"} {
		d.Spec.Codes = map[string]string{table: "codes/own.csv"}
		writeFile(t, filepath.Join(d.Dir, "codes", "own.csv"), "code,zh,en,group,source,verified\nF1,甲,,,ours,no\nF2,乙,,,ours,no\n02.3,丙,,,ours,yes\n")
		d.Spec.Tables["outcomes"].Column("vehicle_risk_codes").Codes = table
		var at []string
		for _, f := range mustCheck(t, d).Findings {
			at = append(at, fmt.Sprintf("%s %s %d", f.Kind, f.Column, f.Count))
		}
		want := "unknown_code fraud_types 3" // rows 2 to 4 have codes of the program's table
		if table == "mine" {
			want = "unknown_code fraud_types 1"
		}
		if !slices.Contains(at, want) || slices.ContainsFunc(at, func(s string) bool { return strings.Contains(s, "vehicle") }) {
			t.Errorf("%s: %q, want %s", table, at, want)
		}
	}
	writeFile(t, filepath.Join(d.Dir, "codes", "own.csv"), "code\n")
	if r := mustCheck(t, d); r.OK() || r.Findings[0].Kind != UnreadableCodes || !strings.Contains(r.Findings[0].Text, "codes/own.csv:1:1") {
		t.Errorf("%+v", r.Findings)
	}
	os.Remove(filepath.Join(d.Dir, "codes", "own.csv"))
	if r := mustCheck(t, d); r.OK() || r.Findings[0].Kind != UnreadableCodes {
		t.Errorf("%+v", r.Findings)
	}
}
