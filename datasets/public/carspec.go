package public

import (
	"fmt"
	"time"

	"claimsieve/datasets"
)

func reportColumn(name string, t datasets.Type, en, zh string) datasets.ColumnSpec {
	return datasets.ColumnSpec{Name: name, Type: t, Stage: datasets.Report, Title: datasets.Title{EN: en, ZH: zh}}
}

// carClaimColumns are the claims table's columns: the id and the two clocks,
// then those of carFields that are kept, then the note on unknown times.
func carClaimColumns() []datasets.ColumnSpec {
	out := []datasets.ColumnSpec{
		reportColumn("claim_id", datasets.ID, "Claim, by the file's policy number, which is the row number", "赔案号（源文件行号）"),
		reportColumn("loss_on", datasets.Date, "Day of loss, to a week", "出险日期（精度为一周）"),
		reportColumn("reported_on", datasets.Date, "Day of the claim, to a week", "报案日期（精度为一周）"),
	}
	for _, f := range carFields {
		if f.spec.Name != "" {
			out = append(out, f.spec)
		}
	}
	return append(out, reportColumn("time_note", datasets.Text, "Note on the claim's times", "时间说明"))
}

var carOutcomeColumns = []datasets.ColumnSpec{
	{Name: "claim_id", Type: datasets.ID, Title: datasets.Title{EN: "Claim", ZH: "赔案号"}},
	{Name: "concluded_at", Type: datasets.Time, Title: datasets.Title{EN: "Conclusion known from (assumed)", ZH: "结论知悉时间（假定）"}},
	{Name: "conclusion", Type: datasets.Category, Title: datasets.Title{EN: "Conclusion", ZH: "结论"}},
	{Name: "fraud_flag", Type: datasets.Bool, Title: datasets.Title{EN: "Fraud as the file marks it", ZH: "欺诈标志（源文件标注）"}},
	{Name: "fraud_types", Type: datasets.Text, Title: datasets.Title{EN: "Kinds of fraud (not in the file)", ZH: "欺诈类型（源文件无）"}},
	{Name: "recovered_amount", Type: datasets.Float, Title: datasets.Title{EN: "Amount recovered (not in the file)", ZH: "减损金额（源文件无）"}},
	{Name: "why_investigated", Type: datasets.Category, Title: datasets.Title{EN: "Why investigated (not in the file)", ZH: "调查原因（源文件无）"}},
	{Name: "propensity", Type: datasets.Float, Title: datasets.Title{EN: "Probability of being investigated (not in the file)", ZH: "被调查概率（源文件无）"}},
}

// carSpec is the dataset.yaml of an import that came out as s says.
func carSpec(s *Summary) *datasets.Spec {
	return &datasets.Spec{
		Format: datasets.FormatVersion,
		Name:   "carclaims",
		Title:  datasets.Title{EN: "Car claims 1994-1996 (public)", ZH: "公开车险赔案 1994-1996"},
		Line:   "motor",
		Source: "public car claims file (Oracle and Angoss sample, fraud_oracle.csv), sha256 " + s.SourceSHA256 +
			"; no licence is stated: for evaluation only, not to be passed on",
		Assumptions: carAssumptions(s),
		Tables: map[string]*datasets.TableSpec{
			"claims":   {Files: []string{"claims.parquet"}, Key: "claim_id", HappenedAt: "loss_on", KnownAt: "reported_on", Columns: carClaimColumns()},
			"outcomes": {Files: []string{"outcomes.parquet"}, KnownAt: "concluded_at", Columns: carOutcomeColumns},
		},
	}
}

func carAssumptions(s *Summary) []string {
	return []string{
		fmt.Sprintf("year: the file's Year is taken as the year of the claim, so that a split by reported_on equals the published split by Year. "+
			"The file cannot decide this: in %d rows the month of loss comes later in the calendar than the month of the claim, and the loss is put into the year before.", s.LossesInYearBefore),
		fmt.Sprintf("day: the given weekday of the given week of the month, week 1 being the days 1-7 and week 5 the days from 29 on; a week 5 without that weekday gives the month's last such weekday "+
			"(%d losses, %d claims). The precision is a week.", s.LossesMovedIntoMonth, s.ReportsMovedIntoMonth),
		fmt.Sprintf("order: where the rule puts the loss after the claim within the same month, loss_on is set to reported_on (%d rows).", s.LossesClamped),
		fmt.Sprintf("unknown claim time: %d rows have claim month and weekday 0; reported_on is 31 December of their Year, the latest possible, and time_note says so.", s.ReportsUnknown),
		fmt.Sprintf("label delay: the file has no conclusion date; concluded_at is reported_on plus %s for every claim.", days(s.LabelDelay)),
		"conclusion: FraudFound_P 1 is confirmed_fraud; 0 is closed, which is unknown and not cleared, because the file does not say that anybody investigated. To train as published, say explicitly that closed claims count as negatives.",
		"stage: the file does not say when a value became known; every column is given the stage report, as the published comparisons do. number_of_suppliments and address_change_claim may in truth be later.",
		fmt.Sprintf("age: 0 means not recorded and is null (%d rows).", s.AgesUnknown),
		"year is kept for checking the split only and is not for models: it separates training from test. claim_id is the row number, in year order, and is not for models either.",
	}
}

// days writes a duration in days when it is whole days.
func days(d time.Duration) string {
	if n := d / (24 * time.Hour); d == n*24*time.Hour {
		return fmt.Sprintf("%d days", n)
	}
	return d.String()
}
