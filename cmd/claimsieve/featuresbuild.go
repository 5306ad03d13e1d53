package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"claimsieve/datasets"
	"claimsieve/features"
)

// buildFlags are the flags of features build.
type buildFlags struct {
	data, pipeline, out, until, freeze, memory string
	threads                                    int
	resume                                     bool
}

func newFeaturesBuild(a *app) *cobra.Command {
	o := &buildFlags{}
	c := &cobra.Command{
		Use:   "build --data DIR --pipeline NAME|FILE --out DIR|FILE.parquet",
		Short: "compute the vectors of all claims into Parquet",
		Long: `Computes every indicator of every claim. Numbers are written as numbers, yes
and no as bool, categories as words, missing values as null. The words of
categories are learned from the claims known before --until (all claims when it
is not given).

A folder gets one part a month of the claims' instant, month=2024-01/
part-0.parquet, and _build.json, which is written last. A build that was stopped
goes on with --resume; parts that stand there are kept. A name that ends in
.parquet is one file in the order of the claims.

A history that does not fit into --memory is computed with files in the folder
--out/.work, which are removed at the end.`,
		Example: `  claimsieve features build --data portfolio --pipeline motor --out vectors
  claimsieve features build --data portfolio --pipeline motor --out vectors --memory 2GiB --resume`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return a.buildFeatures(o) },
	}
	f := c.Flags()
	f.StringVar(&o.data, "data", "", "the dataset's folder")
	f.StringVar(&o.pipeline, "pipeline", "", "name in the catalogue, or a file; NAME@STAGE for a later stage")
	f.StringVar(&o.out, "out", "", "folder or Parquet file to write")
	f.StringVar(&o.until, "until", "", "learn words from claims known before this day")
	f.StringVar(&o.freeze, "freeze-outcomes", "", "leave out outcomes concluded on this day or later")
	f.StringVar(&o.memory, "memory", "", "memory to keep to, such as 4GiB (default: half of the machine's, at most 4GiB)")
	f.IntVar(&o.threads, "threads", 0, "threads (default: one per processor)")
	f.BoolVar(&o.resume, "resume", false, "go on with what a stopped build has left in --out")
	require(c, "data", "pipeline", "out")
	return c
}

func (a *app) buildFeatures(o *buildFlags) error {
	opt, err := o.options()
	if err != nil {
		return err
	}
	if err := outside(o.data, o.out); err != nil {
		return err
	}
	d, p, err := compilePipeline(o.data, o.pipeline)
	if err != nil {
		return err
	}
	if o.threads > 0 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(o.threads))
	}
	result, err := a.runBuild(d, p, o.out, opt)
	if err != nil {
		return err
	}
	return a.print(result, func() error {
		_, err := fmt.Fprintf(a.out, "wrote %d vectors of %d indicators to %s%s\n", result.Claims, result.Indicators, o.out, partsText(result))
		return err
	})
}

func partsText(r *features.BuildResult) string {
	switch {
	case len(r.Parts) == 0:
		return ""
	case r.Kept == 0:
		return fmt.Sprintf(", %d months", len(r.Parts))
	}
	return fmt.Sprintf(", %d months, of which %d stood there", len(r.Parts), r.Kept)
}

// options reads the flags.
func (o *buildFlags) options() (opt features.BuildOptions, err error) {
	opt = features.BuildOptions{Threads: o.threads, Resume: o.resume, Memory: usualMemory()}
	if o.threads < 0 {
		return opt, usageError{fmt.Errorf("cannot use --threads %d: want 1 or more, or 0 for one per processor", o.threads)}
	}
	if o.memory != "" {
		if opt.Memory, err = parseBytes("memory", o.memory); err != nil {
			return opt, err
		}
	}
	if opt.FitBefore, err = parseDay("until", o.until); err != nil {
		return opt, err
	}
	opt.OutcomesBefore, err = parseDay("freeze-outcomes", o.freeze)
	return opt, err
}

// runBuild builds with progress on stderr and the collector held to the
// memory.
func (a *app) runBuild(d *datasets.Dataset, p *features.Pipeline, out string, opt features.BuildOptions) (*features.BuildResult, error) {
	if opt.Memory > 0 {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(opt.Memory * 85 / 100)) // the rest is code, stacks and the system's buffers
	}
	advance, finish := a.progress("building", 1000)
	defer finish()
	opt.Progress = func(what string, done, total int) {
		if total > 0 {
			advance(1000*done/total, what)
			return
		}
		advance(0, what)
	}
	return p.Build(d, out, opt)
}

// leastMemory is less than the program itself takes with a few records.
const leastMemory = 128 << 20

// parseBytes reads a flag such as 4GiB, 300MB or 2000000000.
func parseBytes(flag, text string) (int64, error) {
	number, unit := strings.TrimSpace(text), int64(1)
	for _, u := range []struct {
		name string
		size int64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}} {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.size
			break
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	if size := n * float64(unit); err != nil || !(size >= leastMemory && size < 1<<60) { // NaN is neither
		return 0, usageError{fmt.Errorf("cannot read --%s %q: want bytes such as 4GiB or 512MiB, at least %dMiB", flag, text, leastMemory>>20)}
	}
	return int64(n * float64(unit)), nil
}

// usualMemory is half of the machine's memory and at most 4 GiB; 2 GiB where
// the system does not say how much there is.
func usualMemory() int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 2 << 30
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] == "MemTotal:" {
			if kib, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
				return max(leastMemory, min(4<<30, kib<<10/2))
			}
		}
	}
	return 2 << 30
}
