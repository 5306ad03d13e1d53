package network

// walk is the breadth-first walk that answers one question.
type walk struct {
	*Asker
	claim      int32
	cut, concl int32 // places in the orders of edges and outcomes
	followed   int   // edges so far
}

// others returns an entity's links to claims as of the question; the asking
// claim may be among them only for an own entity.
func (w *walk) others(entity int32) []link {
	if int(entity) >= len(w.g.entities) {
		return nil
	}
	return w.g.pool.before(w.g.entities[entity], w.cut)
}

// first walks to distance 2: own entities, and claims that share them. It
// leaves those claims in w.front.
func (w *walk) first(out *Indicators) {
	w.front = w.front[:0]
	if int(w.claim) < len(w.claims) {
		w.claims[w.claim] = w.epoch
	}
	out.Entities, out.Hops = int32(len(w.own)), int32(min(1, len(w.own)))
	for _, o := range w.own {
		if int(o.entity) < len(w.ents) {
			w.ents[o.entity] = w.epoch
		}
		d := w.degree(o)
		out.Degree[o.kind] = max(out.Degree[o.kind], d)
		out.LargestDegree = max(out.LargestDegree, d)
		if int(d) > w.g.options.HubDegree {
			out.Hubs++
		} else {
			w.followed += int(d)
		}
	}
	for i, o := range w.own {
		if i == 0 || o.kind != w.own[i-1].kind {
			w.kindGen++
		}
		if int(w.degree(o)) <= w.g.options.HubDegree {
			w.share(o, out)
		}
	}
	if len(w.front) > 0 {
		out.Hops = 2
	}
	out.Claims = int32(len(w.front))
	for _, c := range w.front {
		n := int64(w.times[c])
		out.Cycles += n * (n - 1) / 2
	}
	out.Fraud2 = w.frauds()
	out.Fraud4 = out.Fraud2
}

// degree returns how many other claims name an own entity.
func (w *walk) degree(o own) int32 {
	d := int32(len(w.others(o.entity)))
	if o.inside {
		d--
	}
	return d
}

// share visits the claims that share an own entity.
func (w *walk) share(o own, out *Indicators) {
	for _, l := range w.others(o.entity) {
		c := l.to
		if c == w.claim {
			continue
		}
		if w.claims[c] != w.epoch {
			w.claims[c], w.times[c] = w.epoch, 0
			w.front = append(w.front, c)
		}
		w.times[c]++
		if w.kindly[c] != w.kindGen {
			w.kindly[c] = w.kindGen
			out.Shared[o.kind]++
		}
	}
}

// frauds counts the confirmed frauds among the claims of the front.
func (w *walk) frauds() (n int32) {
	for _, c := range w.front {
		if w.g.confirmed(c, w.concl) {
			n++
		}
	}
	return n
}

// fits reports whether a hop along so many edges is within the bound, and
// counts them; else the walk ends here.
func (w *walk) fits(edges int, out *Indicators) bool {
	if w.followed+edges > w.g.options.MaxEdges {
		out.Truncated = true
		return false
	}
	w.followed += edges
	return true
}

// rest walks on from the claims at distance 2 until nothing is new or the next
// hop does not fit.
func (w *walk) rest(out *Indicators) {
	for len(w.front) > 0 {
		if !w.toEntities(out) || !w.toClaims(out) {
			return
		}
		out.Claims += int32(len(w.front))
		if out.Hops == 4 {
			out.Fraud4 += w.frauds()
		}
	}
}

// toEntities goes from the claims of the front to their new entities.
func (w *walk) toEntities(out *Indicators) bool {
	edges := 0
	for _, c := range w.front {
		edges += len(w.g.pool.before(w.g.claims[c], w.cut))
	}
	if !w.fits(edges, out) {
		return false
	}
	w.next = w.next[:0]
	for _, c := range w.front {
		for _, l := range w.g.pool.before(w.g.claims[c], w.cut) {
			if w.ents[l.to] != w.epoch {
				w.ents[l.to] = w.epoch
				w.next = append(w.next, l.to)
			}
		}
	}
	w.front, w.next = w.next, w.front
	if len(w.front) == 0 {
		return false
	}
	out.Hops++
	out.Entities += int32(len(w.front))
	if int(out.Hops) <= w.g.options.PartyHops {
		for _, e := range w.front {
			out.Parties[w.g.kinds[e]]++
		}
	}
	return true
}

// toClaims goes from the entities of the front that are no hubs to their new
// claims.
func (w *walk) toClaims(out *Indicators) bool {
	edges, kept := 0, w.front[:0]
	for _, e := range w.front {
		if w.g.entities[e].n == 1 { // it leads back only; most entities do
			edges++
		} else if d := len(w.others(e)); d <= w.g.options.HubDegree {
			edges += d
			kept = append(kept, e)
		}
	}
	if !w.fits(edges, out) {
		return false
	}
	w.next = w.next[:0]
	for _, e := range kept {
		for _, l := range w.others(e) {
			if w.claims[l.to] != w.epoch {
				w.claims[l.to] = w.epoch
				w.next = append(w.next, l.to)
			}
		}
	}
	w.front, w.next = w.next, kept
	if len(w.front) > 0 {
		out.Hops++
	}
	return len(w.front) > 0
}
