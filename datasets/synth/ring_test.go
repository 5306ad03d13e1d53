package synth

import (
	"testing"
)

// Staged rings share telephones across insured; honest claims mostly do not.
func TestRingsShareEntities(t *testing.T) {
	p := sample()
	kinds, rings, holders := strs(t, p.Truth, "kind"), strs(t, p.Truth, "ring_id"), strs(t, p.Claims, "holder_id")
	claims := index(t, strs(t, p.Claims, "claim_id"))
	roles := strs(t, p.Parties, "role")
	of := make([]int, len(roles))
	for i, id := range strs(t, p.Parties, "claim_id") {
		of[i] = claims[id]
	}
	shared := func(entity []string, use func(role string) bool) map[string]float64 {
		users := map[string]map[string]bool{}
		for i, e := range entity {
			if e != "" && use(roles[i]) {
				if users[e] == nil {
					users[e] = map[string]bool{}
				}
				users[e][holders[of[i]]] = true
			}
		}
		linked := make([]bool, len(kinds))
		for i, e := range entity {
			if e != "" && use(roles[i]) && len(users[e]) > 1 {
				linked[of[i]] = true
			}
		}
		return shares(kinds, linked)
	}
	phones := shared(strs(t, p.Parties, "phone"), func(role string) bool { return role == "insured" || role == "driver" })
	if phones["staged_ring"] < 0.6 || phones["honest"] > 0.1 || phones["honest"] == 0 {
		t.Errorf("claims with a shared telephone: %v", phones)
	}
	vehicles := shared(strs(t, p.Parties, "vehicle_id"), func(role string) bool { return role == "insured" || role == "third_party" })
	if vehicles["staged_ring"] < 0.8 || vehicles["honest"] > 0.25 || vehicles["honest"] == 0 {
		t.Errorf("claims with a shared vehicle: %v", vehicles)
	}
	accounts := shared(strs(t, p.Parties, "account"), func(role string) bool { return role == "payee" })
	if accounts["staged_ring"] < 0.9 || accounts["shop_ring"] < 0.7 || accounts["honest"] > 0.5 {
		t.Errorf("claims with a shared account: %v", accounts)
	}
	for i, k := range kinds {
		if (rings[i] != "") != (k == "staged_ring" || k == "shop_ring") {
			t.Fatalf("claim %d of kind %s has ring %q", i, k, rings[i])
		}
	}
}

// shares returns, for each kind, the share of marked claims.
func shares(kinds []string, marked []bool) map[string]float64 {
	n, hits := map[string]float64{}, map[string]float64{}
	for i, k := range kinds {
		n[k]++
		if marked[i] {
			hits[k]++
		}
	}
	for k := range n {
		hits[k] /= n[k]
	}
	return hits
}

// A repair shop ring is one shop and mostly one appraiser, and its insured
// have nothing to do with each other.
func TestShopRings(t *testing.T) {
	p := sample()
	kinds, rings := strs(t, p.Truth, "kind"), strs(t, p.Truth, "ring_id")
	shops, appraisers, holders := strs(t, p.Claims, "repair_shop_id"), strs(t, p.Claims, "appraiser_id"), strs(t, p.Claims, "holder_id")
	claimed, estimated := floats(t, p.Claims, "claimed_amount"), floats(t, p.Claims, "estimated_loss")
	shopOf, insured := map[string]string{}, map[string]map[string]bool{}
	byAppraiser, size := map[string]map[string]int{}, map[string]int{}
	var honestSum, honestN, ringSum, ringN float64
	for i, k := range kinds {
		ratio := claimed[i] / estimated[i]
		if k == "honest" && ratio == ratio {
			honestSum, honestN = honestSum+ratio, honestN+1
		}
		if k != "shop_ring" || shops[i] == "" {
			continue
		}
		r := rings[i]
		if ratio == ratio {
			ringSum, ringN = ringSum+ratio, ringN+1
		}
		if shopOf[r] == "" {
			shopOf[r], insured[r], byAppraiser[r] = shops[i], map[string]bool{}, map[string]int{}
		}
		if shopOf[r] != shops[i] {
			t.Fatalf("ring %s has shops %s and %s", r, shopOf[r], shops[i])
		}
		insured[r][holders[i]] = true
		byAppraiser[r][appraisers[i]]++
		size[r]++
	}
	for r, n := range size {
		most := 0
		for _, k := range byAppraiser[r] {
			most = max(most, k)
		}
		if float64(len(insured[r])) < 0.8*float64(n) || n >= 10 && float64(most) < 0.6*float64(n) {
			t.Errorf("ring %s: %d claims of %d insured, %d with one appraiser", r, n, len(insured[r]), most)
		}
	}
	if len(size) < 5 || ringSum/ringN < 1.3*honestSum/honestN {
		t.Errorf("%d rings, claimed over estimated %.2f, honest %.2f", len(size), ringSum/ringN, honestSum/honestN)
	}
}

// Some payees collect for many claims of insured who have nothing to do with
// each other and with no ring.
func TestCollectors(t *testing.T) {
	p := sample()
	kinds, holders := strs(t, p.Truth, "kind"), strs(t, p.Claims, "holder_id")
	claims, handled := index(t, strs(t, p.Claims, "claim_id")), floats(t, p.Claims, "intermediary_involved")
	payee, insured := strs(t, p.Payments, "payee_id"), map[string]map[string]bool{}
	for i, id := range strs(t, p.Payments, "claim_id") {
		c := claims[id]
		if (kinds[c] == "honest" || kinds[c] == "opportunist") && handled[c] == 1 && payee[i] != holders[c] {
			if insured[payee[i]] == nil {
				insured[payee[i]] = map[string]bool{}
			}
			insured[payee[i]][holders[c]] = true
		}
	}
	many := 0
	for _, of := range insured {
		if len(of) >= 8 {
			many++
		}
	}
	if many < 8 {
		t.Errorf("%d of %d payees collect for eight and more insured", many, len(insured))
	}
}
