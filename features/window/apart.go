package window

import "slices"

// crowd is an owner with so many events and queries of one key that to take the
// ones out of the others, one by one, would take too long: base[from:to] and
// asks[first:last] of ownership.
type crowd struct{ from, to, first, last int }

// crowdFactor is how many times the events and queries of the key the product
// of a crowd's must exceed.
const crowdFactor = 4

// disperse finds the crowds of the key, and takes from their queries what they own.
func (o *ownership) disperse(events int) {
	o.crowds = o.crowds[:0]
	if len(o.base)*len(o.asks) <= crowdFactor*(events+len(o.ranges)) {
		return
	}
	for first := 0; first < len(o.asks); {
		last, r := first, o.ranges[o.asks[first].i]
		for last < len(o.asks) && o.asks[last].t == o.asks[first].t {
			last++
		}
		if c := (crowd{int(r[0]), int(r[1]), first, last}); (c.to-c.from)*(last-first) > crowdFactor*(events+len(o.ranges)) {
			o.crowds = append(o.crowds, c)
			for _, q := range o.asks[first:last] {
				o.ranges[q.i] = [2]int32{}
			}
		}
		first = last
	}
}

// apart answers the queries of a crowd as those of a key without its events.
func (w *worker) apart(c crowd) {
	o := &w.own
	base, qt, out, from := w.base, w.qt, w.out, w.qfrom
	w.base = *w.others(o.base[c.from:c.to])
	w.qt, w.out, w.qfrom = o.times[:0], o.out, 0
	for _, q := range o.asks[c.first:c.last] {
		w.qt = append(w.qt, qt[q.i])
	}
	if w.out == nil {
		w.out = make([][]float64, len(out))
	}
	for a := range w.out {
		w.out[a] = slices.Grow(w.out[a][:0], len(w.qt))[:len(w.qt)]
	}
	w.room(len(w.qt))
	o.callers = o.callers[:0]
	w.answerKey()
	for a, answers := range w.out {
		for i, q := range o.asks[c.first:c.last] {
			out[a][from+int(q.i)] = answers[i]
		}
	}
	o.times, o.out = w.qt, w.out
	w.base, w.qt, w.out, w.qfrom = base, qt, out, from
}
