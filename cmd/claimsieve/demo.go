package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"claimsieve/datasets"
	"claimsieve/datasets/synth"
	"claimsieve/features"
	"claimsieve/models"
	"claimsieve/train"
)

// The costs of the demo's portfolio, in yuan: confirmed frauds of the simulation
// recover about 15,000 each; what an investigation costs is assumed.
const (
	demoLoss          = 15_000
	demoInvestigation = 2_500
	demoModel         = "motor"
)

// demoMarker tells that a folder was made by demo and may be made anew.
const demoMarker = ".claimsieve-demo"

type demoOptions struct {
	dir, address string
	claims       int
	seed         uint64
	once         bool
}

func newDemo(a *app) *cobra.Command {
	o := &demoOptions{}
	c := &cobra.Command{
		Use:   "demo",
		Short: "the whole story on simulated claims, ending in a running server",
		Long: `Simulates a motor portfolio, checks it, trains and calibrates a model on its
investigations, sets a threshold, publishes it, looks at a later period, starts
the server and scores a claim through it. Each step prints what it did and which
command does it alone. The server then runs until Ctrl-C; with --once the demo
stops it and ends.`,
		Example: "  claimsieve demo --once",
		Args:    noArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return a.demo(c.Context(), o) },
	}
	f := c.Flags()
	f.StringVar(&o.dir, "dir", "demo", "folder of the demo; one that an earlier demo made is made anew")
	f.StringVar(&o.address, "address", "127.0.0.1:8080", "address of the server")
	f.IntVar(&o.claims, "claims", 60_000, "number of simulated claims, at least 12000")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the simulation and the training")
	f.BoolVar(&o.once, "once", false, "stop the server after the first answer")
	return c
}

// demo is the story under way.
type demo struct {
	*app
	*demoOptions
	ctx      context.Context
	listener net.Listener
	started  time.Time
	step     int
	data     string
	registry string
	claim    []byte // the one that is scored at the end
	decision *models.Decision
}

// leastDemoClaims is how many claims a demo needs.
const leastDemoClaims = 12_000

// demoSteps is the number of steps announced.
const demoSteps = 8

func (a *app) demo(ctx context.Context, o *demoOptions) error {
	if o.claims < leastDemoClaims {
		return usageError{fmt.Errorf("cannot tell the story on %d claims: with fewer than %d there are too few frauds to calibrate on", o.claims, leastDemoClaims)}
	}
	listener, err := listen(o.address) // before anything is made: another demo may be running
	if err != nil {
		return err
	}
	defer listener.Close()
	d := &demo{listener: listener, app: a, demoOptions: o, ctx: ctx, started: time.Now(), data: filepath.Join(o.dir, "data"), registry: filepath.Join(o.dir, "registry")}
	if err := prepareDemo(o.dir); err != nil {
		return err
	}
	for _, step := range []func() error{d.simulate, d.check, d.features, d.train, d.backtest, d.scoreAll, d.pickClaim} {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("the demo was interrupted: %w", err)
		}
		if err := step(); err != nil {
			return err
		}
	}
	return d.serveAndScore()
}

// prepareDemo empties a folder of an earlier demo and refuses any other that
// is not empty.
func prepareDemo(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cannot use demo folder: %w", err)
	}
	if len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(dir, demoMarker)); err != nil {
			return fmt.Errorf("cannot use demo folder %s: it is not empty and no demo made it; name another with --dir", dir)
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") && strings.Contains(e.Name(), ".part") { // of a demo that was killed
				if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
					return fmt.Errorf("cannot empty demo folder: %w", err)
				}
			}
		}
		for _, name := range []string{"data", "registry", "scores.parquet", "vectors.parquet", "backtest.json", "claims.ndjson", "decisions.ndjson", "claim.json"} {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				return fmt.Errorf("cannot empty demo folder: %w", err)
			}
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot make demo folder: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, demoMarker), nil, 0o644); err != nil {
		return fmt.Errorf("cannot make demo folder: %w", err)
	}
	return nil
}

// did announces a finished step and the command that does it alone.
func (d *demo) did(command, format string, args ...any) {
	d.step++
	fmt.Fprintf(d.err, "[%d/%d %5.1fs] %s\n               $ claimsieve %s\n", d.step, demoSteps, time.Since(d.started).Seconds(), fmt.Sprintf(format, args...), command)
}

func (d *demo) simulate() error {
	cfg := synth.Config{Claims: d.claims, Seed: d.seed}
	advance, finish := d.progress("simulating", 100)
	err := synth.Write(d.ctx, d.data, cfg, func(done, total int) { advance(100*done/max(total, 1), "") })
	finish()
	if err != nil {
		return err
	}
	d.did(fmt.Sprintf("data synth --claims %d --seed %d --out %s", d.claims, d.seed, d.data), "simulated %d motor claims over 36 months, with rings, investigators and a random audit arm", d.claims)
	return nil
}

