package train

import (
	"bytes"
	"fmt"
	"sort"
	"text/template"

	"claimsieve/datasets"
	"claimsieve/models"
	"claimsieve/models/forest"
)

// cardText is the model card: the sections that readers of model cards expect.
var cardText = template.Must(template.New("card").Parse(`# {{.Name}}

## Details
A {{.Learner}} model of stage {{.Stage}} ({{.StageZH}}) with {{.Indicators}} indicators ({{.Pipeline}}) and {{.Trees}} trees, trained with seed {{.Seed}}.

## Data
{{.Dataset}}: {{.Labels.Claims}} claims; confirmed {{.Labels.Confirmed}}, cleared {{.Labels.Cleared}}, suspected {{.Labels.Suspected}}, unknown {{.Labels.Unknown}}, immature {{.Labels.Immature}}; used as fraud {{.Labels.Positives}}, as not fraud {{.Labels.Negatives}}, left out {{.Labels.LeftOut}}.{{if .Labels.Settled}} {{.Labels.Settled}} claims that had a conclusion at the time of their vector are not among them.{{end}}
{{if .Source}}
Source: {{.Source}}.
{{end}}
Assumptions:
{{range .Assumptions}}- {{.}}
{{end}}
| window | from | to | claims | frauds | AUC | average precision |
|---|---|---|---|---|---|---|
{{range .Windows}}| {{.Name}} | {{.From}} | {{.To}} | {{.Claims}} | {{.Positives}} | {{.AUC}} | {{.AP}} |
{{end}}
## Threshold
Investigate from a probability of {{printf "%.4f" .Threshold}} (cost {{.Costs.Investigation}} of an investigation, loss {{.Costs.AverageLoss}}, share recovered {{.Costs.Recovered}}). In the calibration window, on which it was set: alerts {{.Alerts}}, precision {{.Precision}}.

## Quantitative analysis
Calibration window, after calibration ({{.Calibration}}): O/E {{.OE}}, Brier score {{.Brier}}, log loss {{.LogLoss}}. These figures are in sample for the calibration. A backtest on a later period is the evaluation to rely on.

Indicators by gain:
{{range .Gains}}- {{.}}
{{end}}
## Considerations
A score routes a claim to a person; it must not refuse or delay one. Recall and prevalence cannot be told from claims that were investigated because of a suspicion; they need a random audit arm. The model must not be used for other lines, stages or portfolios than those of its data, nor for decisions about persons outside of a claim.
`))

// card writes the model card. It holds no date and no duration, so that it is
// the same whenever it is made.
func card(d *datasets.Dataset, c *models.Contents, m *Metrics, cfg Config) []byte {
	type window struct {
		Name, From, To string
		WindowMetrics
	}
	stage := c.Pipeline.Spec().Stage
	data := map[string]any{
		"Name": c.Name, "Learner": c.Learner, "Stage": stage, "StageZH": stage.TitleZH(),
		"Indicators": len(c.Pipeline.Names()), "Pipeline": c.Pipeline.Spec().Name, "Trees": len(c.Forest.Trees), "Seed": cfg.Seed,
		"Dataset": d.Spec.Name, "Source": d.Spec.Source, "Labels": m.Labels,
		"Assumptions": append(append([]string{}, m.Assumptions...), d.Spec.Assumptions...),
		"Windows": []window{
			{"fit", date(m.Windows.From), date(m.Windows.ValidFrom), m.Fit},
			{"validate", date(m.Windows.ValidFrom), date(m.Windows.CalibrateFrom), m.Valid},
			{"calibrate", date(m.Windows.CalibrateFrom), date(m.Windows.Until), m.Calibrate},
		},
		"Threshold": m.Threshold, "Costs": cfg.Costs, "Alerts": m.Alerts, "Precision": m.Precision,
		"Calibration": cfg.Calibration, "OE": m.OE, "Brier": m.Brier, "LogLoss": m.LogLoss,
		"Gains": topGains(c.Forest, 15),
	}
	var out bytes.Buffer
	if err := cardText.Execute(&out, data); err != nil {
		panic(fmt.Sprintf("BUG: the model card's template does not fit its data: %v", err))
	}
	return out.Bytes()
}

// topGains lists the features with the largest total gain, with their share.
func topGains(f *forest.Forest, most int) []string {
	gain := make([]float64, len(f.Features))
	total := 0.0
	for _, t := range f.Trees {
		for n, j := range t.Feature {
			gain[j] += t.Gain[n]
			total += t.Gain[n]
		}
	}
	order := make([]int, len(gain))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return gain[order[a]] > gain[order[b]] })
	var out []string
	for _, j := range order {
		if gain[j] > 0 && len(out) < most {
			out = append(out, fmt.Sprintf("%s: %.1f %%", f.Features[j], 100*gain[j]/total))
		}
	}
	return out
}
