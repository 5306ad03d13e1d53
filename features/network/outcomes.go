package network

// verdicts is every outcome in the order of folding, chained by claim from the
// newest to the oldest.
type verdicts struct {
	known pages[int64]
	// of every outcome: the claim's outcome before plus one, 0 for none, times
	// two, plus one for a confirmed fraud
	links pages[int32]
}

// push appends an outcome; prev is the claim's outcome before plus one.
func (v *verdicts) push(known int64, prev, confirmed int32) {
	v.known.push(known)
	v.links.push(prev<<1 | confirmed)
}

// cut returns the first outcome that is not known before t.
func (v *verdicts) cut(t int64) int32 {
	return v.known.search(func(known int64) bool { return known >= t })
}

// confirmed reports whether a claim's last outcome in front of a place in the
// order of outcomes is a confirmed fraud.
func (g *Graph) confirmed(claim, before int32) bool {
	at := g.claims.at(claim).outcome
	for at > before {
		at = *g.verdicts.links.at(at - 1) >> 1
	}
	return at > 0 && *g.verdicts.links.at(at - 1)&1 == 1
}

// Concluded reports whether any outcome of a claim, confirmed or not, was known
// strictly before t, in microseconds; not so for a number without any.
func (g *Graph) Concluded(claim int32, t int64) bool {
	if claim < 0 || int(claim) >= g.claims.n {
		return false
	}
	for at := g.claims.at(claim).outcome; at > 0; at = *g.verdicts.links.at(at - 1) >> 1 {
		if *g.verdicts.known.at(at - 1) < t {
			return true
		}
	}
	return false
}

// size returns the bytes held.
func (v *verdicts) size() int { return v.known.size() + v.links.size() }
