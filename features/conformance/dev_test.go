package conformance

import (
	"claimsieve/features"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

func tryRun(t *testing.T, w *world, text string) (m *features.Matrix) {
	data := w.create(t)
	return run(t, data, text, 1)
}

// TestDev shrinks disagreements whose words contain DEV
func TestDev(t *testing.T) {
	pat := os.Getenv("DEV")
	if pat == "" {
		return
	}
	o, _ := strconv.Atoi(os.Getenv("ODD"))
	max := 1
	if s := os.Getenv("N"); s != "" {
		max, _ = strconv.Atoi(s)
	}
	from := 0
	if s := os.Getenv("FROM"); s != "" {
		from, _ = strconv.Atoi(s)
	}
	shown := 0
	for seed := uint64(from); seed < uint64(from)+200 && shown < max; seed++ {
		d := newDice(seed)
		d.odd = oddity(o)
		size := 3 + d.IntN(40)
		w := d.world(size)
		state := d
		_ = state
		data := w.create(t)
		for k := 0; k < 6 && shown < max; k++ {
			p := d.pipeline(w, 12)
			var m *features.Matrix
			func() {
				defer func() {
					if e := recover(); e != nil {
						if pat == "PANIC" {
							fmt.Println(e, p.text())
						}
					}
				}()
				m = run(t, data, p.text(), 1)
			}()
			if m == nil {
				continue
			}
			for j, x := range p.indicators {
				if !strings.Contains(x.words, pat) || strings.Contains(x.words, "rule:") || strings.Contains(x.words, "expr:") {
					continue
				}
				if no := os.Getenv("NOT"); no != "" && strings.Contains(x.words, no) {
					continue
				}
				for i, c := range w.rows["claims"] {
					if sameNumber(m.Columns[j][i], x.want(c)) {
						continue
					}
					id := c["claim_id"]
					one := &pipeline{stage: p.stage, indicators: []indicator{x}}
					if strings.Contains(x.words, "network:") {
						one.network = p.network
					}
					var g, wa float64
					bad := func(w2 *world) bool {
						var claim row
						ci := 0
						for i, c := range w2.rows["claims"] {
							if c["claim_id"] == id {
								claim = c
								ci = i
							}
						}
						if claim == nil {
							return false
						}
						// rebind oracle to w2
						sv := w.rows
						w.rows = w2.rows
						defer func() { w.rows = sv }()
						want := x.rebound(w2, claim)
						got, panicked := 0.0, false
						func() {
							defer func() {
								if e := recover(); e != nil {
									panicked = true
								}
							}()
							got = tryRun(t, w2, one.text()).Columns[0][ci]
						}()
						if panicked {
							return false
						}
						if sameNumber(got, want) {
							return false
						}
						g, wa = got, want
						return true
					}
					small := shrink(t, w, bad)
					bad(small)
					fmt.Printf("seed %d stage %s claim %v\n%s\nnetwork %s\ngot %v want %v\nhappens: %q %q\n%s\n", seed, p.stage, id, x.words, one.network, g, wa, w.spec.Tables["claims"].HappenedAt, w.spec.Tables["parties"].HappenedAt, small.show())
					shown++
					break
				}
				if shown >= max {
					break
				}
			}
		}
	}
}
func (x indicator) rebound(w *world, c row) float64 {
	if x.again != nil {
		return x.again(w, c)
	}
	return x.want(c)
}

func TestPanics(t *testing.T) {
	if os.Getenv("PANICS") == "" {
		return
	}
	seen := map[string]bool{}
	for seed := uint64(0); seed < 150; seed++ {
		d := newDice(seed)
		d.odd = 0
		w := d.world(3 + d.IntN(40))
		data := w.create(t)
		for k := 0; k < 6; k++ {
			p := d.pipeline(w, 12)
			fails := func(p *pipeline) (msg string) {
				defer func() {
					if e := recover(); e != nil {
						msg = fmt.Sprint(e)
						fmt.Println(string(debug.Stack()))
					}
				}()
				run(t, data, p.text(), 1)
				return ""
			}
			msg := fails(p)
			key := msg
			if i := strings.Index(key, "[:"); i > 0 {
				key = key[:i]
			}
			if msg == "" || seen[key] {
				continue
			}
			seen[key] = true
			for i := 0; i < len(p.indicators); i++ {
				q := *p
				q.indicators = append(append([]indicator{}, p.indicators[:i]...), p.indicators[i+1:]...)
				if strings.Contains(p.indicators[i].words, "network") && !strings.Contains(strings.ReplaceAll(q.text(), "network: {over", ""), "network:") {
					q.network = ""
				}
				// keep only those that do not refer to others
				func() {
					defer func() { recover() }()
					spec, err := features.ParseSpec("x", []byte(q.text()))
					if err != nil {
						return
					}
					if _, err := features.Compile(spec, data.Spec); err != nil {
						return
					}
					if fails(&q) != "" {
						p = &q
						i--
					}
				}()
			}
			fmt.Println(seed, msg, p.text())
			for n, r := range w.rows {
				fmt.Println(n, len(r))
			}
		}
	}
}

func TestPair(t *testing.T) {
	if os.Getenv("PAIR") == "" {
		return
	}
	from, _ := strconv.Atoi(os.Getenv("PAIR"))
	for seed := uint64(from); seed < uint64(from)+60; seed++ {
		d := newDice(seed)
		d.odd = 31
		w := d.world(3 + d.IntN(40))
		data := w.create(t)
		for k := 0; k < 6; k++ {
			p := d.pipeline(w, 12)
			m := run(t, data, p.text(), 1)
			for j, x := range p.indicators {
				for i, c := range w.rows["claims"] {
					if sameNumber(m.Columns[j][i], x.want(c)) {
						continue
					}
					for o := range p.indicators {
						if o == j {
							continue
						}
						q := &pipeline{stage: p.stage, indicators: []indicator{p.indicators[o], x}}
						if strings.Contains(q.text(), "network") {
							q.network = p.network
						}
						if strings.Contains(q.text(), "rule:") || strings.Contains(q.text(), "expr:") {
							continue
						}
						m2 := run(t, data, q.text(), 1)
						if !sameNumber(m2.Columns[1][i], x.want(c)) {
							fmt.Println(seed, c, m2.Columns[1][i], x.want(c), q.text())
							break
						}
					}
					break
				}
			}
		}
	}
}
