package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"claimsieve/datasets"
	"claimsieve/datasets/quality"
)

// checkOptions are the flags of data check.
type checkOptions struct {
	html, profileOut, against string
}

// checkedData is what data check prints as JSON: the report with its measures
// and, with --against, the comparison, whose findings stand in the report.
type checkedData struct {
	*datasets.CheckReport
	Against  string          `json:"against,omitempty"`
	Shifts   []quality.Shift `json:"shifts,omitempty"`
	Error    string          `json:"error,omitempty"`     // why the exit code is not 0
	ExitCode int             `json:"exit_code,omitempty"` // 1 when there are faults
}

func newDataCheck(a *app) *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use:   "check DIR",
		Short: "hold a dataset against its dataset.yaml, measure its quality, compare deliveries",
		Long: `Lists everything wrong with a dataset and measures truth, completeness,
accuracy, timeliness and standard form by table, column and month (Application
Guideline No. 1, Articles 14, 25 and 26; docs/data-quality.md). Findings of the
kinds that the dataset lists under quality: block: are faults, for which the exit
code is 1; the rest are notes. With --against, an earlier profile or the folder
of an earlier delivery, it finds what vanished, what was changed, what shifted
and what comes later than before. Nothing is changed in place.`,
		Example: "  claimsieve data check portfolio\n" +
			"  claimsieve data check portfolio --html quality.html --profile-out profile.json\n" +
			"  claimsieve data check portfolio-june --against portfolio-may",
		Args: exactly(1, "the dataset's folder"),
		RunE: func(_ *cobra.Command, args []string) error { return a.checkData(args[0], o) },
	}
	f := c.Flags()
	f.StringVar(&o.html, "html", "", "write the report as a page into this file")
	f.StringVar(&o.profileOut, "profile-out", "", "write a profile of the dataset into this file, to compare a later delivery with")
	f.StringVar(&o.against, "against", "", "compare with an earlier delivery: its profile or its folder")
	return c
}

func (a *app) checkData(dir string, o checkOptions) error {
	d, err := datasets.Open(dir)
	if err != nil {
		return err
	}
	report, err := datasets.Check(d)
	if err != nil {
		return err
	}
	compared, err := compareData(d, report, o)
	if err != nil {
		return err
	}
	out := checkedData{CheckReport: report}
	if compared != nil {
		for _, f := range compared.Findings {
			report.Add(f)
		}
		out.Against, out.Shifts = compared.Against, compared.Shifts
	}
	if o.html != "" {
		if err := writeWhole(o.html, func(w io.Writer) error { return quality.WritePage(w, report, compared) }); err != nil {
			return err
		}
	}
	var refusal error
	if n := report.Faults; n > 0 {
		refusal = fmt.Errorf("dataset %s has %d faults", dir, n)
		out.Error, out.ExitCode = refusal.Error(), exitFailed
	}
	if err := a.print(out, func() error { return report.WriteText(a.out) }); err != nil {
		return err
	}
	if refusal != nil {
		a.json = false // the object is out and says so: a second one would be one too many
	}
	return refusal
}

// compareData writes the dataset's profile and holds it against the earlier
// delivery, each when asked for; without the second the comparison is nil.
func compareData(d *datasets.Dataset, report *datasets.CheckReport, o checkOptions) (*quality.Comparison, error) {
	if o.profileOut != "" {
		p, err := quality.Build(d, report, nil)
		if err != nil {
			return nil, err
		}
		if err := writeWhole(o.profileOut, p.Write); err != nil {
			return nil, err
		}
	}
	if o.against == "" {
		return nil, nil
	}
	before, old, err := earlierDelivery(o.against)
	if err != nil {
		return nil, err
	}
	after, err := quality.Build(d, report, before)
	if err != nil {
		return nil, err
	}
	if old != nil {
		return quality.CompareData(old, d, before, after), nil
	}
	return quality.Compare(before, after, d.Spec), nil
}

// earlierDelivery reads a profile, or profiles a dataset, which is returned too.
func earlierDelivery(path string) (*quality.Profile, *datasets.Dataset, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot compare: %w; want a profile of --profile-out, or a dataset's folder", err)
	}
	if !info.IsDir() {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, nil, fmt.Errorf("cannot compare: %w", err)
		}
		p, err := quality.ReadProfile(path, data)
		return p, nil, err
	}
	old, err := datasets.Open(path)
	if err != nil {
		return nil, nil, err
	}
	report, err := datasets.Check(old)
	if err != nil {
		return nil, nil, err
	}
	p, err := quality.Build(old, report, nil)
	return p, old, err
}

// writeWhole writes a file beside its place and renames it, so that a failure
// leaves what was there before.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".part*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	_, err = f.Write(text.Bytes())
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}
