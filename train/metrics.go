package train

import (
	"fmt"
	"io"
	"text/tabwriter"

	"claimsieve/datasets"
	"claimsieve/screen/metric"
)

// Metrics is metrics.json: what a training saw and what it measured. Every
// number of the calibration window is out of time for the trees, and in sample
// for the calibration and the threshold, which were set on it: an evaluation on
// a later period (claimsieve backtest) is the one to believe.
type Metrics struct {
	Windows     Windows              `json:"windows"`
	Labels      datasets.LabelCounts `json:"labels"`
	Assumptions []string             `json:"assumptions"`
	Learner     map[string]any       `json:"learner"`
	// Weighted tells that the figures of the calibration window are weighted
	// by the chance of being investigated and so speak of all claims.
	Weighted bool `json:"weighted"`
	// Pending claims of the calibration window had no conclusion yet.
	Pending   int           `json:"pending"`
	Fit       WindowMetrics `json:"fit"`
	Valid     WindowMetrics `json:"valid"`
	Calibrate WindowMetrics `json:"calibrate"`
	// Of the calibrated probabilities in the calibration window:
	Brier   metric.Estimate  `json:"brier"`
	LogLoss metric.Estimate  `json:"log_loss"`
	OE      metric.Deviation `json:"observed_expected"`
	// At the investigation threshold, in the calibration window:
	Threshold float64     `json:"threshold"`
	Alerts    metric.Rate `json:"alert_rate"`
	Precision metric.Rate `json:"precision"`
	Savings   float64     `json:"savings"`
}

// WindowMetrics is how well the raw margins rank in one window.
type WindowMetrics struct {
	Claims    int             `json:"claims"` // labelled
	Positives int             `json:"positives"`
	AUC       metric.Estimate `json:"auc"`
	AP        metric.Estimate `json:"average_precision"`
}

func measure(h *history, f *fittedModel, cfg Config) (*Metrics, error) {
	m := &Metrics{Windows: h.windows, Labels: h.counts, Assumptions: h.assumptions(cfg), Weighted: h.weight != nil, Pending: h.pending, Learner: f.learned.Summary}
	for _, w := range []struct {
		rows   []int
		weight []float64
		into   *WindowMetrics
	}{{f.rows.fit, nil, &m.Fit}, {f.rows.valid, nil, &m.Valid}, {f.rows.calibrate, h.pickWeight(f.rows.calibrate), &m.Calibrate}} {
		var err error
		if *w.into, err = rankWindow(marginsOf(f.learned.Forest, f.matrix, w.rows), pick(h.y, w.rows), w.weight); err != nil {
			return nil, err
		}
	}
	y, weight := pick(h.y, f.rows.calibrate), h.pickWeight(f.rows.calibrate)
	var err error
	if m.Brier, err = metric.Brier(f.probability, y, weight); err != nil {
		return nil, err
	}
	if m.LogLoss, err = metric.LogLoss(f.probability, y, weight); err != nil {
		return nil, err
	}
	if weight != nil { // a weight is not a number of cases
		m.Brier, m.LogLoss = m.Brier.WithoutInterval(m.Brier.Insufficient), m.LogLoss.WithoutInterval(m.LogLoss.Insufficient)
	}
	e := f.policy.Evidence // measured on the same claims
	m.Threshold = f.policy.Thresholds.Investigate
	m.OE, m.Alerts, m.Precision, m.Savings = e.Deviation, e.AlertRate, e.Precision, e.Savings.Value
	return m, nil
}

func rankWindow(margins, y, weight []float64) (WindowMetrics, error) {
	r, err := metric.Rank(margins, y, weight)
	if err != nil {
		return WindowMetrics{}, err
	}
	w := WindowMetrics{Claims: len(y), AUC: r.AUC(), AP: r.AveragePrecision()}
	if weight != nil {
		b := metric.Bootstrap{Replicates: 200, Seed: 1}
		if w.AUC, err = b.AUC(margins, y, weight); err != nil {
			return w, err
		}
		if w.AP, err = b.AveragePrecision(margins, y, weight); err != nil {
			return w, err
		}
	}
	for _, v := range y {
		w.Positives += int(v)
	}
	return w, nil
}

// assumptions says in words which claims counted as what.
func (h *history) assumptions(cfg Config) []string {
	out := []string{"Only outcomes known before the end of the windows count."}
	if cfg.Labels.Unknown == datasets.AsNegative {
		out = append(out, "Claims closed without investigation count as not fraud: an assumption, not a finding.")
	} else {
		out = append(out, "Claims closed without investigation are left out; the trees have seen investigated claims only, which were chosen because something seemed odd or at random.")
		if h.weight != nil {
			out = append(out, "Calibration and threshold weigh every investigated claim by the inverse of its recorded chance of being investigated (a referred claim stands for itself), so that they speak of all claims.")
		} else {
			out = append(out, "The chance of being investigated was not recorded for every labelled claim, or not used: probabilities are those of claims like the investigated ones, and too high for the others.")
		}
	}
	switch cfg.Labels.Suspected {
	case datasets.AsNegative:
		out = append(out, "Suspected claims (疑似欺诈) count as not fraud.")
	case datasets.AsPositive:
		out = append(out, "Suspected claims (疑似欺诈) count as fraud.")
	default:
		out = append(out, "Suspected claims (疑似欺诈) are left out.")
	}
	if cfg.Labels.MaturityDays > 0 {
		out = append(out, fmt.Sprintf("Claims younger than %d days at the end of the windows are left out; older ones without any conclusion are unknown.", cfg.Labels.MaturityDays))
	} else {
		out = append(out, "Claims without any conclusion are left out, and concluded ones count at any age.")
		if h.pending > 0 {
			out = append(out, fmt.Sprintf("%d claims of the calibration window had no conclusion yet. Frauds take longer to conclude, so calibration and threshold may be too low; a maturity (--maturity-days) leaves young claims out.", h.pending))
		}
	}
	if cfg.AcceptedFaults > 0 {
		out = append(out, fmt.Sprintf("The dataset had %d faults, which were accepted.", cfg.AcceptedFaults))
	}
	if cfg.Learner == GolearnForest {
		out = append(out, "This learner knows no constraints: the directions of the pipeline were not used.")
	}
	if cfg.ShuffleLabels {
		out = append(out, "THE LABELS OF THE FIT WERE SHUFFLED: this model is a check and must not be used.")
	}
	return out
}

// WriteText prints the metrics for people.
func (m *Metrics) WriteText(out io.Writer) error {
	w := tabwriter.NewWriter(out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "WINDOW\tFROM\tTO\tCLAIMS\tFRAUDS\tAUC\tAVERAGE PRECISION")
	for _, r := range []struct {
		name     string
		from, to int64
		WindowMetrics
	}{
		{"fit", m.Windows.From, m.Windows.ValidFrom, m.Fit},
		{"validate", m.Windows.ValidFrom, m.Windows.CalibrateFrom, m.Valid},
		{"calibrate", m.Windows.CalibrateFrom, m.Windows.Until, m.Calibrate},
	} {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%s\t%s\n", r.name, date(r.from), date(r.to), r.Claims, r.Positives, r.AUC, r.AP)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "calibration window: O/E %s, Brier %s; at threshold %.4f alerts %s, precision %s, savings %.0f (in sample for the threshold)\n",
		m.OE, m.Brier, m.Threshold, m.Alerts, m.Precision, m.Savings)
	return err
}
