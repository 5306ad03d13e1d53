package strictyaml

import (
	"fmt"
	"strings"
)

// DidYouMean returns `, did you mean "..."?` with the name of names nearest to
// word, or "" when none is near: at most a third of its letters and one more may
// differ (edit distance). Ties go to the earlier name.
func DidYouMean(word string, names []string) string {
	best, least := "", len([]rune(word))/3+2
	for _, n := range names {
		if dist := editDistance(strings.ToLower(word), strings.ToLower(n)); dist < least {
			best, least = n, dist
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", best)
}

// editDistance is the Levenshtein distance in runes.
func editDistance(a, b string) int {
	s, t := []rune(a), []rune(b)
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range s {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range t {
			cost := diagonal
			if x != y {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(t)]
}
