package text

import "math"

// decodeWindow reads the stories that are kept, and counts what owners told.
func (x *Index) decodeWindow(d *decoder) {
	w := &x.window
	if x.opt.Keep > 0 && x.horizon >= math.MinInt64+x.opt.Keep {
		w.limit = x.horizon - x.opt.Keep
	}
	n := d.count("kept stories", 10)
	if n > 0 && x.opt.Keep == 0 {
		d.fail("it has a window and keeps for ever")
	}
	tellings := make([]uint32, x.bodies.all.n)
	last := w.limit
	for i := range n {
		t := told{time: int64(d.u64())}
		t.body = uint32(d.uvar("a body", math.MaxUint32))
		t.owner = uint32(d.uvar("an owner", uint64(x.owners.used)))
		if t.time < last || t.time >= x.horizon || int(t.body) >= len(tellings) {
			d.fail("kept story %d is out of its time or of no body", i)
		}
		if x.told.crowded {
			d.fail("kept stories have keys that are no hashes")
		}
		if d.err != nil {
			return
		}
		last = t.time
		tellings[t.body]++
		x.note(t)
	}
	for i, count := range tellings {
		b := x.bodies.all.at(i)
		if x.opt.Keep > 0 && (count != x.bodies.tellings(b).count || b.time < w.limit) {
			d.fail("body %d was told %d times, of which %d are kept", i, x.bodies.tellings(b).count, count)
			return
		}
	}
}

// decodeRecent reads which kept stories have each phrase.
func (x *Index) decodeRecent(d *decoder) {
	hash, p := uint64(0), &x.recent
	all := d.count("phrases", 10)
	p.table.reserve(all)
	var stories []uint32
	for i := range all {
		hash = d.rising("phrases", hash, i == 0)
		n := int(d.uvar("a number of stories", uint64(p.width())))
		stories = stories[:0]
		for range n {
			story := uint32(d.uvar("a story", math.MaxUint32))
			if int(story) >= x.window.log.n || len(stories) > 0 && story <= stories[len(stories)-1] {
				d.fail("phrase %d is of no kept story or of one twice", i)
			}
			stories = append(stories, story)
		}
		if p.table.crowded || n == 0 {
			d.fail("phrase %d has no story or no hash", i)
		}
		if d.err != nil {
			return
		}
		p.put(hash, 0, stories)
	}
}
