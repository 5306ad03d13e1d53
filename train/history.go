package train

import (
	"fmt"
	"math"

	"claimsieve/datasets"
	"claimsieve/features"
)

// history is the part of a dataset that a training reads: the claims of the
// pipeline's columns with their ids, times and targets.
type history struct {
	input   *features.Input
	known   []int64   // when each claim reached the pipeline's stage: its place in time
	y       []float64 // 1 fraud, 0 not fraud, NaN left out
	weight  []float64 // claims that a labelled one stands for; nil: one each
	pending int       // claims of the calibration window without a conclusion
	counts  datasets.LabelCounts
	windows Windows
}

// readHistory reads the claims and gives each its target by what was known
// before the windows' end.
func readHistory(d *datasets.Dataset, p *features.Pipeline, cfg Config, rt Runtime) (*history, error) {
	in, err := p.Read(d, features.ReadOptions{Threads: rt.Threads})
	if err != nil {
		return nil, err
	}
	h := &history{input: in, known: in.Instants()}
	ids, err := in.Claims().Strings(d.Spec.Tables[datasets.ClaimsTable].Key)
	if err != nil {
		return nil, err
	}
	if err := datasets.DistinctKeys(datasets.ClaimsTable, ids); err != nil {
		return nil, err
	}
	if h.windows, err = cfg.Windows.resolve(h.known, int64(cfg.Labels.MaturityDays)*day); err != nil {
		return nil, err
	}
	outcomes, err := d.OutcomesAt(h.windows.Until)
	if err != nil {
		return nil, err
	}
	if err := matches(ids, outcomes); err != nil {
		return nil, err
	}
	all, err := d.Outcomes()
	if err != nil {
		return nil, err
	}
	h.assign(cfg.Labels, ids, outcomes, datasets.FirstConclusions(all))
	if cfg.Weighting == ByPropensity {
		h.weigh(cfg.Labels, ids, outcomes)
	}
	return h, nil
}

// assign gives the claims inside the windows their targets; the others are
// left out and not counted. So are those that had a conclusion (first) at the
// time of their vector: what was paid or refused by then shows it.
func (h *history) assign(rule datasets.LabelRule, ids []string, outcomes map[string]datasets.Outcome, first map[string]int64) {
	var rows []int
	var insideIDs []string
	var insideKnown []int64
	settled := 0
	for i, t := range h.known {
		if t != datasets.NoTime && t >= h.windows.From && t < h.windows.Until {
			if at, there := first[ids[i]]; there && at <= t {
				settled++
				continue
			}
			rows, insideIDs, insideKnown = append(rows, i), append(insideIDs, ids[i]), append(insideKnown, t)
		}
	}
	inside := rule.Apply(insideIDs, insideKnown, outcomes, h.windows.Until)
	h.counts = inside.Counts
	h.counts.Settled = settled
	h.y = make([]float64, len(ids))
	for i := range h.y {
		h.y[i] = math.NaN()
	}
	for k, i := range rows {
		h.y[i] = inside.Y[k]
		if _, concluded := outcomes[ids[i]]; !concluded && h.known[i] >= h.windows.CalibrateFrom {
			h.pending++
		}
	}
}

// weigh gives every labelled claim the inverse of its chance of being
// investigated, so that the investigated claims together stand for all. It
// does nothing where unknown claims count as well, which are then all there,
// or where a labelled claim has no recorded chance.
func (h *history) weigh(rule datasets.LabelRule, ids []string, outcomes map[string]datasets.Outcome) {
	if rule.Unknown != datasets.Exclude {
		return
	}
	weight := make([]float64, len(ids))
	for i, y := range h.y {
		if math.IsNaN(y) {
			continue
		}
		chance := outcomes[ids[i]].Chance()
		if !(chance > 0) {
			return
		}
		weight[i] = 1 / chance
	}
	h.weight = weight
}

// pickWeight returns the weights at rows, nil where there are none.
func (h *history) pickWeight(rows []int) []float64 {
	if h.weight == nil {
		return nil
	}
	return pick(h.weight, rows)
}

// matches refuses outcomes of which none belongs to a claim.
func matches(ids []string, outcomes map[string]datasets.Outcome) error {
	for _, id := range ids {
		if _, ok := outcomes[id]; ok {
			return nil
		}
	}
	if len(outcomes) == 0 {
		return fmt.Errorf("cannot train: no outcome was known before the end of the windows")
	}
	return fmt.Errorf("cannot train: none of %d outcomes belongs to a claim; compare claim_id in both tables", len(outcomes))
}

// enough refuses windows in which nothing can be learned or judged.
func enough(name string, y []float64, rows []int, settled int) error {
	positives := 0
	for _, i := range rows {
		if y[i] == 1 {
			positives++
		}
	}
	if positives > 0 && positives < len(rows) {
		return nil
	}
	why := ""
	if settled > 0 {
		why = fmt.Sprintf("; %d claims were left out because they had a conclusion at the time of their vector: a model of this stage can only learn from conclusions that come after it", settled)
	}
	return fmt.Errorf("cannot train: the %s window has %d labelled claims, %d of them fraud; it needs both kinds: move the windows, or say what becomes of unknown claims (--unknown negative)%s", name, len(rows), positives, why)
}

// pick returns y at rows.
func pick(y []float64, rows []int) []float64 {
	out := make([]float64, len(rows))
	for k, i := range rows {
		out[k] = y[i]
	}
	return out
}
