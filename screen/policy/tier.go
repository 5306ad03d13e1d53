package policy

import "fmt"

// Tier is where a claim goes. The zero value is Undecided: to a person.
type Tier uint8

// The tiers.
const (
	Undecided   Tier = iota // no valid score: a person decides
	Clear                   // below all thresholds: the ordinary way
	Review                  // a second look at the file
	Investigate             // an investigation is proposed
)

var tierNames = [...]string{"undecided", "clear", "review", "investigate"}
var tierTitlesEN = [...]string{"undecided, to a person", "clear, ordinary handling", "review the file", "propose an investigation"}
var tierTitlesZH = [...]string{"待定(转人工)", "正常流转", "复核", "提请调查"}

// String returns the tier's name in files.
func (t Tier) String() string {
	if int(t) < len(tierNames) {
		return tierNames[t]
	}
	return fmt.Sprintf("Tier(%d)", uint8(t))
}

// TitleEN returns the tier's English title for people, "" for no tier.
func (t Tier) TitleEN() string {
	if int(t) < len(tierTitlesEN) {
		return tierTitlesEN[t]
	}
	return ""
}

// TitleZH returns the tier's Chinese title for people, "" for no tier.
func (t Tier) TitleZH() string {
	if int(t) < len(tierTitlesZH) {
		return tierTitlesZH[t]
	}
	return ""
}

// ParseTier returns the tier of that name.
func ParseTier(name string) (Tier, error) {
	for i, n := range tierNames {
		if n == name {
			return Tier(i), nil
		}
	}
	return Undecided, fmt.Errorf("cannot use tier %q: want undecided, clear, review or investigate", name)
}

// MarshalText writes the tier's name; a number that is no tier is an error.
func (t Tier) MarshalText() ([]byte, error) {
	if int(t) >= len(tierNames) {
		return nil, fmt.Errorf("cannot write tier %d: there is no such tier", uint8(t))
	}
	return []byte(tierNames[t]), nil
}

// UnmarshalText reads the tier's name.
func (t *Tier) UnmarshalText(text []byte) (err error) {
	*t, err = ParseTier(string(text))
	return err
}
