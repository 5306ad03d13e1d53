package window

import (
	"fmt"
	"math"
)

// Missing as a value says that the event has none in that column. A negative
// code says the same of a column of codes.
const Missing = math.MinInt64

// Never as a known time keeps an event invisible to every query.
const Never = math.MaxInt64

// maxTotal bounds the sum of the absolute values of a column over a history.
// Every partial sum is then exact in 64 bits and every sum of squares in 128.
const maxTotal = 1 << 62

// Events is a history in columns of equal length, in any order. Nothing in it is
// changed.
type Events struct {
	Key      []int32
	Happened []int64 // microseconds, within 2^60 of 0
	// Known is when each event became known; nil when that is when it happened.
	// Never is allowed.
	Known []int64
	// Marks are the bits that Aggregate.Where asks for; nil is all zero.
	Marks  []uint64
	Values [][]int64 // one slice a column; the absolute values of a column add up to less than 2^62
	Codes  [][]int32 // one slice a column
	// Owner is whose each event is, for Queries.Owner. A negative number is
	// nobody; nil says that nobody owns anything.
	Owner []int32
}

// Queries asks about a key at an instant, in any order. Instants lie within 2^60
// microseconds of 0.
type Queries struct {
	Key []int32
	At  []int64
	// Owner is who asks: the query sees no event whose owner is the same, in no
	// window of any aggregate. A negative number is nobody and sees everything,
	// and so does every query when it is nil.
	Owner []int32
}

// Fixed returns v in units of 10^-digits, rounded to nearest and halves away
// from zero: Fixed(12.34, 2) is 1234. NaN gives Missing. It refuses infinities,
// digits outside 0 to 9 and results beyond 2^53, which a float64 cannot have
// carried exactly.
func Fixed(v float64, digits int) (int64, error) {
	if digits < 0 || digits > 9 {
		return 0, fmt.Errorf("cannot scale by 10^%d: digits go from 0 to 9", digits)
	}
	if math.IsNaN(v) {
		return Missing, nil
	}
	scale := 1.0
	for range digits {
		scale *= 10
	}
	r := math.Round(v * scale)
	if math.Abs(r) > 1<<53 {
		return 0, fmt.Errorf("cannot scale %v by 10^%d: beyond 2^53; use fewer digits", v, digits)
	}
	return int64(r), nil
}

// addTotal adds |v| to a running total and refuses to pass maxTotal.
func addTotal(total uint64, v int64) (uint64, error) {
	if v == Missing {
		return total, nil
	}
	if v < 0 {
		v = -v
	}
	if uint64(v) >= maxTotal-total {
		return total, fmt.Errorf("absolute values add up to 2^62 or more; use a coarser unit")
	}
	return total + uint64(v), nil
}

func checkTime(t int64) error {
	if t < -maxTime || t > maxTime {
		return fmt.Errorf("time %d us is more than 2^60 us from the epoch; give microseconds", t)
	}
	return nil
}

func (ev Events) validate() error {
	n := len(ev.Key)
	if n > math.MaxInt32 {
		return fmt.Errorf("cannot aggregate %d events: at most %d at once; split by key", n, math.MaxInt32)
	}
	if len(ev.Happened) != n || ev.Known != nil && len(ev.Known) != n || ev.Marks != nil && len(ev.Marks) != n {
		return fmt.Errorf("cannot aggregate events: %d keys, %d happened, %d known, %d marks; the lengths must agree",
			n, len(ev.Happened), len(ev.Known), len(ev.Marks))
	}
	if ev.Owner != nil && len(ev.Owner) != n {
		return fmt.Errorf("cannot aggregate events: %d owners for %d events; the lengths must agree", len(ev.Owner), n)
	}
	for i, t := range ev.Happened {
		if err := checkTime(t); err != nil {
			return fmt.Errorf("cannot aggregate event %d: happened: %w", i, err)
		}
	}
	for i, t := range ev.Known {
		if err := checkTime(t); err != nil && t != Never {
			return fmt.Errorf("cannot aggregate event %d: known: %w", i, err)
		}
	}
	for c, col := range ev.Values {
		if len(col) != n {
			return fmt.Errorf("cannot aggregate value column %d: %d values for %d events", c, len(col), n)
		}
		var total uint64
		var err error
		for i, v := range col {
			if total, err = addTotal(total, v); err != nil {
				return fmt.Errorf("cannot aggregate value column %d at event %d: %w", c, i, err)
			}
		}
	}
	for c, col := range ev.Codes {
		if len(col) != n {
			return fmt.Errorf("cannot aggregate code column %d: %d codes for %d events", c, len(col), n)
		}
	}
	return nil
}

func (q Queries) validate() error {
	if len(q.Key) != len(q.At) || len(q.Key) > math.MaxInt32 {
		return fmt.Errorf("cannot answer queries: %d keys for %d instants; the lengths must agree and stay below 2^31",
			len(q.Key), len(q.At))
	}
	if q.Owner != nil && len(q.Owner) != len(q.Key) {
		return fmt.Errorf("cannot answer queries: %d owners for %d queries; the lengths must agree", len(q.Owner), len(q.Key))
	}
	for i, t := range q.At {
		if err := checkTime(t); err != nil {
			return fmt.Errorf("cannot answer query %d: %w", i, err)
		}
	}
	return nil
}
