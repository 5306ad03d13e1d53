package conformance

import (
	"fmt"
	"math"
	"strings"

	"claimsieve/datasets"
)

// indicator is a declared indicator with what it has to be.
type indicator struct {
	name, words string
	want        func(claim row) float64
	truth       bool
}

// pipeline is a declared pipeline for one world.
type pipeline struct {
	stage      datasets.Stage
	network    string
	indicators []indicator
}

// text writes a pipeline as YAML.
func (p *pipeline) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "format: 1\nname: random\nstage: %s\n", p.stage)
	if p.network != "" {
		fmt.Fprintf(&b, "network: {%s}\n", p.network)
	}
	b.WriteString("indicators:\n")
	for _, x := range p.indicators {
		fmt.Fprintf(&b, "  - {name: %s, %s, dimension: person}\n", x.name, x.words)
	}
	return b.String()
}

// window draws a window and its words; a bounded one has a length.
func (d dice) window(bounded bool) (span, string) {
	froms := map[string]micros{"1d": day, "12h": day / 2, "5d": 5 * day, "2.5d": 5 * day / 2, "30d": 30 * day, "10d": 10 * day}
	tos := map[string]micros{"0": 0, "12h": day / 2, "0.25d": day / 4, "1d": day, "3d": 3 * day}
	from := one(d, "1d", "12h", "5d", "2.5d", "30d", "10d")
	to := one(d, "0", "12h", "0.25d", "1d", "3d")
	switch {
	case !bounded && d.chance(0.3):
		return span{forever, 0}, one(d, "", "forever", "{from: forever}")
	case !bounded && d.chance(0.2):
		return span{forever, tos[to]}, one(d, "{from: forever, to: "+to+"}", "{to: "+to+"}")
	case tos[to] == 0 || tos[to] >= froms[from]:
		return span{froms[from], 0}, from
	}
	return span{froms[from], tos[to]}, fmt.Sprintf("{from: %s, to: %s}", from, to)
}

// aggregate draws an aggregate of a world at a stage.
func (d dice) aggregate(w *world, stage datasets.Stage) (aggregate, string) {
	a := aggregate{of: one(d, "claims", "claims", "claims", "parties", "parties", "payments", "policies", "outcomes"), digits: -1}
	a.key = d.keying(w, a.of, stage)
	a.do = one(d, "count", "sum", "mean", "min", "max", "std", "first", "last", "distinct", "top_share", "since_last", "growth", "gap_mean", "gap_min", "gap_std")
	if a.do == "growth" && a.key.own { // growth compares an entity's history
		a.do = "count"
	}
	said := []string{a.key.words(), "do: " + a.do}
	if a.of != "claims" || d.chance(0.3) {
		said = append(said, "of: "+a.of)
	}
	var text string
	if a.window, text = d.window(a.do == "growth"); text != "" {
		said = append(said, "window: "+text)
	}
	if a.do == "growth" {
		a.against, text = d.window(true)
		said = append(said, "against: "+text)
	}
	if d.chance(0.35) {
		a.where = d.phrase(conditions[a.of])
		said = append(said, "where: "+quote(a.where.text))
	}
	switch a.do {
	case "distinct", "top_share":
		a.column = d.phrase(names[a.of])
	case "count", "since_last", "growth", "gap_mean", "gap_min", "gap_std":
		if d.chance(0.3) {
			a.column = d.phrase(amounts[a.of])
		}
	default:
		a.column = d.phrase(amounts[a.of])
		if a.column == nil { // outcomes have no number
			a.do, said[1] = "count", "do: count"
		}
	}
	if a.column != nil {
		said = append(said, "column: "+quote(a.column.text))
		if a.column.number != nil && a.column.word == nil && d.chance(0.4) {
			a.digits = d.IntN(10)
			said = append(said, fmt.Sprint("digits: ", a.digits))
		}
	}
	d.Shuffle(len(said), func(i, j int) { said[i], said[j] = said[j], said[i] })
	return a, strings.Join(said, ", ")
}

func quote(s string) string { return "'" + s + "'" }

func (d dice) phrase(of []phrase) *phrase {
	if len(of) == 0 {
		return nil
	}
	p := one(d, of...)
	return &p
}

func (d dice) rate(w *world, stage datasets.Stage) (rate, string) {
	x := rate{key: keying{table: "parties"}, prior: math.NaN(), strength: -1}
	for x.key.table != "" { // a rate is by columns of the claims table
		x.key = d.keying(w, "claims", stage)
	}
	said := []string{x.key.words()}
	var text string
	if x.window, text = d.window(false); text != "" {
		said = append(said, "window: "+text)
	}
	if d.chance(0.5) {
		x.prior = one(d, 0, 0.06, 1)
		said = append(said, fmt.Sprint("prior: ", x.prior))
	} else if d.chance(0.5) {
		said = append(said, "prior: overall")
	}
	if d.chance(0.6) {
		x.strength = one(d, 0, 0.5, 3, 20)
		said = append(said, fmt.Sprint("strength: ", x.strength))
	}
	if x.unknown = one(d, "", "exclude", "negative"); x.unknown != "" {
		said = append(said, "unknown: "+x.unknown)
	}
	if x.suspected = one(d, "", "exclude", "negative", "positive"); x.suspected != "" {
		said = append(said, "suspected: "+x.suspected)
	}
	if x.do = one(d, "", "share", "confirmed", "concluded"); x.do != "" {
		said = append(said, "do: "+x.do)
		if x.do == "confirmed" || x.do == "concluded" {
			said = dropPrior(said)
		}
	}
	return x, strings.Join(said, ", ")
}

// dropPrior leaves out what a count has no use for.
func dropPrior(said []string) []string {
	var out []string
	for _, s := range said {
		if !strings.HasPrefix(s, "prior") && !strings.HasPrefix(s, "strength") {
			out = append(out, s)
		}
	}
	return out
}