func (d *demo) check() error {
	set, err := datasets.Open(d.data)
	if err != nil {
		return err
	}
	report, err := datasets.Check(set)
	if err != nil {
		return err
	}
	if !report.OK() {
		return fmt.Errorf("cannot go on with the demo: its dataset has %d faults; see claimsieve data check %s", report.Faults, d.data)
	}
	d.did("data check "+d.data, "checked the dataset: %d faults, %d notes", report.Faults, report.Notes)
	return nil
}

func (d *demo) features() error {
	set, p, err := compilePipeline(d.data, demoModel)
	if err != nil {
		return err
	}
	out := filepath.Join(d.dir, "vectors.parquet")
	n, err := buildVectors(set, p, 0, out)
	if err != nil {
		return err
	}
	d.did(fmt.Sprintf("features build --data %s --pipeline %s --out %s", d.data, demoModel, out), "computed %d indicators of %d claims", len(p.Names()), n)
	return nil
}

// demoUntil ends the training: the last half year is kept for the backtest.
const (
	demoUntil    = "2024-07-01"
	demoEnd      = "2025-01-01"
	demoMaturity = 90 // days; most investigations are concluded by then
)

func (d *demo) train() error {
	o := &trainOptions{
		config: train.DefaultConfig(), data: d.data, pipeline: demoModel, registry: d.registry,
		until: demoUntil, unknown: "exclude", suspected: "exclude", promote: true,
	}
	o.config.Name, o.config.Seed = demoModel, d.seed
	o.config.Labels.MaturityDays = demoMaturity
	o.config.Costs.AverageLoss, o.config.Costs.Investigation = demoLoss, demoInvestigation
	p, err := d.app.train(d.ctx, o)
	if err != nil {
		return err
	}
	m := p.Metrics
	d.did(fmt.Sprintf("train --data %s --pipeline %s --name %s --registry %s --until %s --maturity-days %d --average-loss %d --investigation-cost %d --promote",
		d.data, demoModel, demoModel, d.registry, demoUntil, demoMaturity, demoLoss, demoInvestigation),
		"trained on %d investigated claims (%d frauds), calibrated on %d later ones: AUC there %s; investigate from probability %.3f; published as version %d, the champion",
		m.Fit.Claims, m.Fit.Positives, m.Calibrate.Claims, m.Calibrate.AUC, m.Threshold, p.Version)
	return nil
}

func (d *demo) backtest() error {
	o := &backtestOptions{registry: d.registry, data: d.data, periodFlags: periodFlags{from: demoUntil, until: demoEnd, asOf: demoEnd, maturityDays: demoMaturity, unknown: "exclude", suspected: "exclude"}, replicates: 200, seed: d.seed}
	result, err := runBacktest(o, []string{demoModel})
	if err != nil {
		return err
	}
	file := filepath.Join(d.dir, "backtest.json")
	err = writeBeside(file, func(w io.Writer) error {
		quiet := *d.app
		quiet.out, quiet.json = w, true
		return quiet.print(result, nil)
	})
	if err != nil {
		return err
	}
	r := result.Report
	d.did(fmt.Sprintf("backtest %s --registry %s --data %s --from %s --until %s --as-of %s --maturity-days %d", demoModel, d.registry, d.data, demoUntil, demoEnd, demoEnd, demoMaturity),
		"looked at the claims after the training that are %d days old: AUC %s, precision %s, recall %s, savings %s (%s); see %s", demoMaturity, r.AUC, r.Precision, r.Recall, r.Savings, r.Basis, file)
	return nil
}

func (d *demo) scoreAll() error {
	m, err := openModel(d.registry, demoModel, nil)
	if err != nil {
		return err
	}
	out := filepath.Join(d.dir, "scores.parquet")
	n, err := scoreDataset(m, d.data, out, 0)
	if err != nil {
		return err
	}
	d.did(fmt.Sprintf("score %s --registry %s --data %s --out %s", demoModel, d.registry, d.data, out), "scored all %d claims", n)
	return nil
}

// demoAnswers is the number of claims written with their reasons for the
// notebook.
const demoAnswers = 200

