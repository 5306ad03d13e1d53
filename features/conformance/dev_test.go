package conformance

import (
	"claimsieve/features"
	"fmt"
	"os"
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
