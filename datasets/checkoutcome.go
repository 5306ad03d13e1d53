package datasets

import (
	"fmt"
	"math"
	"slices"
)

// closing is the outcomes' columns of Application Guideline No. 1, Article 26.
// A column that is not there, or cannot be read, is nil.
type closing struct {
	claims                    []string
	conclusion                []Conclusion
	flag                      []string // by code, "" for null; a truth as true or false
	flagIsTruth               bool
	types, reason             []string
	refused, recovered, paids []float64 // NaN for null
}

// article26 holds the fields of an outcome against each other.
func (c *checker) article26(claims []string) {
	o := closing{claims: claims}
	for _, text := range c.text(OutcomesTable, "conclusion") {
		o.conclusion = append(o.conclusion, Conclusion(text))
	}
	if o.conclusion == nil {
		return
	}
	ts := c.data.Spec.Tables[OutcomesTable]
	if col := ts.Column("fraud_flag"); col != nil {
		o.flag, o.flagIsTruth = c.text(OutcomesTable, "fraud_flag"), col.Type == Bool
	}
	o.types, o.reason = c.text(OutcomesTable, "fraud_types"), c.text(OutcomesTable, "refusal_reason")
	for name, to := range map[string]*[]float64{"refused": &o.refused, "recovered_amount": &o.recovered, "paid_amount": &o.paids} {
		if ts.Column(name) != nil {
			*to = c.floats(OutcomesTable, name)
		}
	}
	c.flags(&o)
	c.fraudTypes(&o)
	c.refusals(&o)
	c.recovered(&o)
	c.paid(&o)
}

// label returns the conclusion's label; Unknown for one that is not known.
func (o *closing) label(i int) Label {
	l, _ := o.conclusion[i].Label()
	return l
}

// said writes an outcome's conclusion beside a value.
func (o *closing) said(column, value string, i int) string {
	return fmt.Sprintf("%s %s, conclusion %s", column, value, oneLine(string(o.conclusion[i])))
}

// The flags of Article 26 by their codes, see the code table fraud_flags.
const (
	flagRefused   = "01"
	flagWithdrawn = "02"
	flagSuspected = "03"
)

// flagFits says whether a fraud flag fits the conclusion. A truth is true for
// confirmed fraud alone; a suspicion is neither.
func (o *closing) flagFits(i int) bool {
	switch o.flag[i] {
	case "true":
		return o.label(i) == Confirmed
	case "false":
		return o.label(i) == Cleared || o.label(i) == Unknown
	case flagRefused:
		return o.conclusion[i] == RefusedFraud || o.conclusion[i] == ConfirmedFraud
	case flagWithdrawn:
		return o.conclusion[i] == WithdrawnFraud || o.conclusion[i] == ConfirmedFraud
	case flagSuspected:
		return o.conclusion[i] == SuspectedFraud
	}
	return true // another code: the code table says what is wrong with it
}

// flags holds 欺诈标志 against the conclusion.
func (c *checker) flags(o *closing) {
	if o.flag == nil {
		return
	}
	c.judge(OutcomesTable, "fraud_flag", FlagContradiction, len(o.flag), func(i int) verdict {
		if o.flag[i] == "" {
			return skipped
		}
		return passedIf(o.flagFits(i))
	}, func(i int) string { return o.said("fraud_flag", o.flag[i], i) },
		"the fraud flag (欺诈标志) contradicts the conclusion", "correct the flag or the conclusion: 01 or true is refused, 02 or true is withdrawn, 03 is suspected, false or null is none of them")
	c.judge(OutcomesTable, "fraud_flag", MissingFlag, len(o.flag), func(i int) verdict {
		switch {
		case o.label(i) == Confirmed, o.label(i) == Suspected && !o.flagIsTruth:
			return passedIf(o.flag[i] != "")
		}
		return skipped
	}, func(i int) string { return o.said("fraud_flag", "null", i) },
		"the fraud flag (欺诈标志) is missing although fraud was confirmed or suspected", "fill the flag when the file is closed (Article 26)")
}

// fraudTypes holds 欺诈类型 against the conclusion.
func (c *checker) fraudTypes(o *closing) {
	c.judge(OutcomesTable, "fraud_types", TypesWithoutFraud, len(o.types), func(i int) verdict {
		if o.types[i] == "" {
			return skipped
		}
		return passedIf(o.label(i) == Confirmed || o.label(i) == Suspected)
	}, func(i int) string {
		return o.said("fraud_types", c.shown(OutcomesTable, "fraud_types", oneLine(o.types[i])), i)
	}, "fraud types (欺诈类型) are given although no fraud was confirmed or suspected", "take the types away, or correct the conclusion")
}

// refusals holds 是否拒赔 and 拒赔原因 against the conclusion and each other.
func (c *checker) refusals(o *closing) {
	c.judge(OutcomesTable, "refused", RefusalContradiction, len(o.refused), func(i int) verdict {
		switch r := o.refused[i]; {
		case math.IsNaN(r):
			return skipped
		case o.conclusion[i] == RefusedFraud:
			return passedIf(r == 1)
		case o.conclusion[i] == WithdrawnFraud:
			return passedIf(r == 0)
		}
		return passed
	}, func(i int) string { return o.said("refused", fmt.Sprint(o.refused[i] == 1), i) },
		"refused (是否拒赔) contradicts the conclusion", "refused_fraud is refused, withdrawn_fraud is not: correct one of the two")
	if o.reason == nil || o.refused == nil {
		return
	}
	c.judge(OutcomesTable, "refusal_reason", RefusalWithoutReason, len(o.reason), func(i int) verdict {
		if o.refused[i] != 1 {
			return skipped
		}
		return passedIf(o.reason[i] != "")
	}, func(i int) string { return o.said("refused", "true", i) },
		"the claim was refused and no reason (拒赔原因) is given", "fill refusal_reason (Article 26)")
	c.judge(OutcomesTable, "refusal_reason", ReasonWithoutRefusal, len(o.reason), func(i int) verdict {
		if o.reason[i] == "" {
			return skipped
		}
		return passedIf(o.refused[i] == 1)
	}, func(i int) string { return o.said("refusal_reason", "given", i) },
		"a reason of refusal (拒赔原因) is given and the claim was not refused", "take the reason away, or set refused")
}

