package conformance

import (
	"unicode"

	"claimsieve/datasets"
	"claimsieve/features/text"
)

// stories is a declared index of narratives.
type stories struct {
	owner     string
	threshold float64 // 0 says nothing
	shingle   int
	keep      micros
}

// shortest is the shortest normal form that is compared; see text.Options.
const shortest = 8

// shingles are the different runs of k characters of a text's normal form, nil
// for a text too short to be compared.
func (s *stories) shingles(told string) map[string]bool {
	k := s.shingle
	if k == 0 {
		k = 4
	}
	normal := []rune(text.Normalise(told, text.MaskCodes))
	if len(normal) < shortest {
		return nil
	}
	out := map[string]bool{}
	for i := 0; i+k <= len(normal); i++ {
		out[string(normal[i:i+k])] = true
	}
	return out
}

// jaccard is the index of two sets, 0 where one is empty.
func jaccard(a, b map[string]bool) float64 {
	common := 0
	for s := range a {
		if b[s] {
			common++
		}
	}
	if common == 0 {
		return 0
	}
	return float64(common) / float64(len(a)+len(b)-common)
}

// story answers one indicator of narratives for a claim.
func (w *world) story(s *stories, do string, claim row, stage datasets.Stage) float64 {
	instant, ok := w.instant(claim, stage)
	t, known := at(claim, "reported_at")
	told, _ := claim["narrative"].(string)
	if !ok || !known || t > instant || told == "" {
		return missing
	}
	switch do {
	case "length":
		n, _ := letters(told)
		return n
	case "digit_share":
		n, digits := letters(told)
		return digits / n
	}
	return w.likeness(s, do, claim, t)
}

func letters(s string) (all, digits float64) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) {
			all++
		}
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return all, digits
}

// likeness compares a claim's story with all earlier ones.
func (w *world) likeness(s *stories, do string, claim row, t micros) float64 {
	threshold := s.threshold
	if threshold == 0 {
		threshold = 0.8
	}
	mine := s.shingles(claim["narrative"].(string))
	owner, owned := word(claim, s.owner)
	near, own, best, last := 0.0, 0.0, 0.0, micros(0)
	for _, c := range w.rows["claims"] {
		told, _ := c["narrative"].(string)
		known := w.known("claims", c, datasets.Report)
		if told == "" || c["claim_id"] == claim["claim_id"] || known >= t || s.keep != forever && known < t-s.keep {
			continue
		}
		j := jaccard(mine, s.shingles(told))
		if j < threshold {
			continue
		}
		if v, ok := word(c, s.owner); ok && owned && v == owner {
			own++
			continue
		}
		near++
		if j > best || j == best && known > last {
			best, last = j, known
		}
	}
	switch do {
	case "near":
		return near
	case "own_near":
		return own
	case "likeness":
		return best
	}
	if near == 0 {
		return missing
	}
	return float64(t-last) / float64(day)
}
