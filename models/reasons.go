package models

import (
	"fmt"
	"math"
	"strconv"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/models/explain"
)

// addReasons explains the margin of x: the exact contribution of every
// indicator, its sum by risk dimension, and the largest that raise the margin.
func (m *Model) addReasons(d *Decision, x []float64, most int) {
	phi := m.explain.Contributions(nil, x)
	d.Expected = m.explain.Expected()
	indicators := m.bundle.Pipeline.Spec().Indicators
	sums := map[features.Dimension]float64{}
	for j, ind := range indicators {
		sums[ind.Dimension] += phi[j]
	}
	for _, dim := range features.Dimensions() {
		d.Dimensions = append(d.Dimensions, DimensionShare{Dimension: dim, Title: dim.Title(), Contribution: sums[dim]})
	}
	d.Reasons = []Reason{}
	for _, top := range explain.Top(m.bundle.Pipeline.Names(), x, phi, most) {
		d.Reasons = append(d.Reasons, m.reason(top))
	}
}

func (m *Model) reason(top explain.Reason) Reason {
	j := m.index[top.Indicator]
	ind := m.bundle.Pipeline.Spec().Indicators[j]
	r := Reason{
		Indicator:    ind.Name,
		Title:        titleOf(ind),
		Dimension:    ind.Dimension,
		Contribution: top.Contribution,
	}
	word := m.bundle.Pipeline.Word(j, top.Value)
	shownEN, shownZH := word, word
	switch {
	case math.IsNaN(top.Value):
		shownEN, shownZH = "not known", "未知"
	case m.bundle.Pipeline.IsWords(j):
		r.Value = word
	case m.bundle.Pipeline.IsTruth(j):
		r.Value = top.Value
		shownEN, shownZH = "no", "否"
		if top.Value != 0 {
			shownEN, shownZH = "yes", "是"
		}
	case math.IsInf(top.Value, 0):
		shownEN = strconv.FormatFloat(top.Value, 'g', -1, 64)
		shownZH = shownEN
	default:
		r.Value = top.Value
		shownEN = strconv.FormatFloat(top.Value, 'g', 6, 64)
		shownZH = shownEN
	}
	r.Text = datasets.Title{
		EN: fmt.Sprintf("%s: %s; raises the odds of fraud %s", r.Title.EN, shownEN, timesEN(top.Contribution, m.bundle.Forest.Sigmoid)),
		ZH: fmt.Sprintf("%s：%s；%s", r.Title.ZH, shownZH, timesZH(top.Contribution, m.bundle.Forest.Sigmoid)),
	}
	return r
}

// titleOf falls back to the indicator's name where its author gave no title.
func titleOf(ind features.IndicatorSpec) datasets.Title {
	t := ind.Title
	if t.EN == "" {
		t.EN = ind.Name
	}
	if t.ZH == "" {
		t.ZH = t.EN
	}
	return t
}

// timesEN says a contribution as a factor of the odds where the margin is a
// log-odds, else as a share of the votes.
func timesEN(contribution float64, logOdds bool) string {
	if logOdds {
		return fmt.Sprintf("%.2f-fold", math.Exp(contribution))
	}
	return fmt.Sprintf("by %.1f %% of the votes", 100*contribution)
}

func timesZH(contribution float64, logOdds bool) string {
	if logOdds {
		return fmt.Sprintf("使欺诈几率变为%.2f倍", math.Exp(contribution))
	}
	return fmt.Sprintf("使投票比例上升%.1f个百分点", 100*contribution)
}
