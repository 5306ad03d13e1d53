package public

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"time"

	"claimsieve/datasets"
)

// CarClaimsRows is the number of rows of the car claims file as published.
const CarClaimsRows = 15_420

// DefaultLabelDelay is the time from report to conclusion assumed by default.
const DefaultLabelDelay = 30 * 24 * time.Hour

// maxCarClaimsBytes bounds what is read into memory; the published file has 3.5 MB.
const maxCarClaimsBytes = 64 << 20

// CarClaimsOptions says what an import of the car claims file may assume. The
// zero value is the default.
type CarClaimsOptions struct {
	LabelDelay time.Duration // from report to conclusion; 0 means DefaultLabelDelay; not negative
	Excerpt    bool          // accept another number of rows than the published CarClaimsRows
}

// Summary tells what an import found and did.
type Summary struct {
	SourceSHA256          string        `json:"source_sha256"` // of the file as read, in hex
	Claims                int           `json:"claims"`
	Frauds                int           `json:"frauds"`
	Years                 []YearSummary `json:"years"`                    // ascending; years without claims are left out
	LossesInYearBefore    int           `json:"losses_in_year_before"`    // month of loss later in the calendar than month of claim
	LossesClamped         int           `json:"losses_clamped"`           // loss_on set to reported_on, because the rule put it later
	LossesMovedIntoMonth  int           `json:"losses_moved_into_month"`  // week 5 had no such weekday
	ReportsMovedIntoMonth int           `json:"reports_moved_into_month"` // the same for the day of the claim
	ReportsUnknown        int           `json:"reports_unknown"`          // claim month and weekday 0 in the file
	AgesUnknown           int           `json:"ages_unknown"`             // age 0 in the file
	LabelDelay            time.Duration `json:"label_delay_ns"`           // as applied
}

// YearSummary counts the claims reported in one year.
type YearSummary struct {
	Year   int `json:"year"`
	Claims int `json:"claims"`
	Frauds int `json:"frauds"`
}

// ImportCarClaims reads the public car claims file (15,420 motor claims of
// 1994-1996 used by Phua, Alahakoon and Lee, SIGKDD Explorations 6(1), 2004)
// and creates a dataset of the tables claims and outcomes in dir.
//
// Every header and every cell must be of the known kind; otherwise the error
// is a *[FaultsError] with up to 20 faults. Columns may stand in any order. A
// file cut off inside a line or with another number of rows than published is
// refused, the latter unless opts.Excerpt. Nothing is written before the whole
// file is verified; dir must be new or empty, as for [datasets.Create].
func ImportCarClaims(ctx context.Context, csvPath, dir string, opts CarClaimsOptions) (*Summary, error) {
	if opts.LabelDelay < 0 {
		return nil, fmt.Errorf("cannot import %s: label delay %s is negative; give 0 for the default or a longer time", csvPath, opts.LabelDelay)
	}
	if opts.LabelDelay == 0 {
		opts.LabelDelay = DefaultLabelDelay
	}
	text, err := readBounded(csvPath, maxCarClaimsBytes)
	if err != nil {
		return nil, err
	}
	spec, tables, summary, err := convertCarClaims(ctx, csvPath, text, opts)
	if err != nil {
		return nil, err
	}
	if err := datasets.Create(dir, spec, tables); err != nil {
		return nil, fmt.Errorf("cannot import %s: %w", csvPath, err)
	}
	return summary, nil
}

// convertCarClaims does everything but touch files.
func convertCarClaims(ctx context.Context, path string, text []byte, opts CarClaimsOptions) (*datasets.Spec, map[string]*datasets.Table, *Summary, error) {
	rows, err := readCarClaims(ctx, path, text)
	if err != nil {
		return nil, nil, nil, err
	}
	if len(rows) != CarClaimsRows && !opts.Excerpt {
		faults := &FaultsError{Path: path}
		faults.add(0, "", "", "%d rows where the published file has %d; fetch the file again, or say that it is an excerpt", len(rows), CarClaimsRows)
		return nil, nil, nil, faults
	}
	dates := make([]claimDates, len(rows))
	for i := range rows {
		dates[i] = datesOf(&rows[i])
	}
	sum := sha256.Sum256(text)
	summary := summarize(rows, dates)
	summary.SourceSHA256, summary.LabelDelay = hex.EncodeToString(sum[:]), opts.LabelDelay
	spec := carSpec(summary)
	claims, err := carClaims(rows, dates, spec.Tables["claims"].Columns)
	if err != nil {
		return nil, nil, nil, err
	}
	outcomes, err := carOutcomes(rows, dates, opts.LabelDelay)
	if err != nil {
		return nil, nil, nil, err
	}
	return spec, map[string]*datasets.Table{"claims": claims, "outcomes": outcomes}, summary, nil
}

func summarize(rows []carRow, dates []claimDates) *Summary {
	s := &Summary{Claims: len(rows)}
	years := [3]YearSummary{}
	first := int(carFields[fieldAt("Year")].low)
	ageAt := fieldAt("Age")
	count := func(n *int, when bool) {
		if when {
			*n++
		}
	}
	for i, d := range dates {
		y := &years[d.report.Year()-first]
		y.Year = d.report.Year()
		y.Claims++
		count(&y.Frauds, rows[i].fraud)
		count(&s.Frauds, rows[i].fraud)
		count(&s.LossesInYearBefore, d.wrapped)
		count(&s.LossesClamped, d.clamped)
		count(&s.LossesMovedIntoMonth, d.lossMoved)
		count(&s.ReportsMovedIntoMonth, d.reportMoved)
		count(&s.ReportsUnknown, d.reportUnknown)
		count(&s.AgesUnknown, rows[i].cells[ageAt] == "0")
	}
	for _, y := range years {
		if y.Claims > 0 {
			s.Years = append(s.Years, y)
		}
	}
	return s
}

// readBounded reads a file of at most limit bytes.
func readBounded(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read car claims file: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read car claims file: %w", err)
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("cannot read car claims file %s: it has more than %d bytes and so cannot be the published one; give fraud_oracle.csv", path, limit)
	}
	return text, nil
}
