package synth

import (
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"claimsieve/datasets"
)

// sample is the default portfolio, simulated once for all tests.
var sample = sync.OnceValue(func() *Portfolio {
	p, err := Generate(Config{Seed: 11})
	if err != nil {
		panic(err)
	}
	return p
})

func strs(t *testing.T, table *datasets.Table, name string) []string {
	t.Helper()
	return read(t, table.Strings, name)
}

func floats(t *testing.T, table *datasets.Table, name string) []float64 {
	t.Helper()
	return read(t, table.Floats, name)
}

func micros(t *testing.T, table *datasets.Table, name string) []int64 {
	t.Helper()
	return read(t, table.Micros, name)
}

func read[T any](t *testing.T, of func(string) ([]T, error), name string) []T {
	t.Helper()
	out, err := of(name)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// index maps ids to rows and fails for an id that comes twice.
func index(t *testing.T, ids []string) map[string]int {
	t.Helper()
	out := make(map[string]int, len(ids))
	for i, id := range ids {
		if _, twice := out[id]; twice || id == "" {
			t.Fatalf("id %q of row %d is empty or there twice", id, i)
		}
		out[id] = i
	}
	return out
}

func TestClocksAndReferences(t *testing.T) {
	checkClocks(t, sample())
	checkReferences(t, sample())
}

const dayMicros = 24 * 60 * 60 * 1_000_000

// checkClocks checks the order of times within every row and the period.
func checkClocks(t *testing.T, p *Portfolio) {
	t.Helper()
	begin, end := p.Config.Start.UnixMicro(), p.Config.end().UnixMicro()
	happened, reported := micros(t, p.Claims, "happened_at"), micros(t, p.Claims, "reported_at")
	issued, start := micros(t, p.Claims, "policy_issued_on"), micros(t, p.Claims, "policy_start_on")
	surveyed, assessed := micros(t, p.Claims, "surveyed_at"), micros(t, p.Claims, "assessed_at")
	hours := floats(t, p.Claims, "hour_of_loss")
	for i := range happened {
		if happened[i] >= reported[i] || reported[i] < begin || reported[i] >= end || i > 0 && reported[i] < reported[i-1] {
			t.Fatalf("claim %d: happened %d, reported %d", i, happened[i], reported[i])
		}
		if issued[i] > start[i] || start[i] > happened[i] || happened[i] >= start[i]+policyDays*dayMicros {
			t.Fatalf("claim %d: issued %d, start %d, happened %d", i, issued[i], start[i], happened[i])
		}
		if surveyed[i] != datasets.NoTime && (surveyed[i] <= reported[i] || surveyed[i] >= end) ||
			assessed[i] != datasets.NoTime && (assessed[i] <= max(reported[i], surveyed[i]) || assessed[i] >= end) {
			t.Fatalf("claim %d: reported %d, surveyed %d, assessed %d", i, reported[i], surveyed[i], assessed[i])
		}
		if h := float64(time.UnixMicro(happened[i]).UTC().Hour()); !math.IsNaN(hours[i]) && hours[i] != h {
			t.Fatalf("claim %d: hour %v of %d", i, hours[i], happened[i])
		}
	}
	claims := index(t, strs(t, p.Claims, "claim_id"))
	concluded := micros(t, p.Outcomes, "concluded_at")
	if !slices.IsSorted(concluded) {
		t.Fatal("outcomes are not in the order of conclusion")
	}
	for i, id := range strs(t, p.Outcomes, "claim_id") {
		c := claims[id]
		if concluded[i] <= max(reported[c], assessed[c]) || concluded[i] >= end || assessed[c] == datasets.NoTime {
			t.Fatalf("outcome %d of %s: concluded %d, reported %d, assessed %d", i, id, concluded[i], reported[c], assessed[c])
		}
	}
	known := micros(t, p.Parties, "known_at")
	for i, id := range strs(t, p.Parties, "claim_id") {
		if known[i] < reported[claims[id]] || known[i] >= end {
			t.Fatalf("party %d of %s: known %d, reported %d", i, id, known[i], reported[claims[id]])
		}
	}
}

// checkReferences checks that every id leads somewhere and what is repeated agrees.
func checkReferences(t *testing.T, p *Portfolio) {
	t.Helper()
	policies := index(t, strs(t, p.Policies, "policy_id"))
	holders, vehicles := strs(t, p.Policies, "holder_id"), strs(t, p.Policies, "vehicle_id")
	start, issued, sums := micros(t, p.Policies, "start_on"), micros(t, p.Policies, "issued_on"), floats(t, p.Policies, "sum_insured")
	ids := strs(t, p.Claims, "claim_id")
	claims := index(t, ids)
	holder, vehicle, driver := strs(t, p.Claims, "holder_id"), strs(t, p.Claims, "vehicle_id"), strs(t, p.Claims, "driver_id")
	cStart, cIssued, cSum := micros(t, p.Claims, "policy_start_on"), micros(t, p.Claims, "policy_issued_on"), floats(t, p.Claims, "sum_insured")
	for i, id := range strs(t, p.Claims, "policy_id") {
		k, ok := policies[id]
		if !ok || holders[k] != holder[i] || vehicles[k] != vehicle[i] || start[k] != cStart[i] || issued[k] != cIssued[i] || cSum[i] <= 0 || sums[k] <= 0 {
			t.Fatalf("claim %s: policy %s does not agree (found %v)", ids[i], id, ok)
		}
	}
	roles, persons := strs(t, p.Parties, "role"), strs(t, p.Parties, "party_id")
	seen := make([]int, len(ids))
	for i, id := range strs(t, p.Parties, "claim_id") {
		c, ok := claims[id]
		if !ok || persons[i] == "" {
			t.Fatalf("party %d: claim %q unknown or no person", i, id)
		}
		if roles[i] == "insured" && persons[i] != holder[c] || roles[i] == "driver" && persons[i] != driver[c] {
			t.Fatalf("party %d: %s of %s is not the claim's", i, roles[i], id)
		}
		if roles[i] == "insured" || roles[i] == "driver" || roles[i] == "reporter" {
			seen[c]++
		}
	}
	for i, n := range seen {
		if n != 3 {
			t.Fatalf("claim %s has %d of insured, driver and reporter", ids[i], n)
		}
	}
	index(t, strs(t, firsts(t, p), "claim_id")) // one first outcome at most per claim
	for _, id := range strs(t, p.Outcomes, "claim_id") {
		if _, ok := claims[id]; !ok {
			t.Fatalf("outcome of unknown claim %s", id)
		}
	}
	if truth := strs(t, p.Truth, "claim_id"); len(truth) != len(ids) || truth[0] != ids[0] {
		t.Fatal("the truth is not in the order of the claims")
	}
}

// previous_claims_12m is recomputed from the claims table the slow way.
func TestPreviousClaimsByCounting(t *testing.T) {
	p, err := Generate(Config{Seed: 5, Claims: 3000, Months: 24, FraudShare: 0.2})
	if err != nil {
		t.Fatal(err)
	}
	reported, holder := micros(t, p.Claims, "reported_at"), strs(t, p.Claims, "holder_id")
	total := 0.0
	for i, got := range floats(t, p.Claims, "previous_claims_12m") {
		want := 0.0
		for j := range holder {
			if holder[j] == holder[i] && reported[j] < reported[i] && reported[i]-reported[j] <= 365*dayMicros {
				want++
			}
		}
		if got != want {
			t.Fatalf("claim %d: %v, counted %v", i, got, want)
		}
		total += got
	}
	if total == 0 {
		t.Error("nobody claimed twice")
	}
}

// The arms do not disturb each other: without the random arm the claims, the
// policies and the truth are the same, but for when a file was closed and what
// was paid.
func TestRandomArmChangesOutcomesOnly(t *testing.T) {
	with, without := Config{Seed: 2, Claims: 2000}, Config{Seed: 2, Claims: 2000, AuditShare: NoAudit}
	a, err := Generate(with)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Generate(without)
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]*datasets.Table{{beforeAudit(t, a), beforeAudit(t, b)}, {a.Policies, b.Policies}, {a.Parties, b.Parties}, {a.Truth, b.Truth}} {
		if contents(pair[0]) != contents(pair[1]) {
			t.Errorf("table %s differs", pair[0].Name())
		}
	}
	if contents(a.Outcomes) == contents(b.Outcomes) {
		t.Error("outcomes are the same")
	}
	for _, why := range strs(t, b.Outcomes, "why_investigated") {
		if why == "random" {
			t.Fatal("a random investigation without a random arm")
		}
	}
}
