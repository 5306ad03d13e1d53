package backtest

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"claimsieve/screen/metric"
)

// WriteText writes the report for people.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Backtest of threshold %.6g", r.Threshold)
	if r.Model.Name != "" {
		fmt.Fprintf(&b, ", model %s version %d, policy by %s", r.Model.Name, r.Model.Version, r.Method)
	}
	if r.From.IsZero() {
		b.WriteString("\nPeriod: no claims\n")
	} else {
		fmt.Fprintf(&b, "\nPeriod: %s to %s\n", r.From.Format("2006-01-02"), r.To.Format("2006-01-02"))
	}
	l := r.Labels
	fmt.Fprintf(&b, "Claims: %d (confirmed %d, cleared %d, suspected %d, assumed negative %d, unknown %d, immature %d)\n", r.Claims, l.Confirmed, l.Cleared, l.Suspected, l.AssumedNegative, l.Unknown, l.Immature)
	fmt.Fprintf(&b, "Basis: %s\n", r.Basis)
	for _, a := range r.Assumptions {
		fmt.Fprintf(&b, "  - %s\n", a)
	}
	b.WriteString("\n")
	r.writeFigures(&b)
	r.writeMonths(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeFigures writes one line a figure. A basis is repeated only where it is
// not the report's, and why a figure is not identified stands below, once.
func (r *Report) writeFigures(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var reasons []string
	for _, f := range [...]struct {
		name, zh string
		figure   Figure
	}{
		{"AUC", "", r.AUC}, {"average precision", "平均精确率", r.AveragePrecision}, {"prevalence", "欺诈案件占比", r.Prevalence},
		{"Brier", "布里尔分数", r.Brier}, {"log loss", "对数损失", r.LogLoss},
		{"precision", "命中率", r.Precision}, {"recall", "检出率", r.Recall}, {"false-positive rate", "误报率", r.FalsePositiveRate},
		{"alert rate", "预警率", r.AlertRate}, {"lift", "提升度", r.Lift}, {"value detection", "金额检出率", r.ValueDetection}, {"savings", "减损金额", r.Savings},
	} {
		text, basis := f.figure.String(), ""
		if !f.figure.Identified {
			if !slices.Contains(reasons, f.figure.Reason) {
				reasons = append(reasons, f.figure.Reason)
			}
			text = fmt.Sprintf("not identified (%d)", 1+slices.Index(reasons, f.figure.Reason))
		} else if f.figure.Basis != r.Basis {
			basis = string(f.figure.Basis)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", f.name, text, basis, f.zh)
	}
	fmt.Fprintf(t, "O/E\t%s\t\t偏差率\n", deviationText(r.Deviation))
	fmt.Fprintf(t, "O/E at the threshold\t%s\t\t\n", deviationText(r.Local))
	// The builder below never fails.
	_ = t.Flush()
	for i, reason := range reasons {
		fmt.Fprintf(w, "(%d) %s\n", i+1, reason)
	}
	c := r.Confusion
	fmt.Fprintf(w, "\nConfusion: TP %.6g  FP %.6g  FN %.6g  TN %.6g\n", c.TP, c.FP, c.FN, c.TN)
}

func deviationText(d metric.Deviation) string {
	if math.IsNaN(d.Ratio) {
		return "insufficient"
	}
	interval := ""
	if !math.IsNaN(d.Low) {
		interval = fmt.Sprintf(" [%.4f, %.4f]", d.Low, d.High)
	}
	return fmt.Sprintf("%.4f%s (%.6g observed, %.6g expected)", d.Ratio, interval, d.Observed, d.Expected)
}

func (r *Report) writeMonths(w io.Writer) {
	if len(r.Months) == 0 {
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\nmonth\tclaims\tfrauds\talerts\thits\tprecision\tO/E\tsavings\t\n")
	for _, m := range r.Months {
		fmt.Fprintf(t, "%s\t%d\t%.6g\t%.6g\t%.6g\t%s\t%s\t%.0f\t\n", m.Month, m.Claims, m.Frauds, m.Alerts, m.Hits, short(m.Precision.Value, m.Precision.Insufficient), short(m.Deviation.Ratio, m.Deviation.Insufficient), float64(m.Savings))
	}
	_ = t.Flush()
}

// short writes a number, or that there were too few cases for one.
func short(v float64, insufficient bool) string {
	if insufficient || math.IsNaN(v) {
		return "insufficient"
	}
	return fmt.Sprintf("%.4f", v)
}

// String writes a figure for people.
func (f Figure) String() string {
	if !f.Identified {
		return "not identified: " + f.Reason
	}
	v := float64(f.Value)
	if math.IsNaN(v) {
		return "insufficient"
	}
	text := fmt.Sprintf("%.6g", v)
	if !math.IsNaN(float64(f.Low)) {
		text += fmt.Sprintf(" [%.6g, %.6g]", float64(f.Low), float64(f.High))
	}
	if !math.IsNaN(float64(f.Denominator)) {
		text += fmt.Sprintf(" (%.6g of %.6g)", float64(f.Numerator), float64(f.Denominator))
	}
	if f.Insufficient {
		text += " insufficient"
	}
	return text
}
