package text

import "math/bits"

// The functions of this file are part of the format: stored indexes and
// recorded answers hold their values, so they never change.

// mix64 is a bijection of 64-bit words in which every input bit reaches every
// output bit: the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
func mix64(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xBF58476D1CE4E5B9
	x ^= x >> 27
	x *= 0x94D049BB133111EB
	return x ^ x>>31
}

// unmix64 is the inverse of mix64.
func unmix64(x uint64) uint64 {
	x ^= x>>31 ^ x>>62
	x *= 0x319642B2D24D8EC3
	x ^= x>>27 ^ x>>54
	x *= 0x96DE1B173F119089
	return x ^ x>>30 ^ x>>60
}

const golden = 0x9E3779B97F4A7C15

// gramBase is the odd base of the rolling hash.
const gramBase = 0xD1342543DE82EF95

// grams appends to dst the 64-bit hash of every run of n runes, in the order of
// their places, and of the whole text when it is shorter than n; nothing for an
// empty text. The hash is mix64 of the sum of c(r[i])*base^(n-1-i), where c
// scrambles a rune with the salt.
func grams(dst []uint64, text []rune, n int, salt uint64) []uint64 {
	if len(text) == 0 {
		return dst
	}
	n = min(n, len(text))
	code := func(r rune) uint64 { return mix64((uint64(r) + 1) ^ salt) }
	var sum uint64
	power := uint64(1) // base^(n-1)
	for i, r := range text[:n] {
		sum = sum*gramBase + code(r)
		if i > 0 {
			power *= gramBase
		}
	}
	dst = append(dst, mix64(sum^salt))
	for i := n; i < len(text); i++ {
		sum = (sum-code(text[i-n])*power)*gramBase + code(text[i])
		dst = append(dst, mix64(sum^salt))
	}
	return dst
}

// permutation is x -> high 32 bits of mul*x+add, which stands for a random
// order of the hashed shingles.
type permutation struct{ mul, add uint64 }

// permutations draws n of them from a seed.
func permutations(n int, seed uint64) []permutation {
	out := make([]permutation, n)
	state := seed
	next := func() uint64 { state += golden; return mix64(state) }
	for i := range out {
		out[i] = permutation{mul: next() | 1, add: next()}
	}
	return out
}

// sign writes the MinHash signature of a set of hashes: for every permutation
// the low 8 bits of the mixed minimum. dst has at least len(perms) bytes.
// An empty set gives zeros.
func sign(dst []byte, set []uint64, perms []permutation) {
	for i, p := range perms {
		dst[i] = 0
		if len(set) == 0 {
			continue
		}
		least := ^uint32(0)
		for _, x := range set {
			least = min(least, uint32((p.mul*x+p.add)>>32))
		}
		dst[i] = byte(mix64(uint64(least)) >> 56)
	}
}

// differing counts the bytes in which two signatures of equal length differ.
// The length is a multiple of 8.
func differing(a, b []byte) int {
	differ := 0
	for len(a) >= 8 && len(b) >= 8 {
		x := word(a) ^ word(b)
		x |= x >> 4 // any set bit of a byte reaches its lowest one
		x |= x >> 2
		x |= x >> 1
		differ += bits.OnesCount64(x & 0x0101010101010101)
		a, b = a[8:], b[8:]
	}
	return differ
}

// word reads 8 bytes, the first one lowest.
func word(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// common counts the elements that two ascending sets share.
func common(a, b []uint32) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		x, y := a[i], b[j]
		if x == y {
			n++
		}
		if x <= y {
			i++
		}
		if y <= x {
			j++
		}
	}
	return n
}
