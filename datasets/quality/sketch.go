package quality

import (
	"fmt"
	"slices"
	"strconv"
)

// Digest is a 64-bit fingerprint or a sum of them, in files 16 hexadecimal
// digits; "" in a file is one that is withheld.
type Digest string

func digestOf(x uint64) Digest { return Digest(fmt.Sprintf("%016x", x)) }

// number returns the digest's number; false for one that is withheld or none.
func (d Digest) number() (uint64, bool) {
	if len(d) != 16 {
		return 0, false
	}
	x, err := strconv.ParseUint(string(d), 16, 64)
	return x, err == nil
}

// sketch keeps the smallest different fingerprints of those it has seen, which
// are a random sample of them: the KMV synopsis of Bar-Yossef and others, 2002.
type sketch struct {
	limit int
	least []uint64 // ascending
}

func (s *sketch) add(print uint64) {
	if len(s.least) == s.limit && print >= s.least[s.limit-1] {
		return
	}
	i, found := slices.BinarySearch(s.least, print)
	if found {
		return
	}
	if len(s.least) == s.limit {
		s.least = s.least[:s.limit-1]
	}
	s.least = slices.Insert(s.least, i, print)
}

// distinct estimates how many different fingerprints were added: exactly below
// the limit, else (k-1)/u for the k-th smallest, u, as a share of their range.
func (s *sketch) distinct() int {
	if len(s.least) < s.limit {
		return len(s.least)
	}
	share := float64(s.least[s.limit-1]) / (1 << 64)
	return int(float64(s.limit-1)/share + 0.5)
}

func (s *sketch) digests() []Digest {
	out := make([]Digest, len(s.least))
	for i, x := range s.least {
		out[i] = digestOf(x)
	}
	return out
}

const (
	sketchKeys     = 64  // fingerprints of keys that a profile keeps for a month
	sketchDistinct = 256 // fingerprints that count different values
)
