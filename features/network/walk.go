package network

// walk is the breadth-first walk that answers one question.
type walk struct {
	*Asker
	claim      int32
	want       Parts
	first, cut int32 // runs from first to cut, without it, are seen
	concl      int32 // place in the order of outcomes
	followed   int   // edges so far
}

// answer fills in what is wanted, but for the rank.
func (w *walk) answer(out *Indicators) {
	w.degrees(out)
	if w.want&wantVisit != 0 {
		w.claims.begin()
		w.claims.meet(w.claim)
		w.visit(out)
	}
	if w.want&WantReach != 0 {
		w.reach(out)
	}
	if w.want&WantFraud == 0 {
		out.Fraud2 = 0
	}
	if w.want&WantShared == 0 {
		out.Shared, out.Cycles = [MaxKinds]int32{}, 0
	}
	if w.want&WantDegrees == 0 {
		out.Degree, out.LargestDegree, out.Hubs = [MaxKinds]int32{}, 0, 0
	}
}

// others returns an entity's runs as of the question; one of the asking claim
// may be among them only for an own entity.
func (w *walk) others(entity int32) []int32 {
	if int(entity) >= w.g.entities.n {
		return nil
	}
	return since(before(w.g.pool.view(w.g.entities.at(entity)), w.cut), w.first)
}

// degrees looks at the own entities.
func (w *walk) degrees(out *Indicators) {
	for i := range w.own {
		o := &w.own[i]
		o.degree = w.degree(*o)
		out.Degree[o.kind] = max(out.Degree[o.kind], o.degree)
		out.LargestDegree = max(out.LargestDegree, o.degree)
		if w.hub(o.degree) {
			out.Hubs++
		} else {
			w.followed += int(o.degree)
		}
	}
}

func (w *walk) hub(degree int32) bool { return int(degree) > w.g.options.HubDegree }

// degree returns how many other claims name an own entity.
func (w *walk) degree(o own) int32 {
	d := int32(len(w.others(o.entity)))
	if o.inside {
		d--
	}
	return d
}

// visit walks to distance 2: claims that share own entities. It leaves them in
// w.front.
func (w *walk) visit(out *Indicators) {
	w.front = w.front[:0]
	kind := int32(0)
	for i, o := range w.own {
		if i == 0 || o.kind != w.own[i-1].kind {
			kind++
		}
		if o.degree > 0 && !w.hub(o.degree) {
			w.share(o, kind, out)
		}
	}
	if w.want&(WantFraud|WantReach) != 0 {
		out.Fraud2 = w.frauds()
	}
}

// share visits the claims that share an own entity; kind numbers the kinds of
// the question from 1.
func (w *walk) share(o own, kind int32, out *Indicators) {
	for _, r := range w.others(o.entity) {
		c := w.g.log.runs.at(r).claim
		if c == w.claim {
			continue
		}
		m, first := w.claims.meet(c)
		if first {
			w.front = append(w.front, c)
		}
		out.Cycles += int64(m.times) // one cycle with each own entity that the claim shared so far
		m.times++
		if m.kind != kind {
			m.kind = kind
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

// reach walks on from the claims at distance 2 until nothing is new or the next
// hop does not fit.
func (w *walk) reach(out *Indicators) {
	w.entities.begin()
	for _, o := range w.own {
		w.entities.meet(o.entity)
	}
	out.Entities, out.Hops = int32(len(w.own)), int32(min(1, len(w.own)))
	out.Claims = int32(len(w.front))
	if out.Claims > 0 {
		out.Hops = 2
	}
	out.Fraud4 = out.Fraud2
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

// toEntities goes from the claims of the front to their new entities. Nothing
// is counted before the hop is known to fit.
func (w *walk) toEntities(out *Indicators) bool {
	w.next = w.next[:0]
	for _, c := range w.front {
		w.next = w.g.appendNames(w.next, c, w.first, w.cut)
		if w.followed+len(w.next) > w.g.options.MaxEdges {
			break
		}
	}
	if !w.fits(len(w.next), out) {
		return false
	}
	kept := w.front[:0]
	for _, e := range w.next {
		if _, first := w.entities.meet(e); first {
			kept = append(kept, e)
		}
	}
	w.front = kept
	if len(w.front) == 0 {
		return false
	}
	out.Hops++
	out.Entities += int32(len(w.front))
	if int(out.Hops) <= w.g.options.PartyHops {
		for _, e := range w.front {
			out.Parties[w.g.entities.at(e).kind()]++
		}
	}
	return true
}

// toClaims goes from the entities of the front that are no hubs to their new
// claims.
func (w *walk) toClaims(out *Indicators) bool {
	edges, kept := 0, w.front[:0]
	for _, e := range w.front {
		if w.g.entities.at(e).len() == 1 { // it leads back only; most entities do
			edges++
		} else if d := int32(len(w.others(e))); !w.hub(d) {
			edges += int(d)
			kept = append(kept, e)
		}
	}
	if !w.fits(edges, out) {
		return false
	}
	w.next = w.next[:0]
	for _, e := range kept {
		for _, r := range w.others(e) {
			c := w.g.log.runs.at(r).claim
			if _, first := w.claims.meet(c); first {
				w.next = append(w.next, c)
			}
		}
	}
	w.front, w.next = w.next, kept
	if len(w.front) > 0 {
		out.Hops++
	}
	return len(w.front) > 0
}