// pickClaim writes the newest claims and their decisions as JSON lines and
// keeps the riskiest for the server.
func (d *demo) pickClaim() error {
	m, err := openModel(d.registry, demoModel, nil)
	if err != nil {
		return err
	}
	claims, err := newestClaims(d.data, demoAnswers)
	if err != nil {
		return err
	}
	in, out := filepath.Join(d.dir, "claims.ndjson"), filepath.Join(d.dir, "decisions.ndjson")
	if err := os.WriteFile(in, append(bytes.Join(claims, []byte("\n")), '\n'), 0o644); err != nil {
		return fmt.Errorf("cannot write claims: %w", err)
	}
	history, err := m.Bundle().Pipeline.OpenState(d.data, features.ReadOptions{})
	if err != nil {
		return err
	}
	if err := d.scoreLines(&lineScorer{model: m, history: history, reasons: 4}, in, out); err != nil {
		return err
	}
	for _, c := range claims {
		row, err := datasets.ParseRow(m.Claims(), c)
		if err != nil {
			return err
		}
		past, err := m.Bundle().Pipeline.Ask(history, row.Record)
		if err != nil {
			return err
		}
		decision, err := m.Decide(row, past, 4)
		if err != nil {
			return err
		}
		if d.decision == nil || decision.Margin > d.decision.Margin {
			d.claim, d.decision = c, decision
		}
	}
	d.did(fmt.Sprintf("score %s --registry %s --history %s --in %s --out %s", demoModel, d.registry, d.data, in, out), "explained the %d newest claims", len(claims))
	return nil
}

// newestClaims returns the last n claims of a dataset by time of report, as
// flat JSON, oldest first.
func newestClaims(data string, n int) ([][]byte, error) {
	set, err := datasets.Open(data)
	if err != nil {
		return nil, err
	}
	table, err := set.Table("claims")
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for _, rec := range table.Chunks() {
		for i := range int(rec.NumRows()) {
			claim, err := datasets.RowJSON(rec, i)
			if err != nil {
				return nil, err
			}
			out = append(out, claim)
		}
	}
	return out[max(0, len(out)-n):], nil // the simulation writes claims in order of report
}

// serveAndScore starts the server, scores the chosen claim through it and
// waits for the end.
func (d *demo) serveAndScore() error {
	ctx, stop := context.WithCancel(d.ctx)
	defer stop()
	answered := make(chan error, 1)
	o := &serveOptions{registry: d.registry, model: demoModel, alias: "champion", address: d.address, history: d.data, maxBody: 1 << 20, drain: 5 * time.Second, listener: d.listener, level: slog.LevelWarn}
	err := d.serve(ctx, o, func(address string) {
		go func() {
			err := d.ask(ctx, address)
			answered <- err
			if err != nil || d.once {
				stop()
			}
		}()
	})
	if err != nil {
		return err
	}
	select {
	case err := <-answered:
		return err
	default:
		return nil
	}
}

// ask scores the claim over HTTP and holds the answer against the library's.
func (d *demo) ask(ctx context.Context, address string) error {
	url := "http://" + address + "/v1/score"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(d.claim))
	if err != nil {
		return fmt.Errorf("cannot score over HTTP: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := (&http.Client{Timeout: 30 * time.Second}).Do(request)
	if err != nil {
		return fmt.Errorf("cannot score over HTTP: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("cannot score over HTTP: %w", err)
	}
	var answer models.Decision
	if err := json.Unmarshal(body, &answer); err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("cannot score over HTTP: status %d: %s", response.StatusCode, body)
	}
	if answer.Margin != d.decision.Margin || answer.Tier != d.decision.Tier {
		return fmt.Errorf("BUG: the server answers margin %v and tier %s, the command %v and %s", answer.Margin, answer.Tier, d.decision.Margin, d.decision.Tier)
	}
	d.did(fmt.Sprintf("serve --registry %s --model %s --history %s --address %s", d.registry, demoModel, d.data, d.address),
		"the server on http://%s scored claim %s: score %d, probability %.3f, tier %s (%s)", address, answer.ClaimID, answer.Score, answer.Probability, answer.Tier, answer.TierTitle.ZH)
	for _, r := range answer.Reasons {
		fmt.Fprintf(d.err, "               %s\n               %s\n", r.Text.EN, r.Text.ZH)
	}
	return d.finish(url)
}

// finish tells what to do next.
func (d *demo) finish(url string) error {
	claim := filepath.Join(d.dir, "claim.json")
	if err := os.WriteFile(claim, append(d.claim, '\n'), 0o644); err != nil {
		return fmt.Errorf("cannot write claim: %w", err)
	}
	result := map[string]any{"dir": d.dir, "seconds": time.Since(d.started).Seconds(), "decision": d.decision}
	return d.print(result, func() error {
		fmt.Fprintf(d.out, "demo done in %.0f s; its files are in %s\n", time.Since(d.started).Seconds(), d.dir)
		if d.once {
			return nil
		}
		_, err := fmt.Fprintf(d.out, "ask the server yourself:\n  curl -s %s -H 'Content-Type: application/json' -d @%s\n", url, claim)
		return err
	})
}
