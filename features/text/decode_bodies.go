package text

import (
	"math"
	"math/bits"
	"runtime"
	"sync"
)

// decodeBodies reads the bodies and begins to build what is found through them,
// the places of digests and the tables of bands. That goes on beside the reading
// of what follows; done waits for its end.
func (x *Index) decodeBodies(d *decoder) (done func()) {
	n := d.count("bodies", 8+x.stride+19)
	if n > maxBodies {
		d.fail("it has %d bodies, and %d are the limit", n, maxBodies)
	}
	keys := make([]int, len(x.bands.tables))
	for j := range keys {
		keys[j] = int(d.uvar("the number of a band's keys", uint64(n)))
	}
	digests, total := make([]uint64, 0, n), 0
	var set []uint32
	for i := range n {
		digest := d.u64()
		var signature []byte
		set, signature = x.story(d, set[:0])
		count := d.uvar("the number of tellings", math.MaxInt32)
		several := tellings{count: uint32(count), before: place{time: noTime}}
		latest := d.place(x.owners.used)
		if count > 1 {
			several.before = d.place(x.owners.used)
		}
		if digest == 0 || count == 0 || latest.time == noTime || latest.time >= x.horizon || several.before.time > latest.time {
			d.fail("body %d contradicts itself", i)
		}
		if d.err != nil {
			return func() {}
		}
		total += int(count)
		digests = append(digests, digest)
		x.bands.signatures.push(signature...)
		x.bodies.begin(set, latest)
		if count > 1 {
			x.bodies.again.push(several)
			x.bodies.all.at(i).again = uint32(x.bodies.again.n)
		}
	}
	if total > x.stories {
		d.fail("the bodies have %d tellings, the index %d", total, x.stories)
	}
	return x.find(d, digests, keys)
}

// find makes the bodies known by their digests and bands. The tables do not
// touch each other, so that they are filled side by side.
func (x *Index) find(d *decoder, digests []uint64, keys []int) (done func()) {
	tasks := make(chan int, len(keys)+1)
	var wait sync.WaitGroup
	twice := -1
	for range min(runtime.GOMAXPROCS(0), len(keys)+1) {
		wait.Go(func() {
			for j := range tasks {
				if j < 0 {
					twice = x.findDigests(digests)
				} else {
					x.bands.fill(j, keys[j])
				}
			}
		})
	}
	for j := -1; j < len(keys); j++ {
		tasks <- j
	}
	close(tasks)
	return func() {
		wait.Wait()
		if twice >= 0 {
			d.fail("the digest of body %d is there twice or no hash", twice)
		}
		for j, n := range keys {
			if x.bands.tables[j].used != n {
				d.fail("band %d has %d keys, not %d", j, x.bands.tables[j].used, n)
			}
		}
	}
}

// findDigests fills the table of digests, and returns the first body whose
// digest is no new one, or -1.
func (x *Index) findDigests(digests []uint64) int {
	x.digests.reserve(len(digests))
	for i, digest := range digests {
		if x.digests.crowded || x.digests.get(digest) != 0 {
			return i
		}
		x.digests.set(digest, uint32(i+1))
	}
	return -1
}

// fill makes all bodies known in a band that has so many keys. The keys stand
// beside the slots meanwhile, so that nothing is looked up in signatures.
func (s *bands) fill(band, keys int) {
	t := &s.tables[band]
	if slots := keys + keys/3; slots > len(t.slots) {
		t.slots = make([]uint32, slots)
	}
	beside := make([]uint64, len(t.slots))
	for body := range s.signatures.n {
		key := s.key(s.signatures.row(body), band)
		hash := mix64(key)
		hi, _ := bits.Mul64(hash, uint64(len(t.slots)))
		at, far := int(hi), 0
		for ; t.slots[at] != 0 && beside[at] != key; far++ {
			if at++; at == len(t.slots) {
				at = 0
			}
		}
		if t.crowded = far > crowd || 5*t.used > 4*len(t.slots); t.crowded {
			return // no signatures give such keys, or more of them than was said
		}
		beside[at] = key
		t.put(at, tagOf(hash), uint32(body))
	}
}
