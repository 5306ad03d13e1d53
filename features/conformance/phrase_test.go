package conformance

import (
	"math"
	"strings"
)

// A truth of three values, as in the expression language.
const (
	isFalse, isMissing, isTrue = -1, 0, 1
)

func truthOf(b bool) int {
	if b {
		return isTrue
	}
	return isFalse
}

// and and or follow Kleene.
func and(a, b int) int { return min(a, b) }
func or(a, b int) int  { return max(a, b) }

var missing = math.NaN()

// number is a column as a number: NaN for null, NaN and infinities.
func number(r row, name string) float64 {
	switch v := r[name].(type) {
	case int64:
		return float64(v)
	case float64:
		return finite(v)
	case bool:
		if v {
			return 1
		}
		return 0
	}
	return missing
}

func finite(v float64) float64 {
	if math.IsInf(v, 0) {
		return missing
	}
	return v + 0 // no negative zero
}

func truth(r row, name string) int {
	if v, ok := r[name].(bool); ok {
		return truthOf(v)
	}
	return isMissing
}

// compare holds two numbers against each other by a test of their order.
func compare(a, b float64, holds func(a, b float64) bool) int {
	if math.IsNaN(a) || math.IsNaN(b) {
		return isMissing
	}
	return truthOf(holds(a, b))
}

func atLeast(a, b float64) bool { return a >= b }
func above(a, b float64) bool   { return a > b }

func isWord(r row, name string, of ...string) int {
	v, ok := r[name].(string)
	if !ok {
		return isMissing
	}
	for _, w := range of {
		if v == w {
			return isTrue
		}
	}
	return isFalse
}

// phrase is an expression over one table with its meaning beside it. Exactly
// one of the meanings is there; words serve distinct and top_share.
type phrase struct {
	text    string
	columns []string // that it reads
	whole   bool     // a column of type int: kept without decimal digits
	number  func(r row) float64
	truth   func(r row) int
	word    func(r row) (string, bool)
}

func numbers(text string, meaning func(r row) float64, columns ...string) phrase {
	return phrase{text: text, columns: columns, number: meaning}
}

func plain(name string) phrase {
	return phrase{text: name, columns: []string{name}, number: func(r row) float64 { return number(r, name) }}
}

func wholes(name string) phrase {
	p := plain(name)
	p.whole = true
	return p
}

func truths(text string, meaning func(r row) int, columns ...string) phrase {
	return phrase{text: text, columns: columns, truth: meaning}
}

func words(name string) phrase {
	return phrase{text: name, columns: []string{name}, word: func(r row) (string, bool) { return spelling(r, name) }}
}

// spelling is a word's own value, the empty one included.
func spelling(r row, name string) (string, bool) {
	v, ok := r[name].(string)
	return v, ok
}

// asWord makes a number's value its own word.
func asWord(p phrase) phrase {
	p.word = func(r row) (string, bool) {
		v := p.number(r)
		return formatNumber(v), !math.IsNaN(v)
	}
	return p
}

// amounts are numbers that an aggregate can add up, by table.
var amounts = map[string][]phrase{
	"claims": {plain("amount"), wholes("severity"), plain("police"), plain("depth"), plain("loss"),
		numbers("amount * 2 - severity", func(r row) float64 { return finite(number(r, "amount")*2 - number(r, "severity")) }, "amount", "severity"),
		numbers("amount ?? 0.5", func(r row) float64 { return orElse(number(r, "amount"), 0.5) }, "amount"),
		numbers("police ? amount : severity", func(r row) float64 {
			switch truth(r, "police") {
			case isTrue:
				return number(r, "amount")
			case isFalse:
				return number(r, "severity")
			}
			return missing
		}, "police", "amount", "severity"),
		numbers("days(reported_at - loss_at)", func(r row) float64 {
			a, ok := r["reported_at"].(micros)
			b, too := r["loss_at"].(micros)
			if !ok || !too {
				return missing
			}
			return float64(a-b) / float64(day)
		}, "reported_at", "loss_at")},
	"parties":  {wholes("age"), plain("injury"), plain("fee"), numbers("injury / age", func(r row) float64 { return finite(number(r, "injury") / number(r, "age")) }, "injury", "age")},
	"payments": {plain("paid"), numbers("-paid", func(r row) float64 { return finite(-number(r, "paid")) }, "paid")},
	"policies": {plain("sum_insured"), plain("vip"), plain("rating")},
	"outcomes": {},
}

func orElse(a, b float64) float64 {
	if math.IsNaN(a) {
		return b
	}
	return a
}

// names are words whose identity counts, by table.
var names = map[string][]phrase{
	"claims": {words("region"), words("driver_id"), words("shop_id"), words("staff_id"), asWord(wholes("severity")), asWord(plain("amount")),
		{text: "lower(region)", columns: []string{"region"}, word: func(r row) (string, bool) {
			v, ok := spelling(r, "region")
			return strings.ToLower(v), ok
		}}},
	"parties":  {words("party_id"), words("role"), words("account"), asWord(wholes("age"))},
	"payments": {words("payee"), words("kind"), words("unit")},
	"policies": {words("holder"), words("kind")},
	"outcomes": {words("conclusion")},
}

// conditions are truths, by table.
var conditions = map[string][]phrase{
	"claims": {
		truths("police", func(r row) int { return truth(r, "police") }, "police"),
		truths("severity >= 2", func(r row) int { return compare(number(r, "severity"), 2, atLeast) }, "severity"),
		truths("not police or severity > 1", func(r row) int { return or(-truth(r, "police"), compare(number(r, "severity"), 1, above)) }, "police", "severity"),
		truths(`region in ["north", "7", ""]`, func(r row) int { return isWord(r, "region", "north", "7", "") }, "region"),
		truths("isnull(amount)", func(r row) int { return truthOf(math.IsNaN(number(r, "amount"))) }, "amount"),
		truths("loss > 10 and police", func(r row) int { return and(compare(number(r, "loss"), 10, above), truth(r, "police")) }, "loss", "police"),
		truths("isnull(depth)", func(r row) int { return truthOf(math.IsNaN(number(r, "depth"))) }, "depth"),
	},
	"parties": {
		truths(`role == "injured"`, func(r row) int { return isWord(r, "role", "injured") }, "role"),
		truths("age > 1", func(r row) int { return compare(number(r, "age"), 1, above) }, "age"),
		truths("fee > 5", func(r row) int { return compare(number(r, "fee"), 5, above) }, "fee"),
	},
	"payments": {
		truths("paid > 0.5", func(r row) int { return compare(number(r, "paid"), 0.5, above) }, "paid"),
		truths(`kind != "x"`, func(r row) int { return -isWord(r, "kind", "x") }, "kind"),
	},
	"policies": {truths("vip", func(r row) int { return truth(r, "vip") }, "vip")},
	"outcomes": {truths(`conclusion in ["suspected", "refused_fraud"]`, func(r row) int { return isWord(r, "conclusion", "suspected", "refused_fraud") }, "conclusion")},
}
