package synth

import "time"

// The base levels of weatherFact: in the cold months, in the others, and for a
// flood, which comes with rain.
var (
	coldWeather  = []float64{.64, .12, .13, .11}
	warmWeather  = []float64{.71, .25, 0, .04}
	floodWeather = []float64{.05, .95, 0, 0}
)

// weatherOdds returns the base levels of weatherFact for a claim.
func weatherOdds(c *claim) []float64 {
	if c.accident == floodAccident {
		return floodWeather
	}
	switch time.Unix(c.happened, 0).UTC().Month() {
	case time.November, time.December, time.January, time.February, time.March:
		return coldWeather
	}
	return warmWeather
}

// The base levels of roadFact: for a vehicle on the move, for one that stands,
// and for an accident that may meet either.
var (
	movingRoad   = []float64{.58, .18, .20, .04}
	standingRoad = []float64{.30, 0, .10, .60}
	anyRoad      = []float64{.48, .08, .20, .24}
)

// roadOdds are the base levels of roadFact by accident type.
var roadOdds = [9][]float64{movingRoad, movingRoad, movingRoad, standingRoad, standingRoad, standingRoad, anyRoad, anyRoad, movingRoad}
