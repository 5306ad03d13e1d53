package synth

import "math"

// verdict is one conclusion about a claim. Most claims have one; a few are
// corrected later by a second.
type verdict struct {
	conclusion int8    // place in conclusionWords
	at         int64   // seconds since 1970
	recovered  float64 // yuan; NaN when nothing
	paid       float64 // yuan that the insurer bears in the end, by this conclusion
}

// correctedShare is the chance that a wrong conclusion is found out later: a
// fraud that was cleared, or an honest claim that was refused or counted as
// fraud. About one in two hundred investigated claims is corrected.
const correctedShare = 0.28

// correctionDays is the median time from a conclusion to its correction.
const correctionDays = 110

// verdicts returns what was concluded about a claim before the end of the
// period, first to last; none when nothing was.
func (w *world) verdicts(c *claim, to []verdict) []verdict {
	if c.concluded >= w.end {
		return to
	}
	d := roll(w.cfg.Seed, correctionStream, c.slot)
	full := 10 * math.Floor(times(c.claimed, d.between(0.9, 1))/10)
	first := verdict{conclusion: c.conclusion, at: c.concluded, recovered: c.recovered}
	first.paid = paidAt(c, &first, full)
	to = append(to, first)
	second := verdict{conclusion: -1, recovered: math.NaN()}
	switch {
	case c.fraud() && c.conclusion == cleared:
		second.conclusion = confirmed
	case !c.fraud() && (c.conclusion == refused || c.conclusion == confirmed):
		second.conclusion = cleared
	}
	if second.conclusion < 0 || !d.chance(correctedShare) {
		return to
	}
	second.at = c.concluded + 7*daySeconds + int64(times(daySeconds, d.logNormal(correctionDays, 0.5)))
	second.recovered = c.recoveredAt(&d, second.conclusion)
	second.paid = paidAt(c, &second, full)
	if second.at >= w.end {
		return to
	}
	return append(to, second)
}

// paidAt returns what the insurer bears under a conclusion, of the full amount
// where nothing is wrong.
func paidAt(c *claim, v *verdict, full float64) float64 {
	switch v.conclusion {
	case refused, withdrawn:
		return 0
	case confirmed, suspected:
		return max(0, c.claimed-v.recovered)
	}
	return full
}

// payment is one payment for a claim.
type payment struct {
	amount float64 // yuan, above 0
	at     int64
}

// settlement is how a claim ended, as far as the period shows.
type settlement struct {
	payments    [3]payment
	n           int     // payments, those after the period included
	closed      int64   // last closing of the file; 0 while it is open
	paid        float64 // yuan that the insurer bears
	reopened    int
	supplements int // later additions to the assessment
}

// By kind of claim: how often there are 0, 1 or 2 supplements, and how often a
// file is opened again for another reason than a correction.
var (
	supplementOdds = [4][]float64{{.88, .10, .02}, {.78, .17, .05}, {.85, .12, .03}, {.55, .30, .15}}
	reopenedOdds   = [4]float64{.01, .03, .02, .04}
)

// settle draws payments and the closing from the verdicts. What is recovered
// after a payment is no payment: it makes paid less than what was paid out.
func (w *world) settle(c *claim, verdicts []verdict) settlement {
	var s settlement
	if len(verdicts) == 0 {
		return s
	}
	d := roll(w.cfg.Seed, settlementStream, c.slot)
	s.supplements = d.pick(supplementOdds[c.kind])
	if d.chance(reopenedOdds[c.kind]) {
		s.reopened = 1
	}
	days := func(low, high float64) int64 { return 3600 + int64(times(daySeconds, d.between(low, high))) }
	first := verdicts[0]
	last := first.at + days(0, 6)
	switch {
	case first.paid > 0 && s.supplements > 0:
		rest := 10 * math.Floor(times(first.paid, 0.2)/10)
		s.pay(first.paid-rest, last)
		last += days(2, 20)
		s.pay(rest, last)
	default:
		s.pay(first.paid, last)
	}
	s.closed, s.paid = last+days(0, 2), first.paid
	if len(verdicts) > 1 {
		second := verdicts[1]
		last = max(last, second.at) + days(0, 15)
		s.pay(second.paid-first.paid, last)
		s.closed, s.paid = last+days(0, 2), second.paid
		s.reopened++
	}
	if s.closed >= w.end {
		s.closed = 0
	}
	return s
}

// pay notes a payment unless nothing is to be paid.
func (s *settlement) pay(amount float64, at int64) {
	if amount > 0 {
		s.payments[s.n] = payment{amount, at}
		s.n++
	}
}
