package synth

// ring is a group that commits fraud together within a window of time.
type ring struct {
	kind       kind
	from, to   int // days since 1970, to excluded
	members    int // first member, as counted among ring members
	size       int // members
	phones     int // phones among them, fewer than members
	accounts   int // accounts among them
	vehicles   int // first vehicle, as counted among ring vehicles; staged rings only
	fleet      int // vehicles
	shop       int // repair shop rings only
	appraiser  int
	prices     [6]int32
	vehicleAge [6]int8
	ages       [9]int16
}

// lane is a sequence of rings of one region, one after the other without a gap.
type lane []int32

// How rings live: claims per ring and days that one lasts.
const (
	stagedPerRing  = 11
	shoppedPerRing = 25
	ringLife       = 420
)

// gather draws the rings of both kinds for every region, so many as their
// expected claims need, and at least one lane each, so that every moment has one.
func (w *world) gather() {
	for _, k := range []kind{staged, shopped} {
		f, per, share := regionFact.staged, stagedPerRing, stagedShare
		if k == shopped {
			f, per, share = regionFact.shopped, shoppedPerRing, shoppedShare
		}
		expected := times(float64(w.cfg.Claims), times(w.cfg.FraudShare, share))
		for region := range regionWords {
			weight := times(regionFact.base[region], ratio(f, regionFact.base, region))
			count := max(1, int(times(expected, weight)/float64(per)+0.5))
			w.lanes[k][region] = w.drawLanes(k, region, count)
		}
	}
}

func (w *world) drawLanes(k kind, region, count int) []lane {
	days := w.lastDay - w.firstDay
	lanes := max(1, min(count, (count*min(ringLife, days)+days/2)/days))
	out := make([]lane, lanes)
	for l := range out {
		d := roll(w.cfg.Seed, ringStream, int(k)<<32|region<<24|l)
		inLane := count / lanes
		if l < count%lanes {
			inLane++
		}
		from := w.firstDay
		for j := range inLane {
			to := w.lastDay
			if j < inLane-1 {
				to = w.firstDay + int(times(float64(days), float64(j+1)+d.between(-.3, .3))/float64(inLane))
			}
			out[l] = append(out[l], int32(len(w.rings)))
			w.rings = append(w.rings, w.drawRing(&d, k, region, from, to))
			from = to
		}
	}
	return out
}

func (w *world) drawRing(d *dice, k kind, region, from, to int) ring {
	r := ring{kind: k, from: from, to: to, members: w.n.members, vehicles: w.n.ringVehicles}
	if k == staged {
		r.size, r.fleet = 5+d.below(5), 3+d.below(4)
		r.phones, r.accounts = 2+d.below(2), 1+d.below(2)
	} else {
		r.size, r.phones, r.accounts = 2, 1, 1+d.below(2)
		r.shop, r.appraiser = w.shopIn(d, region), w.appraiserIn(d, region)
	}
	for i := range r.fleet {
		r.prices[i], r.vehicleAge[i] = drawVehicle(d)
	}
	for i := range r.size {
		r.ages[i] = driverAge(d)
	}
	w.n.members += r.size
	w.n.ringVehicles += r.fleet
	return r
}

// ringAt returns a ring of that kind and region that is active on a day; days
// outside the period count as its nearest day.
func (w *world) ringAt(d *dice, k kind, region, day int) int32 {
	lanes := w.lanes[k][region]
	l := lanes[d.below(len(lanes))]
	for _, r := range l[:len(l)-1] {
		if day < w.rings[r].to {
			return r
		}
	}
	return l[len(l)-1]
}

// contact returns the person whose number the phone or account of a ring's
// member i has, when n of them are shared among the members.
func (w *world) contact(r *ring, i, n int) int { return w.n.member(r.members + i%n) }

// memberOf returns which member of its ring a person is.
func (w *world) memberOf(r *ring, person int) (i int, ok bool) {
	i = person - w.n.member(r.members)
	return i, i >= 0 && i < r.size
}
