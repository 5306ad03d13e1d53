package conformance

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"claimsieve/datasets"
)

// dice draws worlds and pipelines, the same for a seed.
type dice struct {
	*rand.Rand
	odd oddity
}

// oddity is a set of things that a clean history does not have.
type oddity uint

const (
	unknownClaims oddity = 1 << iota // rows that name a claim which is not there
	earlyStages                      // a stage reached before the row was known, or before an earlier stage
	lateHappening                    // happened after known
	nullClocks                       // rows that nobody knows when to know
	emptyWords                       // "" as a key
	everyOddity   = 1<<iota - 1
)

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 11)), everyOddity} }

// strange says at a chance whether an oddity comes up.
func (d dice) strange(o oddity, p float64) bool { return d.chance(p) && d.odd&o != 0 }

func (d dice) chance(p float64) bool { return d.Float64() < p }

func one[T any](d dice, of ...T) T { return of[d.IntN(len(of))] }

// firstDay begins the random histories.
var firstDay = micros(time.Date(2024, 2, 20, 0, 0, 0, 0, time.UTC).UnixMicro())

// moment is an instant within some days, most often a midnight, so that ties
// are common, else a noon or any microsecond.
func (d dice) moment(from micros, days int) micros {
	t := floorDay(from) + micros(d.IntN(days+1))*day
	switch d.IntN(6) {
	case 0:
		return t + day/2
	case 1:
		return t + micros(d.Int64N(int64(day)))
	}
	return t
}

// or returns null instead of a value, at a chance.
func (d dice) sparse(p float64, v any) any {
	if d.chance(p) {
		return nil
	}
	return v
}

// amount is a number with few or many digits, rarely none.
func (d dice) amount() any {
	switch d.IntN(14) {
	case 0:
		return nil
	case 1:
		return one(d, math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1))
	case 2:
		return d.NormFloat64() * 1000
	case 3:
		return one(d, 0.00005, -0.00005, 1.00005, 0.125, -2.5, 1.115)
	}
	return float64(d.IntN(9)) * one(d, 0.1, 1, 12.5)
}

func (d dice) id(prefix string, n int) any {
	return d.sparse(0.12, prefix+fmt.Sprint(d.IntN(n)))
}

// clock is an instant, rarely null.
func (d dice) clock(m micros) any {
	if d.strange(nullClocks, 0.04) {
		return nil
	}
	return m
}

// empty is a word, sometimes null or the empty one.
func (d dice) empty(word string) any {
	if d.strange(emptyWords, 0.1) {
		return ""
	}
	return d.sparse(0.1, word)
}

// digitsOnly are identifiers that are spelt like whole numbers.
func (d dice) digitsOnly(n int) any { return d.sparse(0.12, fmt.Sprint(d.IntN(n))) }

// told are stories whose normal forms are the same or far from one another, so
// that the search for near duplicates is certain.
var told = []string{
	"The car slid on black ice and hit a lamp post", "the CAR slid, on black ice -- and hit a lamp post!",
	"倒车时不慎撞到了路边的石墩，后保险杠受损", "倒车时不慎撞到了路边的石墩。后保险杠受损",
	"Parked at the market on 3 May, found the door dented", "parked at the market on 17 May; found the door dented",
	"暴雨中车辆涉水熄火，发动机进水无法启动", "short", "none", "12 34", "追尾", "...", "", "brake failure near exit 42 of the ring road",
}

func (d dice) story() any { return d.sparse(0.1, one(d, told...)) }

// later is a stage's time after another one, sometimes never, rarely before it.
func (d dice) later(after micros, days int, p float64) any {
	if d.chance(p) {
		return nil
	}
	if d.strange(earlyStages, 0.06) {
		return d.moment(after-3*day, 3)
	}
	return max(after, d.moment(after, days))
}

// world draws a history.
func (d dice) world(claims int) *world {
	f := form{claimsHappen: d.chance(0.8), partiesHappen: d.chance(0.6),
		lossType: one(d, datasets.Time, datasets.Date), surveyType: one(d, datasets.Time, datasets.Date), paidOn: one(d, datasets.Time, datasets.Date)}
	w := &world{spec: describe(f), rows: map[string][]row{}}
	for i := range claims {
		w.rows["claims"] = append(w.rows["claims"], d.claim(fmt.Sprintf("C%d", i)))
	}
	for range claims * 3 / 2 {
		w.rows["parties"] = append(w.rows["parties"], d.party(d.ofClaim(claims)))
	}
	for range claims {
		w.rows["payments"] = append(w.rows["payments"], d.payment(d.ofClaim(claims)))
		w.rows["outcomes"] = append(w.rows["outcomes"], d.outcome(d.ofClaim(claims)))
	}
	for range 1 + claims/3 {
		w.rows["policies"] = append(w.rows["policies"], d.policy())
	}
	for _, name := range w.spec.TableNames() {
		for _, r := range w.rows[name] {
			w.asDates(name, r)
		}
	}
	return w
}

