package conformance

// Departures are where the engine is known to do something else than
// docs/features.md says. The oracle follows the engine where the constant is
// true, so that everything else is still held to the page; set it to false once
// the engine follows the page.
const (
	// storiesAtReport: text looks back from when the claim became known, at every
	// stage. The page has the instant of the vector.
	storiesAtReport = true
	// ownGangCounts: gang_claims and gang_confirmed count the asking claim. The
	// page has it nowhere as an earlier claim.
	ownGangCounts = true
	// stateDeparts: the state answers otherwise than the batch where words are "",
	// the network has a window, fractional answers are joined by sum or mean, text
	// is asked after the report, and where rows without a key are equal in what
	// the pipeline reads. The page has the same bits.
	stateDeparts = true
	// untimedStageRead: a column of a later stage of a table that names no time of
	// the stage is read as known with its row. The page refuses it.
	untimedStageRead = true
	// joinOrder: in which order fractional answers about several keys are added up
	// is not said by the page, and the last bit depends on it.
	joinOrder = true
)
