package conformance

// Departures are where the engine is known to do something else than
// docs/features.md says. The oracle follows the engine where the constant is
// true, so that everything else is still held to the page; set it to false once
// the engine follows the page.
const (
	// joinsShareClock: of several rows with the key an expression reads the
	// latest that reached the latest stage of all columns of that table which the
	// pipeline reads, so that one indicator changes another. The page has the
	// latest known row, and a value of it that is not known yet is missing.
	joinsShareClock = true
	// storiesAtReport: text looks back from when the claim became known, at every
	// stage. The page has the instant of the vector.
	storiesAtReport = true
	// emptyAnswersPanic: an indicator that no claim of the history can have, since
	// none has the key or reached the stage, ends in a panic. The page has missing
	// values.
	emptyAnswersPanic = true
	// ratesShareAsker: of two rates of a pipeline over the same role and with the
	// same treatments the second is asked about the key of the first. The page
	// knows of no such thing.
	ratesShareAsker = true
)
