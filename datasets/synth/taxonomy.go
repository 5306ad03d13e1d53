package synth

// Codes of the risk taxonomy in the appendix of the draft Application
// Guideline (16 categories, 28 leaves) that an investigation may name.

// lossCodes are the codes that go with an accident type.
var lossCodes = [9][]string{
	{"02.1", "02.5", "09"},   // rear end
	{"02.1", "08", "09"},     // side collision
	{"02.5", "10", "11.2"},   // single vehicle
	{"01.5", "02.5", "11.1"}, // parked
	{"01.4", "01.5"},         // scratch
	{"01.1"},                 // theft
	{"01.3"},                 // flood
	{"01.2", "13"},           // fire
	{"01.6", "15"},           // injury
}

var (
	stagedCodes  = []string{"02.2", "06.1", "07"}
	shoppedCodes = []string{"02.3", "02.4", "05", "16"}
	rareCodes    = []string{"04", "11.3", "12", "14"}
)

// fraudTypes returns the codes that an investigation names, one or two,
// ascending and separated by a comma.
func fraudTypes(d *dice, c *claim) string {
	pool := lossCodes[c.accident]
	switch {
	case c.kind == staged && c.accident == injuryAccident:
		pool = []string{"06.2", "15"}
	case c.kind == staged:
		pool = stagedCodes
	case c.kind == shopped:
		pool = shoppedCodes
	case c.coverDays() < 7 && d.chance(0.5):
		return "03"
	case d.chance(0.05):
		pool = rareCodes
	}
	i := d.below(len(pool))
	if len(pool) > 1 && d.chance(0.2) {
		j := (i + 1) % len(pool)
		return pool[min(i, j)] + "," + pool[max(i, j)]
	}
	return pool[i]
}
