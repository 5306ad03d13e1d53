package history

import "claimsieve/datasets"

// claimRows is what a state keeps of each claim, by the code of its id: 26
// bytes, 4 for every kept key, and 12 for every later stage that the plan reads.
type claimRows struct {
	there    int
	clocks   []claimClock // 0 is the report
	happened []int64
	keys     [][]int32 // per layout.kept, -1 for none
	links    []uint16  // no fewer than the entities that it names
}

// claimClock is when claims reached a clock, and the digest of what was read of
// them then; 0 for a claim that did not.
type claimClock struct {
	known  []int64
	digest []uint32
}

func newClaimRows(l *layout) claimRows {
	return claimRows{clocks: make([]claimClock, len(l.keptAt)), keys: make([][]int32, len(l.kept))}
}

// grow makes room for n claims.
func (c *claimRows) grow(n int) {
	n -= len(c.happened)
	if n <= 0 {
		return
	}
	c.happened, c.links = extend(c.happened, n), extend(c.links, n)
	for i := range c.clocks {
		c.clocks[i].known = extend(c.clocks[i].known, n)
		c.clocks[i].digest = extend(c.clocks[i].digest, n)
	}
	for k := range c.keys {
		c.keys[k] = extend(c.keys[k], n)
		for i := len(c.keys[k]) - n; i < len(c.keys[k]); i++ {
			c.keys[k][i] = -1
		}
	}
}

// digest returns the digest of a claim at a clock, 0 before it got there.
func (c *claimRows) digest(claim int32, clock int) uint32 {
	if claim < 0 || int(claim) >= len(c.happened) {
		return 0
	}
	return c.clocks[clock].digest[claim]
}

// known returns when a claim reached a clock, NoTime before it did.
func (c *claimRows) known(claim int32, clock int) int64 {
	if c.digest(claim, clock) == 0 {
		return datasets.NoTime
	}
	return c.clocks[clock].known[claim]
}

func (c *claimRows) size() int {
	n := 8*cap(c.happened) + 2*cap(c.links)
	for i := range c.clocks {
		n += 8*cap(c.clocks[i].known) + 4*cap(c.clocks[i].digest)
	}
	for _, k := range c.keys {
		n += 4 * cap(k)
	}
	return n
}
