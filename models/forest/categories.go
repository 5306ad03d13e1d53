package forest

// IsCategorical reports whether feature j holds codes of categories. Its words
// may still be unknown: f.Categories[j] is then empty but not nil, which is
// what a reader of a format without words leaves.
func (f *Forest) IsCategorical(j int) bool {
	return f.Categories != nil && f.Categories[j] != nil
}
