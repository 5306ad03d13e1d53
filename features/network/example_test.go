package network_test

import (
	"fmt"
	"time"

	"claimsieve/features/network"
)

// A new claim shares its telephone with a claim whose fraud was confirmed in
// the month before. At the refresh that claim has the score 1 and its telephone
// 1/sqrt(2), hence the new claim 0.85/sqrt(2)/sqrt(2).
func Example() {
	day := func(month time.Month, d int) int64 {
		return time.Date(2025, month, d, 0, 0, 0, 0, time.UTC).UnixMicro()
	}
	const person, phone = 0, 1
	g, err := network.New(network.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = g.Fold(
		[]network.Edge{
			{Claim: 0, Entity: 0, Kind: person, Known: day(time.March, 3)},
			{Claim: 0, Entity: 1, Kind: phone, Known: day(time.March, 3)},
			{Claim: 1, Entity: 2, Kind: person, Known: day(time.May, 9)},
			{Claim: 1, Entity: 1, Kind: phone, Known: day(time.May, 9)},
		},
		[]network.Outcome{{Claim: 0, Confirmed: true, Known: day(time.April, 20)}},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	at := day(time.May, 9)
	got, err := g.NewAsker().Ask(network.Question{Claim: 1, At: at}, g.Refresh(network.MonthBegin(at)))
	fmt.Printf("claims with the telephone %d, confirmed frauds %d, rank %.3f, %v\n", got.Shared[phone], got.Fraud2, got.Rank, err)
	// Output: claims with the telephone 1, confirmed frauds 1, rank 0.425, <nil>
}
