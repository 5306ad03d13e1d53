package window

import (
	"errors"
	"fmt"
	"math"
)

// Rate declares the smoothed share of confirmed outcomes among the matured
// events of a key, as of a query at t:
//
//	(confirmed + Prior*Strength) / (matured + Strength)
//
// An event is matured when its window holds (t-From <= happened < t-To, so that
// To is the age at which outcomes are taken to be settled), and both the event
// and its conclusion were known strictly before t. Everything else stays out:
// events without a conclusion are not clean, they are unknown; and so does the
// query's own event, whenever it was concluded.
type Rate struct {
	Window   Window
	Prior    float64 // share expected without evidence, from 0 to 1
	Strength float64 // how many events the prior weighs, 0 or more
}

// Smooth returns (confirmed + prior*strength)/(matured + strength), NaN when the
// denominator is 0.
func Smooth(confirmed, matured int64, prior, strength float64) float64 {
	weight := float64(matured) + strength
	if weight == 0 {
		return math.NaN()
	}
	return (float64(confirmed) + float64(prior*strength)) / weight
}

// rateAggregates declares matured (2i) and confirmed (2i+1) of each rate.
func rateAggregates(rates []Rate) ([]Aggregate, error) {
	var out []Aggregate
	var faults []error
	for i, r := range rates {
		if !(r.Prior >= 0 && r.Prior <= 1) || !(r.Strength >= 0 && r.Strength <= math.MaxFloat64) {
			faults = append(faults, fmt.Errorf("cannot use rate %d: prior %v of strength %v; the prior goes from 0 to 1, the strength is 0 or more",
				i, r.Prior, r.Strength))
		}
		if err := r.Window.validate(); err != nil {
			faults = append(faults, fmt.Errorf("cannot use rate %d: %w", i, err))
		}
		out = append(out, Aggregate{Do: Count, Window: r.Window, Column: 0}, Aggregate{Do: Sum, Window: r.Window, Column: 0})
	}
	return out, errors.Join(faults...)
}

// Outcome is an event with its conclusion. All times are microseconds.
type Outcome struct {
	Key                        int32
	Happened, Known, Concluded int64 // Concluded is Never while there is no conclusion
	Confirmed                  bool
}

// visible reports whether the outcome is matured for a query at t.
func (o Outcome) visible(t int64, w Window) bool {
	from, to := w.bounds(t)
	return o.Known < t && o.Concluded < t && from <= o.Happened && o.Happened < to
}

// smooth finishes a rate from its two counts, without the own event.
func (r Rate) smooth(matured, confirmed int64, own *Outcome, key int32, t int64) float64 {
	if own != nil && own.Key == key && own.visible(t, r.Window) {
		matured--
		if own.Confirmed {
			confirmed--
		}
	}
	return Smooth(confirmed, matured, r.Prior, r.Strength)
}

// Outcomes is a history of outcomes in columns of equal length, in any order.
type Outcomes struct {
	Key       []int32
	Happened  []int64
	Known     []int64 // nil when known as they happened
	Concluded []int64 // Never without a conclusion
	Confirmed []bool
}

// row returns one outcome.
func (o Outcomes) row(i int32) Outcome {
	known := o.Happened[i]
	if o.Known != nil {
		known = o.Known[i]
	}
	return Outcome{o.Key[i], o.Happened[i], known, o.Concluded[i], o.Confirmed[i]}
}

// events turns outcomes into events that become known with their conclusion.
func (o Outcomes) events() (Events, error) {
	n := len(o.Key)
	if len(o.Happened) != n || o.Known != nil && len(o.Known) != n || len(o.Concluded) != n || len(o.Confirmed) != n {
		return Events{}, fmt.Errorf("cannot rate outcomes: %d keys, %d happened, %d known, %d concluded, %d confirmed; the lengths must agree",
			n, len(o.Happened), len(o.Known), len(o.Concluded), len(o.Confirmed))
	}
	known, confirmed := make([]int64, n), make([]int64, n)
	for i := range known {
		known[i] = o.Concluded[i]
		if o.Known != nil {
			known[i] = max(known[i], o.Known[i])
		}
		if o.Confirmed[i] {
			confirmed[i] = 1
		}
	}
	return Events{Key: o.Key, Happened: o.Happened, Known: known, Values: [][]int64{confirmed}}, nil
}

// Rates answers rates for every query: the result's [r][i] is rate r for query i.
// own, if not nil, gives per query the row of its own outcome, or -1; it is left
// out when it is of the query's key. threads is as for Batch, and so are the
// refusals; a prior outside 0 to 1 and a negative strength are refused too.
func Rates(o Outcomes, q Queries, own []int32, rates []Rate, threads int) ([][]float64, error) {
	aggs, err := rateAggregates(rates)
	if err != nil {
		return nil, err
	}
	ev, err := o.events()
	if err != nil {
		return nil, err
	}
	if own != nil && len(own) != len(q.Key) {
		return nil, fmt.Errorf("cannot rate %d queries with %d own rows; the lengths must agree", len(q.Key), len(own))
	}
	for i, r := range own {
		if r < -1 || int(r) >= len(o.Key) {
			return nil, fmt.Errorf("cannot rate query %d: own row %d of %d outcomes", i, r, len(o.Key))
		}
	}
	counts, err := Batch(nil, ev, q, aggs, threads)
	if err != nil {
		return nil, err
	}
	out := counts[:0]
	for k, r := range rates {
		matured, confirmed := counts[2*k], counts[2*k+1]
		for i := range matured {
			var mine *Outcome
			if own != nil && own[i] >= 0 {
				row := o.row(own[i])
				mine = &row
			}
			matured[i] = r.smooth(int64(matured[i]), int64(confirmed[i]), mine, q.Key[i], q.At[i])
		}
		out = append(out, matured)
	}
	return out, nil
}
