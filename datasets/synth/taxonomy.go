package synth

import (
	"slices"
	"strings"

	"claimsieve/datasets/codes"
)

// Codes of the risk taxonomy in the appendix of the draft Application
// Guideline (16 categories, 28 leaves) that an investigation may name, and of
// the program's own tables of risk types and reasons of refusal (package codes).

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

// reasonWords are the codes of the reasons of refusal.
var reasonWords = func() (words []string) {
	table, err := codes.Embedded(codes.RefusalReasons)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	for _, c := range table.Codes() {
		words = append(words, c.Code)
	}
	return words
}()

// finding is what an investigation writes down with a verdict: codes in
// ascending order, separated by commas; "" for none.
type finding struct {
	types, vehicleRisk, personRisk, institutionRisk string
	reason                                          int // place in reasonWords; -1 unless refused
}

// finding returns the codes that go with a conclusion about a claim.
func (w *world) finding(c *claim, conclusion int8) finding {
	f := finding{reason: -1}
	if conclusion > suspected {
		return f
	}
	d := roll(w.cfg.Seed, findingStream, c.slot)
	f.types = fraudTypes(&d, c)
	named := codes.Split(f.types)
	has := func(types ...string) bool {
		return slices.ContainsFunc(named, func(t string) bool { return slices.Contains(types, t) })
	}
	f.vehicleRisk = listed([]mark{
		{"V01", c.previous >= 2}, {"V02", has("04")}, {"V03", has("01.1")}, {"V06", has("13")}, {"V07", has("11.3")},
		{"V08", c.kind == staged && d.chance(0.8)}, {"V09", has("01.5")}, {"V10", c.vehicleAge >= 8 && c.price > 250_000},
	})
	f.personRisk = listed([]mark{
		{"P03", c.previous >= 2}, {"P04", c.ring >= 0 && d.chance(0.6)}, {"P05", has("09")}, {"P06", c.intermediary && d.chance(0.5)},
		{"P07", has("05")}, {"P08", has("01.6", "15")}, {"P09", has("10", "12")}, {"P10", has("16")},
		{"P11", c.payee != c.holder && d.chance(0.7)},
	})
	f.institutionRisk = listed([]mark{
		{"I01", c.kind == shopped}, {"I02", has("02.3", "02.4", "05")}, {"I03", c.injured > 0 && c.fraud() && d.chance(0.5)},
		{"I06", c.intermediary && d.chance(0.3)}, {"I09", c.kind == shopped && d.chance(0.5)},
	})
	if conclusion == refused {
		f.reason = reasonFor(has)
	}
	return f
}

// reasonFor returns the reason of a refusal by the kinds of fraud named.
func reasonFor(has func(types ...string) bool) int {
	code := "R01"
	switch {
	case has("05"):
		code = "R02"
	case has("03"):
		code = "R05"
	case has("09", "10", "12"):
		code = "R08"
	}
	at := slices.Index(reasonWords, code)
	if at < 0 {
		panic("BUG: the code table has no reason " + code)
	}
	return at
}

// mark is a code and whether it applies.
type mark struct {
	code    string
	applies bool
}

// listed joins the codes that apply.
func listed(marks []mark) string {
	var out []string
	for _, m := range marks {
		if m.applies {
			out = append(out, m.code)
		}
	}
	return strings.Join(out, ",")
}

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
