package window

import "fmt"

// RateState is the State of rates: it folds outcomes as they are concluded and
// answers for one key at one instant with the same bits as Rates.
type RateState struct {
	rates []Rate
	state *State
	row   [1]int64
	dst   []float64
}

// NewRateState returns an empty state, or says which rates cannot be used.
func NewRateState(rates []Rate) (*RateState, error) {
	aggs, err := rateAggregates(rates)
	if err != nil {
		return nil, err
	}
	s, err := NewState(aggs, 1, 0)
	if err != nil {
		return nil, err
	}
	return &RateState{rates: append([]Rate(nil), rates...), state: s}, nil
}

// Len is the number of concluded outcomes folded.
func (s *RateState) Len() int { return s.state.Len() }

// Fold adds an outcome, once; without a conclusion it changes nothing, and the
// outcome is to be folded when it is concluded. It refuses what State.Fold
// refuses.
func (s *RateState) Fold(o Outcome) error {
	if o.Concluded == Never {
		return nil
	}
	s.row[0] = 0
	if o.Confirmed {
		s.row[0] = 1
	}
	return s.state.Fold(Event{Key: o.Key, Happened: o.Happened, Known: max(o.Known, o.Concluded), Values: s.row[:]})
}

// Answer appends every rate of key at t to dst and returns it. own, if not nil,
// is the query's own outcome, which is left out; it must have been folded if it
// was concluded before t. Unlike State.Answer it needs exclusive use.
func (s *RateState) Answer(dst []float64, key int32, t int64, own *Outcome) ([]float64, error) {
	counts, err := s.state.Answer(s.dst[:0], key, t)
	if err != nil {
		return dst, err
	}
	s.dst = counts
	for i, r := range s.rates {
		dst = append(dst, r.smooth(int64(counts[2*i]), int64(counts[2*i+1]), own, key, t))
	}
	return dst, nil
}

// AppendBinary appends the folded outcomes in the format of State.AppendBinary.
func (s *RateState) AppendBinary(dst []byte) ([]byte, error) { return s.state.AppendBinary(dst) }

// RestoreRates reads what RateState.AppendBinary wrote into a state for the
// rates. It refuses what Restore refuses, and values other than 0 and 1.
func RestoreRates(data []byte, rates []Rate) (*RateState, error) {
	s, err := NewRateState(rates)
	if err != nil {
		return nil, err
	}
	st, err := Restore(data, s.state.aggs)
	if err != nil {
		return nil, err
	}
	if st.values != 1 || st.codes != 0 {
		return nil, fmt.Errorf("cannot restore rates: %d value and %d code columns; outcomes have one value", st.values, st.codes)
	}
	for _, key := range st.sortedKeys() {
		for _, b := range st.keys[key].blocks {
			for at := 0; at < len(b.rows); at += st.stride {
				if v := b.rows[at+3]; v != 0 && v != 1 {
					return nil, fmt.Errorf("cannot restore rates: key %d has outcome %d; it must be 0 or 1", key, v)
				}
			}
		}
	}
	s.state = st
	return s, nil
}
