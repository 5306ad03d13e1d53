package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/spf13/cobra"

	"claimsieve/datasets"
	"claimsieve/datasets/parquetfile"
	"claimsieve/features"
	"claimsieve/features/history"
	"claimsieve/models"
)

// maxLine bounds one claim in NDJSON.
const maxLine = 1 << 20

func newScore(a *app) *cobra.Command {
	var dir, data, past, in, out string
	var reasons, threads int
	c := &cobra.Command{
		Use:   "score MODEL [VERSION] --data DIR --out FILE.parquet | --in FILE.ndjson",
		Short: "score the claims of a dataset, or claims as JSON lines",
		Long: `With --data, scores every claim of a dataset into a Parquet file. Without it,
reads claims as JSON lines from --in (default: standard input) and writes one
decision a line, with reasons; a line that cannot be scored gives an object
with an error instead, and the exit code 1 after the last line.

The answers are those of the server's POST /v1/score, bit for bit.`,
		Example: "  claimsieve score motor --data portfolio --out scores.parquet\n  claimsieve score motor --in claims.ndjson --out decisions.ndjson",
		Args:    nameAndVersion,
		RunE: func(_ *cobra.Command, args []string) error {
			m, err := openModel(dir, args[0], args[1:])
			if err != nil {
				return err
			}
			if data == "" {
				history, err := openPast(m, past)
				if err != nil {
					return err
				}
				return a.scoreLines(&lineScorer{model: m, history: history, reasons: reasons}, in, out)
			}
			if in != "" || out == "" {
				return usageError{fmt.Errorf("score --data wants --out FILE.parquet and no --in")}
			}
			if past != "" {
				return usageError{fmt.Errorf("score --data takes the history from the dataset itself; remove --history")}
			}
			if err := outside(data, out); err != nil {
				return err
			}
			n, err := scoreDataset(m, data, out, threads)
			if err != nil {
				return err
			}
			return a.print(map[string]any{"out": out, "claims": n, "model": m.Ref()}, func() error {
				_, err := fmt.Fprintf(a.out, "scored %d claims with %s version %d into %s\n", n, m.Ref().Name, m.Ref().Version, out)
				return err
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "registry", "registry", "folder of the models")
	f.StringVar(&data, "data", "", "a dataset's folder")
	f.StringVar(&past, "history", "", "for JSON lines, what indicators of the history are answered from: a dataset's folder, or a file of features state")
	f.StringVar(&in, "in", "", "claims as JSON lines (default: standard input)")
	f.StringVar(&out, "out", "", "file to write (default for JSON lines: standard output)")
	f.IntVar(&reasons, "reasons", 4, "most reasons a decision")
	f.IntVar(&threads, "threads", 0, "threads; 0: all processors")
	return c
}

// scoreDataset scores all claims of a dataset into a Parquet file.
func scoreDataset(m *models.Model, data, out string, threads int) (int, error) {
	d, err := datasets.Open(data)
	if err != nil {
		return 0, err
	}
	in, _, err := modelInput(d, m.Bundle(), features.ReadOptions{Threads: threads})
	if err != nil {
		return 0, err
	}
	known := in.Instants()
	decisions, err := m.Assess(in, threads)
	if err != nil {
		return 0, err
	}
	_, policyVersion := m.Policy()
	options := parquetfile.WriteOptions{Metadata: map[string]string{
		"claimsieve.model":   fmt.Sprintf("%s/%d", m.Ref().Name, m.Ref().Version),
		"claimsieve.bundle":  m.Ref().Digest,
		"claimsieve.policy":  fmt.Sprint(policyVersion),
		"claimsieve.dataset": d.Spec.Name,
	}}
	return len(decisions), parquetfile.Write(out, scoreSchema, []arrow.Record{scoreRecord(decisions, known)}, options)
}

var scoreSchema = arrow.NewSchema([]arrow.Field{
	{Name: "claim_id", Type: arrow.BinaryTypes.String},
	{Name: "known_at", Type: datasets.TimeType, Nullable: true},
	{Name: "margin", Type: arrow.PrimitiveTypes.Float64},
	{Name: "probability", Type: arrow.PrimitiveTypes.Float64},
	{Name: "score", Type: arrow.PrimitiveTypes.Int64},
	{Name: "tier", Type: datasets.CategoryType},
	{Name: "propensity", Type: arrow.PrimitiveTypes.Float64},
	{Name: "selected_by", Type: datasets.CategoryType, Nullable: true},
	{Name: "rules", Type: arrow.BinaryTypes.String, Nullable: true},
}, nil)

func scoreRecord(decisions []*models.Decision, known []int64) arrow.Record {
	b := array.NewRecordBuilder(memory.DefaultAllocator, scoreSchema)
	word := func(j int, w string) {
		if w == "" {
			b.Field(j).AppendNull()
			return
		}
		if err := b.Field(j).(*array.BinaryDictionaryBuilder).AppendString(w); err != nil {
			panic(fmt.Sprintf("BUG: a word does not fit a dictionary of words: %v", err))
		}
	}
	for i, d := range decisions {
		b.Field(0).(*array.StringBuilder).Append(d.ClaimID)
		if known[i] == datasets.NoTime {
			b.Field(1).AppendNull()
		} else {
			b.Field(1).(*array.TimestampBuilder).Append(arrow.Timestamp(known[i]))
		}
		b.Field(2).(*array.Float64Builder).Append(float64(d.Margin))
		b.Field(3).(*array.Float64Builder).Append(float64(d.Probability))
		b.Field(4).(*array.Int64Builder).Append(int64(d.Score))
		word(5, d.Tier.String())
		b.Field(6).(*array.Float64Builder).Append(d.Propensity)
		word(7, string(d.SelectedBy))
		if len(d.Rules) == 0 {
			b.Field(8).AppendNull()
		} else {
			b.Field(8).(*array.StringBuilder).Append(strings.Join(d.Rules, ","))
		}
	}
	return b.NewRecord()
}

// lineError is the answer to a line that cannot be scored.
type lineError struct {
	Line  int    `json:"line"`
	Error string `json:"error"`
	Code  string `json:"code,omitempty"`
	Field string `json:"field,omitempty"`
}

// lineScorer decides claims one by one.
type lineScorer struct {
	model   *models.Model
	history *history.State // nil when nothing of it is asked or known
	reasons int
}

// decide scores one claim.
func (s *lineScorer) decide(row *datasets.Row) (*models.Decision, error) {
	past, err := s.model.Bundle().Pipeline.Ask(s.history, row.Record)
	if err != nil {
		return nil, err
	}
	return s.model.Decide(row, past, s.reasons)
}

// openPast opens the history that a model asks; "" knows nothing of it.
func openPast(m *models.Model, path string) (*history.State, error) {
	if path == "" {
		return nil, nil
	}
	return m.Bundle().Pipeline.OpenState(path, features.ReadOptions{})
}

// scoreLines answers JSON lines with JSON lines.
func (a *app) scoreLines(s *lineScorer, in, out string) error {
	source := a.in
	if in != "" {
		f, err := os.Open(in)
		if err != nil {
			return fmt.Errorf("cannot read claims: %w", err)
		}
		defer f.Close()
		source = f
	}
	if out == "" {
		return answerLines(s, source, a.out)
	}
	return writeBeside(out, func(w io.Writer) error { return answerLines(s, source, w) })
}

func answerLines(s *lineScorer, in io.Reader, out io.Writer) error {
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	lines := bufio.NewReaderSize(in, maxLine)
	parser, err := datasets.NewRowParser(s.model.Claims())
	if err != nil {
		return err
	}
	line, refused := 0, 0
	for {
		text, tooLong, err := nextLine(lines)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("cannot read line %d: %w", line+1, err)
		}
		line++
		if !tooLong && len(text) == 0 {
			continue
		}
		answer, fault := answerLine(s, parser, text, tooLong)
		if fault != nil {
			refused++
			fault.Line = line
			answer = fault
		}
		if err := enc.Encode(answer); err != nil {
			return fmt.Errorf("cannot write decisions: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("cannot write decisions: %w", err)
	}
	if refused > 0 {
		return &refusedLines{refused, line}
	}
	return nil
}

// nextLine returns the next line without white space around it. A line beyond
// maxLine is skipped and reported as too long.
func nextLine(r *bufio.Reader) (text []byte, tooLong bool, err error) {
	text, err = r.ReadSlice('\n')
	for errors.Is(err, bufio.ErrBufferFull) {
		tooLong = true
		_, err = r.ReadSlice('\n')
	}
	if errors.Is(err, io.EOF) && (len(text) > 0 || tooLong) {
		err = nil // the last line has no end
	}
	return bytes.TrimSpace(text), tooLong, err
}

// answerLine decides one claim, or says why not.
func answerLine(s *lineScorer, parser *datasets.RowParser, text []byte, tooLong bool) (any, *lineError) {
	if tooLong {
		return nil, &lineError{Error: fmt.Sprintf("cannot score claim: the line has more than %d bytes", maxLine), Code: "too_long"}
	}
	row, err := parser.Parse(text)
	if err == nil {
		var d *models.Decision
		if d, err = s.decide(row); err == nil {
			return d, nil
		}
	}
	e := &lineError{Error: err.Error()}
	if fault := new(datasets.FieldError); errors.As(err, &fault) {
		e.Code, e.Field = fault.Code, fault.Field
	}
	return nil, e
}

// refusedLines tells that some lines got an error for an answer.
type refusedLines struct{ refused, lines int }

func (e *refusedLines) Error() string {
	return fmt.Sprintf("%d of %d lines could not be scored; their answers say why", e.refused, e.lines)
}

// writeBeside writes a file under another name and renames it when it is
// whole, so that a failure or a kill leaves no half file. Refused lines are a
// whole answer.
func writeBeside(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	defer os.Remove(f.Name())
	failed := write(f)
	var refused *refusedLines
	if failed != nil && !errors.As(failed, &refused) {
		f.Close()
		return failed
	}
	if err := errors.Join(f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return failed
}
