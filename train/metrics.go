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
	Fit         WindowMetrics        `json:"fit"`
	Valid       WindowMetrics        `json:"valid"`
	Calibrate   WindowMetrics        `json:"calibrate"`
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
	m := &Metrics{Windows: h.windows, Labels: h.counts, Assumptions: assumptions(cfg), Learner: f.learned.Summary}
	for _, w := range []struct {
		rows []int
		into *WindowMetrics
	}{{f.rows.fit, &m.Fit}, {f.rows.valid, &m.Valid}, {f.rows.calibrate, &m.Calibrate}} {
		var err error
		if *w.into, err = rankWindow(marginsOf(f.learned.Forest, f.matrix, w.rows), pick(h.y, w.rows)); err != nil {
			return nil, err
		}
	}
	y := pick(h.y, f.rows.calibrate)
	var err error
	if m.Brier, err = metric.Brier(f.probability, y, nil); err != nil {
		return nil, err
	}
	if m.LogLoss, err = metric.LogLoss(f.probability, y, nil); err != nil {
		return nil, err
	}
	if m.OE, err = metric.ObservedExpected(f.probability, y, nil); err != nil {
		return nil, err
	}
	m.Threshold = f.policy.Thresholds.Investigate
	c, err := metric.ConfusionAt(f.probability, y, nil, m.Threshold)
	if err != nil {
		return nil, err
	}
	m.Alerts, m.Precision = c.AlertRate(), c.Precision()
	m.Savings = cfg.Costs.Savings(c.TP, c.Alerts())
	return m, nil
}

func rankWindow(margins, y []float64) (WindowMetrics, error) {
	r, err := metric.Rank(margins, y, nil)
	if err != nil {
		return WindowMetrics{}, err
	}
	w := WindowMetrics{Claims: len(y), AUC: r.AUC(), AP: r.AveragePrecision()}
	for _, v := range y {
		w.Positives += int(v)
	}
	return w, nil
}

// assumptions says in words what the label rule does.
func assumptions(cfg Config) []string {
	out := []string{"Only outcomes known before the end of the windows count."}
	if cfg.Labels.Unknown == datasets.AsNegative {
		out = append(out, "Claims closed without investigation count as not fraud: an assumption, not a finding.")
	} else {
		out = append(out, "Claims closed without investigation are left out; the model has seen investigated claims only, which were chosen because something seemed odd or at random.")
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
		out = append(out, fmt.Sprintf("Claims without any conclusion count as unknown from an age of %d days; younger ones are left out.", cfg.Labels.MaturityDays))
	} else {
		out = append(out, "Claims without any conclusion are left out.")
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