// asDates cuts what stands in a date column to its midnight.
func (w *world) asDates(table string, r row) {
	for _, c := range w.spec.Tables[table].Columns {
		if m, ok := r[c.Name].(micros); ok && c.Type == datasets.Date {
			r[c.Name] = floorDay(m)
		}
	}
}

// ofClaim names a claim of the world, rarely one that nobody knows.
func (d dice) ofClaim(claims int) string {
	if d.strange(unknownClaims, 0.05) {
		return fmt.Sprintf("X%d", d.IntN(3))
	}
	return fmt.Sprintf("C%d", d.IntN(claims))
}

func (d dice) claim(id string) row {
	reported := d.moment(firstDay, 40)
	r := row{"claim_id": id, "reported_at": reported, "loss_at": d.before(reported),
		"vehicle_id": d.digitsOnly(5), "driver_id": d.id("p", 6), "holder_id": d.id("p", 6), "reporter_phone": d.id("t", 5), "policy_id": d.id("y", 4),
		"region": d.empty(one(d, "north", "North", "7", "south")), "unit": d.sparse(0.1, int64(d.IntN(4))), "police": d.sparse(0.2, d.chance(0.5)),
		"severity": d.sparse(0.1, int64(d.IntN(5)-1)), "amount": d.amount(), "narrative": d.story(),
		"shop_id": d.id("s", 3), "depth": d.amount(), "staff_id": d.id("e", 3), "loss": d.amount()}
	last := reported
	for _, s := range []string{"surveyed_at", "assessed_at", "closed_at"} {
		r[s] = d.later(last, 6, 0.2)
		if m, ok := r[s].(micros); ok {
			last = m
		} else if d.odd&earlyStages == 0 {
			break
		}
	}
	return r
}

// before is when something happened that became known at an instant: rarely
// after that.
func (d dice) before(known micros) micros {
	if d.strange(lateHappening, 0.08) {
		return d.moment(known, 5)
	}
	return min(known, d.moment(known-12*day, 12))
}

func (d dice) party(claim string) row {
	joined := d.moment(firstDay, 48)
	return row{"claim_id": d.sparse(0.03, claim), "joined_at": d.clock(joined), "seen_at": d.before(joined), "settled_at": d.later(joined, 10, 0.2),
		"party_id": d.id("p", 8), "role": d.sparse(0.1, one(d, "injured", "witness", "payee")), "phone": d.id("t", 6), "account": d.id("a", 4), "car": d.digitsOnly(6),
		"region": d.sparse(0.1, one(d, "north", "south", "7")), "age": d.sparse(0.1, int64(d.IntN(4))), "injury": d.amount(), "fee": d.amount()}
}

func (d dice) payment(claim string) row {
	paid := d.moment(firstDay, 50)
	return row{"claim_id": d.sparse(0.03, claim), "paid_at": paid, "due_on": d.before(paid), "paid": d.amount(), "payee": d.id("a", 4),
		"kind": d.sparse(0.1, one(d, "x", "y")), "unit": d.digitsOnly(4)}
}

func (d dice) policy() row {
	issued := d.moment(firstDay-5*day, 40)
	return row{"policy_id": fmt.Sprintf("y%d", d.IntN(5)), "issued_at": d.clock(issued), "rated_at": d.later(issued, 20, 0.3), "sum_insured": d.amount(),
		"holder": d.id("p", 6), "kind": d.sparse(0.1, one(d, "gold", "tin")), "vip": d.sparse(0.2, d.chance(0.5)), "start_on": d.sparse(0.1, d.moment(firstDay-30*day, 40)), "rating": d.amount()}
}

func (d dice) outcome(claim string) row {
	return row{"claim_id": claim, "concluded_at": d.moment(firstDay+5*day, 50),
		"conclusion": one(d, "refused_fraud", "withdrawn_fraud", "confirmed_fraud", "suspected", "cleared", "cleared", "inconclusive", "closed")}
}
