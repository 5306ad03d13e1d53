package text_test

import (
	"hash/fnv"
	"testing"

	"claimsieve/datasets/synth"
	"claimsieve/features/text"
)

// storiesOf returns the claims' narratives with the policy as owner; the time
// of report is the instant.
func storiesOf(t testing.TB, p *synth.Portfolio) []text.Story {
	t.Helper()
	narratives, err1 := p.Claims.Strings("narrative")
	policies, err2 := p.Claims.Strings("policy_id")
	reported, err3 := p.Claims.Micros("reported_at")
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	out := make([]text.Story, len(narratives))
	for i := range out {
		h := fnv.New64a()
		h.Write([]byte(policies[i]))
		out[i] = text.Story{ID: int64(i), Time: reported[i], Owner: h.Sum64(), Text: narratives[i]}
	}
	return out
}

// On the simulated portfolio every near duplicate that is reported is one, with
// its exact index, and at least 99 of 100 pairs are found (Options.Recall says
// 0.997 at the threshold and more above it).
func TestNearDuplicatesOfAPortfolio(t *testing.T) {
	stories := simulated(t, 2500)
	x, err := text.New(text.Options{})
	if err != nil {
		t.Fatal(err)
	}
	answers, err := x.Batch(stories)
	if err != nil {
		t.Fatal(err)
	}
	threshold := x.Options().Threshold
	prints := make([]*text.Fingerprint, len(stories))
	for i := range stories {
		prints[i] = x.Read(nil, stories[i].Text)
	}
	pairs, found, best, bestFound := 0, 0, 0, 0
	for i, s := range stories {
		near, nearest := 0, 0.0
		for k, e := range stories {
			if e.Time >= s.Time {
				continue
			}
			if j := prints[i].Jaccard(prints[k]); j >= threshold {
				near++
				nearest = max(nearest, j)
			}
		}
		a := answers[i].All
		if a.Near > near || a.Nearest.Jaccard > nearest || a.Found != (a.Near > 0) {
			t.Fatalf("story %d: %d near duplicates up to %v, by brute force %d up to %v", i, a.Near, a.Nearest.Jaccard, near, nearest)
		}
		if a.Found && prints[i].Jaccard(prints[a.Nearest.ID]) != a.Nearest.Jaccard {
			t.Fatalf("story %d: its nearest is not at %v", i, a.Nearest.Jaccard)
		}
		pairs, found = pairs+near, found+a.Near
		if nearest > 0 {
			best++
		}
		if nearest > 0 && a.Nearest.Jaccard == nearest {
			bestFound++
		}
	}
	if pairs < 200 || float64(found) < 0.99*float64(pairs) || float64(bestFound) < 0.99*float64(best) {
		t.Errorf("found %d of %d pairs, %d of %d nearest", found, pairs, bestFound, best)
	}
	t.Logf("found %d of %d pairs, %d of %d nearest", found, pairs, bestFound, best)
}
