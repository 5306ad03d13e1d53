package synth

import (
	"context"

	"claimsieve/datasets"
)

// paymentRow is one payment.
type paymentRow struct {
	claim          int // place in the order of report
	payee, account int // persons
	payment
}

// paymentRows lists the payments claim by claim, those made within the period.
func (s *simulation) paymentRows() rowsOf[paymentRow] {
	var rows []paymentRow
	return rowsOf[paymentRow]{
		prepare: func(context.Context) (int, error) { return partsOf(len(s.claims)), nil },
		rows: func(part int) []paymentRow {
			rows = rows[:0]
			var verdicts []verdict
			for i, to := partOf(part, len(s.claims)); i < to; i++ {
				c := &s.claims[i]
				verdicts = s.verdicts(c, verdicts[:0])
				settled := s.settle(c, verdicts)
				for _, p := range settled.payments[:settled.n] {
					if p.at < s.end {
						rows = append(rows, paymentRow{claim: i, payee: c.payee, account: s.accountOf(c, c.payee), payment: p})
					}
				}
			}
			return rows
		},
	}
}

// paymentColumns returns the columns of the payments table.
func paymentColumns(w *world) []column[paymentRow] {
	return []column[paymentRow]{
		idColumn("claim_id", "Claim", "赔案号", func(r paymentRow, to []byte) []byte { return writeClaimID(to, r.claim) }),
		idColumn("payee_id", "Payee", "收款人", func(r paymentRow, to []byte) []byte { return w.writeID(to, personPrefix, r.payee) }).
			names("person.payee").class(datasets.Personal),
		idColumn("account", "Account paid to", "收款账户", func(r paymentRow, to []byte) []byte { return w.writeID(to, accountPrefix, r.account) }).
			names("account").class(datasets.Sensitive),
		floatColumn("amount", "Amount paid, yuan", "支付金额（元）", func(r paymentRow) float64 { return r.amount }),
		timeColumn("paid_at", "Time of payment", "支付时间", func(r paymentRow) int64 { return r.at }),
	}
}
