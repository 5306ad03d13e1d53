package synth

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets"
)

// firsts returns the first outcomes of the claims.
func firsts(t *testing.T, p *Portfolio) *datasets.Table {
	t.Helper()
	seen := map[string]bool{}
	ids, row := strs(t, p.Outcomes, "claim_id"), 0
	var chunks []arrow.Record
	for _, chunk := range p.Outcomes.Chunks() {
		from := int64(0)
		for i := range chunk.NumRows() {
			if seen[ids[row]] {
				chunks = append(chunks, chunk.NewSlice(from, i))
				from = i + 1
			}
			seen[ids[row]] = true
			row++
		}
		chunks = append(chunks, chunk.NewSlice(from, chunk.NumRows()))
	}
	out, err := datasets.NewTable("first outcomes", p.Outcomes.Schema(), chunks)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// beforeAudit returns the claims without the columns of the audit stage.
func beforeAudit(t *testing.T, p *Portfolio) *datasets.Table {
	t.Helper()
	var kept []int
	for i, c := range claimColumns() {
		if c.Stage < datasets.Audit {
			kept = append(kept, i)
		}
	}
	fields := make([]arrow.Field, len(kept))
	for i, k := range kept {
		fields[i] = p.Claims.Schema().Field(k)
	}
	schema := arrow.NewSchema(fields, nil)
	var chunks []arrow.Record
	for _, c := range p.Claims.Chunks() {
		columns := make([]arrow.Array, len(kept))
		for i, k := range kept {
			columns[i] = c.Column(k)
		}
		chunks = append(chunks, array.NewRecord(schema, columns, c.NumRows()))
	}
	out, err := datasets.NewTable("claims before audit", schema, chunks)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A value of a stage is there only once the stage's time is.
func TestNoValueBeforeItsStage(t *testing.T) {
	p := sample()
	spec := p.Spec()
	claims := spec.Tables["claims"]
	stages := 0
	for i, c := range claims.Columns {
		at := claims.StageTime(c.FromStage())
		if at == "" {
			t.Fatalf("no time for the stage of column %s", c.Name)
		}
		if c.FromStage() > datasets.Report {
			stages++
		}
		reached := micros(t, p.Claims, at)
		row, values := 0, 0
		for _, chunk := range p.Claims.Chunks() {
			column := chunk.Column(i)
			for k := range column.Len() {
				if column.IsValid(k) {
					values++
					if reached[row] == datasets.NoTime {
						t.Fatalf("row %d: %s is there, %s is not", row, c.Name, at)
					}
				}
				row++
			}
		}
		if values == 0 {
			t.Errorf("column %s has no value at all", c.Name)
		}
	}
	if stages < 30 || len(claims.Columns) < 55 {
		t.Errorf("%d columns, %d of later stages", len(claims.Columns), stages)
	}
	if err := spec.Validate(); err != nil {
		t.Error(err)
	}
}

// The stages follow each other: no file is closed before its conclusion.
func TestClosingFollowsTheConclusion(t *testing.T) {
	p := sample()
	claims := index(t, strs(t, p.Claims, "claim_id"))
	closed, assessed := micros(t, p.Claims, "closed_at"), micros(t, p.Claims, "assessed_at")
	concluded, end := micros(t, p.Outcomes, "concluded_at"), p.Config.end().UnixMicro()
	last := make([]int64, len(closed))
	for i, id := range strs(t, p.Outcomes, "claim_id") {
		last[claims[id]] = max(last[claims[id]], concluded[i])
	}
	open := 0
	for i, at := range closed {
		if at == datasets.NoTime {
			open++
			continue
		}
		if last[i] == 0 || at <= last[i] || at <= assessed[i] || at >= end {
			t.Fatalf("claim %d: assessed %d, concluded %d, closed %d", i, assessed[i], last[i], at)
		}
	}
	if share := float64(open) / float64(len(closed)); share < 0.005 || share > 0.1 {
		t.Errorf("%.3f of the files are open at the end", share)
	}
}

// Payments add up to what the insurer bears; only what a correction recovers
// makes a difference.
func TestPaymentsAddUp(t *testing.T) {
	p := sample()
	ids := strs(t, p.Claims, "claim_id")
	claims := index(t, ids)
	closed, paid := micros(t, p.Claims, "closed_at"), floats(t, p.Claims, "paid_amount")
	holder, toInsured := strs(t, p.Claims, "holder_id"), floats(t, p.Claims, "payee_is_insured")
	sum, payees := make([]float64, len(ids)), make([]string, len(ids))
	amount, at, payee, account := floats(t, p.Payments, "amount"), micros(t, p.Payments, "paid_at"), strs(t, p.Payments, "payee_id"), strs(t, p.Payments, "account")
	for i, id := range strs(t, p.Payments, "claim_id") {
		c := claims[id]
		sum[c], payees[c] = sum[c]+amount[i], payee[i]
		if amount[i] <= 0 || account[i] == "" || at[i] >= p.Config.end().UnixMicro() || closed[c] != datasets.NoTime && at[i] > closed[c] {
			t.Fatalf("payment %d for %s: %v at %d, closed %d", i, id, amount[i], at[i], closed[c])
		}
		if (toInsured[c] == 1) != (payee[i] == holder[c]) {
			t.Fatalf("payment %d for %s: payee %s, insured %s, payee_is_insured %v", i, id, payee[i], holder[c], toInsured[c])
		}
	}
	// The payee of the parties table is the one that is paid.
	roles, persons := strs(t, p.Parties, "role"), strs(t, p.Parties, "party_id")
	for i, id := range strs(t, p.Parties, "claim_id") {
		if c := claims[id]; roles[i] == "payee" && payees[c] != "" && payees[c] != persons[i] {
			t.Fatalf("claim %s: %s is paid, the payee is %s", id, payees[c], persons[i])
		}
	}
	recovered := 0
	for i := range ids {
		switch {
		case closed[i] == datasets.NoTime || sum[i] == paid[i]:
		case sum[i] > paid[i]:
			recovered++
		default:
			t.Fatalf("claim %s: %v paid, %v borne", ids[i], sum[i], paid[i])
		}
	}
	if recovered > 30 {
		t.Errorf("%d claims with recovered payments", recovered)
	}
}

// Rows of one claim are corrections: from cleared to confirmed or the reverse,
// about one in two hundred of what was investigated.
func TestCorrections(t *testing.T) {
	var investigated, corrected float64
	for seed := range uint64(3) {
		p, err := Generate(Config{Seed: 60 + seed})
		if err != nil {
			t.Fatal(err)
		}
		before := map[string]int{}
		conclusion, why := strs(t, p.Outcomes, "conclusion"), strs(t, p.Outcomes, "why_investigated")
		concluded, propensity := micros(t, p.Outcomes, "concluded_at"), floats(t, p.Outcomes, "propensity")
		fraud, claims := floats(t, p.Truth, "fraud"), index(t, strs(t, p.Claims, "claim_id"))
		for i, id := range strs(t, p.Outcomes, "claim_id") {
			k, second := before[id]
			if !second {
				before[id] = i
				if why[i] != "" {
					investigated++
				}
				continue
			}
			corrected++
			turned := conclusion[k] + " " + conclusion[i]
			right := turned == "cleared confirmed_fraud" && fraud[claims[id]] == 1 ||
				(turned == "refused_fraud cleared" || turned == "confirmed_fraud cleared") && fraud[claims[id]] == 0
			if !right || concluded[i]-concluded[k] < 7*dayMicros || why[i] != why[k] ||
				propensity[i] != propensity[k] && !math.IsNaN(propensity[i]) {
				t.Fatalf("claim %s: %s at %d, before at %d", id, turned, concluded[i], concluded[k])
			}
		}
	}
	if share := corrected / investigated; share < 0.003 || share > 0.007 {
		t.Errorf("%v of %v investigated claims are corrected: %.4f, documented 0.005", corrected, investigated, share)
	}
}

// Some claims are reported weeks after the loss.
func TestLateReports(t *testing.T) {
	p := sample()
	happened, reported := micros(t, p.Claims, "happened_at"), micros(t, p.Claims, "reported_at")
	var weeks, months float64
	for i := range happened {
		days := (reported[i] - happened[i]) / dayMicros
		if days >= 10 {
			weeks++
		}
		if days >= 30 {
			months++
		}
		if days > latestDays {
			t.Fatalf("claim %d is reported after %d days", i, days)
		}
	}
	if n := float64(len(happened)); weeks/n < 0.01 || weeks/n > 0.03 || months < 0.2*weeks || months > 0.6*weeks {
		t.Errorf("%v claims are reported after 10 days, %v after 30", weeks, months)
	}
}

// Table by table, streaming gives what the portfolio in memory has.
func TestWriteIsGenerate(t *testing.T) {
	cfg := Config{Seed: 8, Claims: 2500}
	dir := t.TempDir()
	if err := Write(t.Context(), dir, cfg, nil); err != nil {
		t.Fatal(err)
	}
	p, err := Generate(cfg)
	if err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]*datasets.Table{"policies": p.Policies, "claims": p.Claims, "parties": p.Parties, "payments": p.Payments, "outcomes": p.Outcomes} {
		got, err := d.Table(name)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := cells(got), cells(want); !slices.Equal(a, b) {
			t.Errorf("table %s: %d cells read, %d in memory, or they differ", name, len(a), len(b))
		}
	}
}

// cells are the values of a table, column by column.
func cells(table *datasets.Table) (out []string) {
	for k := range table.Schema().NumFields() {
		for _, chunk := range table.Chunks() {
			for i := range chunk.Column(k).Len() {
				out = append(out, chunk.ColumnName(k)+"="+strings.Clone(chunk.Column(k).ValueStr(i)))
			}
		}
	}
	return out
}
