package gbdt

import "claimsieve/models/forest"

// Importance is a feature's part in a forest.
type Importance struct {
	Feature string
	Gain    float64 // sum of the gains of its splits
	Splits  int     // how many nodes split on it
}

// Importances returns every feature's part in the forest, in the order of
// f.Features; features without a split are there with zeros. The forest must
// be valid. They are LightGBM's importances "gain" and "split": sums over the
// training rows, in favour of columns with many values.
func Importances(f *forest.Forest) []Importance {
	out := make([]Importance, len(f.Features))
	for j, name := range f.Features {
		out[j].Feature = name
	}
	for i := range f.Trees {
		t := &f.Trees[i]
		for n, j := range t.Feature {
			out[j].Gain += t.Gain[n]
			out[j].Splits++
		}
	}
	return out
}
