package network_test

import (
	"os"
	"strconv"
	"testing"

	"claimsieve/datasets/synth"
	"claimsieve/features/network"
)

func TestZZDump(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("ZZN"))
	if n == 0 {
		return
	}
	p, err := synth.Generate(synth.Config{Claims: n, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	var edges []network.Edge
	var outcomes []network.Outcome
	number, entities := map[string]int32{}, map[string]int32{}
	reported := micros(t, p.Claims, "reported_at")
	for i, id := range strs(t, p.Claims, "claim_id") {
		number[id] = int32(i)
	}
	name := func(claim int32, kind uint8, word string, known int64) {
		if word == "" {
			return
		}
		word = string('0'+rune(kind)) + word
		e, ok := entities[word]
		if !ok {
			e = int32(len(entities))
			entities[word] = e
		}
		edges = append(edges, network.Edge{Claim: claim, Entity: e, Kind: kind, Known: known})
	}
	for k, col := range []string{"vehicle_id", "driver_id", "holder_id", "reporter_phone"} {
		for i, w := range strs(t, p.Claims, col) {
			name(int32(i), []uint8{1, 0, 0, 2}[k], w, reported[i])
		}
	}
	known := micros(t, p.Parties, "known_at")
	columns := [][]string{strs(t, p.Parties, "party_id"), strs(t, p.Parties, "vehicle_id"), strs(t, p.Parties, "phone"), strs(t, p.Parties, "account")}
	for i, id := range strs(t, p.Parties, "claim_id") {
		for kind, column := range columns {
			name(number[id], uint8(kind), column[i], max(known[i], reported[number[id]]))
		}
	}
	concluded, flags := micros(t, p.Outcomes, "concluded_at"), strs(t, p.Outcomes, "conclusion")
	for i, id := range strs(t, p.Outcomes, "claim_id") {
		outcomes = append(outcomes, network.Outcome{Claim: number[id], Confirmed: flags[i] == "refused_fraud" || flags[i] == "withdrawn_fraud", Known: concluded[i]})
	}
	g, err := network.New(network.Options{HubDegree: 30})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Fold(edges, outcomes); err != nil {
		t.Fatal(err)
	}
	t.Log(n, g.Edges(), g.Claims(), g.Entities(), len(outcomes), g.Size())
	if err := os.WriteFile("/tmp/net"+strconv.Itoa(n)+".snap", g.AppendSnapshot(nil), 0o644); err != nil {
		t.Fatal(err)
	}
}
