package train

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"claimsieve/datasets"
)

// Windows are the three periods of a training, by the time at which a claim
// became known, in microseconds since 1970 UTC: the trees are grown on
// [From, ValidFrom), their number is chosen on [ValidFrom, CalibrateFrom), and
// calibration, score scale and threshold are set on [CalibrateFrom, Until).
// Outcomes count only where they were known before Until.
// In JSON they are RFC 3339 instants in UTC.
type Windows struct {
	From, ValidFrom, CalibrateFrom, Until int64
}

// windowsJSON is Windows as it is written.
type windowsJSON struct {
	From          time.Time `json:"from,omitzero"`
	ValidFrom     time.Time `json:"valid_from,omitzero"`
	CalibrateFrom time.Time `json:"calibrate_from,omitzero"`
	Until         time.Time `json:"until,omitzero"`
}

// MarshalJSON leaves out the instants that are 0.
func (w Windows) MarshalJSON() ([]byte, error) {
	at := func(t int64) time.Time {
		if t == 0 {
			return time.Time{}
		}
		return time.UnixMicro(t).UTC()
	}
	return json.Marshal(windowsJSON{at(w.From), at(w.ValidFrom), at(w.CalibrateFrom), at(w.Until)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (w *Windows) UnmarshalJSON(text []byte) error {
	var v windowsJSON
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	for _, f := range []struct {
		from time.Time
		into *int64
	}{{v.From, &w.From}, {v.ValidFrom, &w.ValidFrom}, {v.CalibrateFrom, &w.CalibrateFrom}, {v.Until, &w.Until}} {
		if *f.into = 0; !f.from.IsZero() {
			*f.into = f.from.UnixMicro()
		}
	}
	return nil
}

// The shares of claims in the first two windows when the caller does not say.
const (
	fitShare   = 0.65
	validShare = 0.15
)

// resolve fills the instants that the caller left at 0 from the claims' times:
// From and Until cover all claims; the two cuts lie at 65 % and 80 % of the
// claims that are as old as the maturity (in microseconds) at Until, each moved
// to a midnight so that no day is split.
func (w Windows) resolve(known []int64, maturity int64) (Windows, error) {
	times := slices.DeleteFunc(slices.Clone(known), func(t int64) bool { return t == datasets.NoTime })
	if len(times) == 0 {
		return w, fmt.Errorf("cannot split by time: no claim has a known time")
	}
	slices.Sort(times)
	if w.From == 0 {
		w.From = midnight(times[0])
	}
	if w.Until == 0 {
		w.Until = midnight(times[len(times)-1]) + day
	}
	first, _ := slices.BinarySearch(times, w.From)
	last, _ := slices.BinarySearch(times, w.Until)
	if first >= last {
		return w, fmt.Errorf("cannot split by time: no claim lies between %s and %s; the claims run from %s to %s", date(w.From), date(w.Until), date(times[0]), date(times[len(times)-1]))
	}
	if mature, _ := slices.BinarySearch(times, w.Until-maturity); mature > first {
		last = mature
	}
	inside := times[first:last]
	at := func(share float64) int64 { return midnight(inside[int(share*float64(len(inside)))]) }
	if w.ValidFrom == 0 {
		w.ValidFrom = at(fitShare)
	}
	if w.CalibrateFrom == 0 {
		w.CalibrateFrom = at(fitShare + validShare)
	}
	if w.From >= w.ValidFrom || w.ValidFrom >= w.CalibrateFrom || w.CalibrateFrom >= w.Until {
		return w, fmt.Errorf("cannot split by time: want from < valid-from < calibrate-from < until, have %s, %s, %s, %s", date(w.From), date(w.ValidFrom), date(w.CalibrateFrom), date(w.Until))
	}
	return w, nil
}

// split returns the rows of each window whose target is known, ascending.
func (w Windows) split(known []int64, y []float64) (fit, valid, calibrate []int) {
	for i, t := range known {
		if t == datasets.NoTime || t < w.From || t >= w.Until || math.IsNaN(y[i]) {
			continue
		}
		switch {
		case t < w.ValidFrom:
			fit = append(fit, i)
		case t < w.CalibrateFrom:
			valid = append(valid, i)
		default:
			calibrate = append(calibrate, i)
		}
	}
	return fit, valid, calibrate
}

const day = int64(24 * time.Hour / time.Microsecond)

func midnight(t int64) int64 { return t - ((t%day)+day)%day }

func date(t int64) string { return time.UnixMicro(t).UTC().Format(time.DateOnly) }