// aFen is the smallest amount of money; less is rounding.
const aFen = 0.01

// recovered holds 挽回欺诈损失金额 against its range: from 0 to what was claimed.
func (c *checker) recovered(o *closing) {
	claimed := c.claimedAmounts()
	limit := func(i int) float64 {
		if i < len(o.claims) && claimed != nil {
			if row, ok := c.claim[o.claims[i]]; ok {
				return claimed[row]
			}
		}
		return math.NaN()
	}
	c.judge(OutcomesTable, "recovered_amount", RecoveredOutOfRange, len(o.recovered), func(i int) verdict {
		if math.IsNaN(o.recovered[i]) {
			return skipped
		}
		return passedIf(o.recovered[i] >= 0 && !(o.recovered[i] > limit(i)+aFen))
	}, func(i int) string {
		return fmt.Sprintf("recovered %.2f, claimed %.2f", o.recovered[i], limit(i))
	}, "the recovered amount (挽回欺诈损失金额) is negative or above the claimed amount", "correct the amount; null where nothing was recovered")
}

// claimedAmounts returns the claims' column claimed_amount, nil without one.
func (c *checker) claimedAmounts() []float64 {
	col := c.data.Spec.Tables[ClaimsTable].Column("claimed_amount")
	if c.claim == nil || col == nil || col.Type != Float && col.Type != Int {
		return nil
	}
	return c.floats(ClaimsTable, "claimed_amount")
}

// paid finds claims that were refused for fraud or withdrawn, and paid all the
// same: by the outcome's own paid_amount, and by the table of payments.
func (c *checker) paid(o *closing) {
	fraud := func(i int) bool {
		return o.conclusion[i] == RefusedFraud || o.conclusion[i] == WithdrawnFraud ||
			o.flag != nil && (o.flag[i] == flagRefused || o.flag[i] == flagWithdrawn)
	}
	text, mend := "the claim was refused for fraud or withdrawn, and was paid", "correct the payment or the conclusion: the flags 01 and 02 go with a payment of 0"
	c.judge(OutcomesTable, "paid_amount", PaidDespiteFraud, len(o.paids), func(i int) verdict {
		if math.IsNaN(o.paids[i]) || !fraud(i) {
			return skipped
		}
		return passedIf(math.Abs(o.paids[i]) < aFen)
	}, func(i int) string { return o.said("paid", fmt.Sprintf("%.2f", o.paids[i]), i) }, text, mend)
	last := c.lastOutcomes(o)
	total, column := c.payments()
	if total == nil || last == nil {
		return
	}
	c.judge(OutcomesTable, "conclusion", PaidDespiteFraud, len(o.claims), func(i int) verdict {
		if last[o.claims[i]] != i || !fraud(i) {
			return skipped
		}
		return passedIf(math.Abs(total[o.claims[i]]) < aFen)
	}, func(i int) string {
		return o.said(PaymentsTable+"."+column+" of claim "+c.shown(OutcomesTable, "claim_id", o.claims[i]), fmt.Sprintf("%.2f in all", total[o.claims[i]]), i)
	}, text, mend)
}

// lastOutcomes returns the row of the last conclusion about each claim.
func (c *checker) lastOutcomes(o *closing) map[string]int {
	concluded := c.micros(OutcomesTable, "concluded_at")
	if len(concluded) != len(o.claims) {
		return nil
	}
	last := make(map[string]int, len(o.claims))
	for i, id := range o.claims {
		if had, ok := last[id]; id != "" && (!ok || concluded[i] >= concluded[had]) {
			last[id] = i
		}
	}
	return last
}

// PaymentsTable is the table of what was paid, by claim.
const PaymentsTable = "payments"

// paymentColumns are the names by which a payment's amount goes.
var paymentColumns = []string{"paid_amount", "payment_amount", "amount"}

// payments returns the sum of the payments of each claim and the column that it
// is of, or nil when the dataset has no such table.
func (c *checker) payments() (map[string]float64, string) {
	ts := c.data.Spec.Tables[PaymentsTable]
	claims := c.data.Spec.Tables[ClaimsTable]
	if ts == nil || claims == nil || c.frames[PaymentsTable] == nil {
		return nil, ""
	}
	i := slices.IndexFunc(paymentColumns, func(name string) bool {
		col := ts.Column(name)
		return col != nil && (col.Type == Float || col.Type == Int)
	})
	if i < 0 || ts.Column(claims.Key) == nil {
		return nil, ""
	}
	amounts, ids := c.floats(PaymentsTable, paymentColumns[i]), c.text(PaymentsTable, claims.Key)
	if amounts == nil || ids == nil {
		return nil, ""
	}
	total := make(map[string]float64)
	for row, id := range ids {
		if !math.IsNaN(amounts[row]) {
			total[id] += amounts[row]
		}
	}
	return total, paymentColumns[i]
}
