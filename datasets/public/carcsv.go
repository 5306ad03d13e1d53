package public

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"claimsieve/datasets/strictyaml"
)

// carRow is one verified row of the public file.
type carRow struct {
	cells        []string // in the order of carFields
	number       int64    // PolicyNumber
	year         int
	fraud        bool
	lossMonth    time.Month
	lossWeek     int
	lossWeekday  time.Weekday
	claimMonth   time.Month // 0 when the file does not say
	claimWeek    int
	claimWeekday time.Weekday // means nothing when claimMonth is 0
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// readCarClaims reads and verifies the whole text. The error is a *FaultsError
// unless ctx ended.
func readCarClaims(ctx context.Context, path string, text []byte) ([]carRow, error) {
	faults := &FaultsError{Path: path}
	text = bytes.TrimPrefix(text, byteOrderMark)
	if fault := notText(text); fault != "" {
		faults.add(0, "", "", "%s", fault)
		return nil, faults
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1 // counted here, so that every short line is named
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		faults.add(1, "", "", "no header: %s; give the comma separated file as published", csvText(err))
		return nil, faults
	}
	order := matchHeader(faults, header)
	if order == nil {
		return nil, faults
	}
	rows, err := readCarRows(ctx, r, order, faults)
	if err != nil {
		return nil, err
	}
	if len(faults.Faults) > 0 {
		return nil, faults
	}
	return rows, nil
}

// notText says why bytes cannot be a CSV text, or "".
func notText(text []byte) string {
	if len(text) == 0 {
		return "the file is empty; fetch it again"
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return fmt.Sprintf("it is no text: a zero byte at byte %d; give the comma separated file, unpacked", i)
	}
	if !utf8.Valid(text) {
		return "it is not UTF-8; convert it to UTF-8"
	}
	return ""
}

// matchHeader returns for each column of the file its place in carFields, or
// nil after noting what is missing, unknown or there twice.
func matchHeader(faults *FaultsError, header []string) []int {
	known := make([]string, len(carFields))
	for i, f := range carFields {
		known[i] = f.header
	}
	order := make([]int, len(header))
	seen := make([]bool, len(carFields))
	for i, h := range header {
		at := words(known).index(h)
		order[i] = at
		switch {
		case at < 0:
			faults.add(1, cut(h), h, "unknown column%s", didYouMean(h, known))
		case seen[at]:
			faults.add(1, h, h, "the column is there twice; remove one")
		default:
			seen[at] = true
		}
	}
	for i, ok := range seen {
		if !ok {
			faults.add(1, known[i], "", "the column is missing; give the file with all %d columns as published", len(known))
		}
	}
	if len(faults.Faults) > 0 {
		return nil
	}
	return order
}

func readCarRows(ctx context.Context, r *csv.Reader, order []int, faults *FaultsError) ([]carRow, error) {
	var rows []carRow
	lineOf := map[int64]int{}
	for n := 0; !faults.full(); n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("cannot import %s: %w", faults.Path, ctx.Err())
		}
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			// The rest of the file cannot be told apart into lines any more.
			faults.add(errorLine(err), "", "", "it is not comma separated text: %s", csvText(err))
			break
		}
		line, _ := r.FieldPos(0)
		if len(record) != len(order) {
			faults.add(line, "", "", "%d fields where the header has %d; the file may be cut off, fetch it again", len(record), len(order))
			continue
		}
		before := len(faults.Faults)
		row := verifyRow(faults, line, arrange(record, order))
		if len(faults.Faults) > before {
			continue
		}
		if first, ok := lineOf[row.number]; ok {
			faults.add(line, "PolicyNumber", strconv.FormatInt(row.number, 10), "%d stands on line %d already; remove one of the two lines", row.number, first)
			continue
		}
		lineOf[row.number] = line
		rows = append(rows, row)
	}
	if faults.full() {
		faults.More = true
	}
	if len(rows) == 0 && len(faults.Faults) == 0 {
		faults.add(0, "", "", "no rows below the header; the file may be cut off, fetch it again")
	}
	return rows, nil
}

// arrange copies a record's cells into the order of carFields.
func arrange(record []string, order []int) []string {
	cells := make([]string, len(order))
	for i, at := range order {
		cells[at] = strings.Clone(record[i])
	}
	return cells
}

// verifyRow checks every cell and takes out what the importer computes with.
func verifyRow(faults *FaultsError, line int, cells []string) carRow {
	for i := range carFields {
		carFields[i].verify(faults, line, cells[i])
	}
	month, weekday := cells[fieldAt("MonthClaimed")], cells[fieldAt("DayOfWeekClaimed")]
	if (month == "0") != (weekday == "0") {
		faults.add(line, "MonthClaimed", month, "%q beside DayOfWeekClaimed %q: 0 means that the day of the claim is not recorded, and then stands in both; correct one", cut(month), cut(weekday))
	}
	number := func(header string) int64 {
		n, _ := strconv.ParseInt(cells[fieldAt(header)], 10, 64) // verified above
		return n
	}
	return carRow{
		cells:        cells,
		number:       number("PolicyNumber"),
		year:         int(number("Year")),
		fraud:        number("FraudFound_P") == 1,
		lossMonth:    time.Month(1 + monthWords.index(cells[fieldAt("Month")])),
		lossWeek:     int(number("WeekOfMonth")),
		lossWeekday:  time.Weekday(weekdayWords.index(cells[fieldAt("DayOfWeek")])),
		claimMonth:   time.Month(1 + monthWords.index(month)),
		claimWeek:    int(number("WeekOfMonthClaimed")),
		claimWeekday: time.Weekday(weekdayWords.index(weekday)),
	}
}

// verify notes a fault when value is not one that the column may have.
func (f *carField) verify(faults *FaultsError, line int, value string) {
	if f.zero && value == "0" {
		return
	}
	if f.words != nil {
		if f.words.index(value) < 0 {
			faults.add(line, f.header, value, "unknown value %q%s; known are %s", cut(value), didYouMean(value, f.words), strings.Join(f.words, ", "))
		}
		return
	}
	n, err := strconv.ParseInt(value, 10, 64)
	// Only the plain form is known: "+1", "01" or "1e3" would be another file.
	if err != nil || strconv.FormatInt(n, 10) != value || n < f.low || n > f.high {
		faults.add(line, f.header, value, "%q is no whole number from %d to %d; correct it", cut(value), f.low, f.high)
	}
}

// csvText is a CSV error without its own line numbers, which count otherwise.
func csvText(err error) string {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func errorLine(err error) int {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return p.Line
	}
	return 0
}

// didYouMean hints at a known word near a wrong one. A long value is no slip
// of the pen, and is not worth the comparison.
func didYouMean(wrong string, known []string) string {
	if len(wrong) > 64 {
		return ""
	}
	return strictyaml.DidYouMean(wrong, known)
}
