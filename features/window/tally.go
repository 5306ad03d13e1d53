package window

import "slices"

// tally counts codes as they enter and leave a window: how many different ones
// there are, and how often the most frequent occurs.
type tally struct {
	count    []int32 // per code; all zero between keys
	often    []int32 // often[c] is how many codes occur c times, for c > 0
	distinct int64
	top      int32
}

// start prepares for a sequence of n events.
func (c *tally) start(n int) {
	c.often = slices.Grow(c.often[:0], n+1)[:n+1]
	clear(c.often)
	c.distinct, c.top = 0, 0
}

func (c *tally) enter(code int32) {
	k := c.count[code] + 1
	c.count[code] = k
	c.often[k]++
	if k == 1 {
		c.distinct++
	} else {
		c.often[k-1]--
	}
	c.top = max(c.top, k)
}

func (c *tally) leave(code int32) {
	k := c.count[code]
	c.count[code] = k - 1
	c.often[k]--
	if k == 1 {
		c.distinct--
	} else {
		c.often[k-1]++
	}
	// The code that left now occurs one time less, so the top falls by one at
	// most.
	if c.often[c.top] == 0 && c.top > 0 {
		c.top--
	}
}
