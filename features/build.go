package features

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"claimsieve/datasets"
	"claimsieve/features/history"
)

// BuildOptions are the settings of [Pipeline.Build]. The zero value is the
// usual one. Threads, Memory and Progress change nothing in what is written.
type BuildOptions struct {
	Threads int // 0: one per processor
	// Memory is about how many bytes of memory the build may take; 0 is no
	// bound. See [history.BatchOptions].
	Memory int64
	// FitBefore is the instant (microseconds) before which claims teach the
	// words of categories; 0 is all claims.
	FitBefore int64
	// OutcomesBefore leaves out outcomes concluded at this instant or later; 0
	// leaves out none.
	OutcomesBefore int64
	// Resume goes on with what an interrupted build of the same pipeline,
	// dataset and settings has left, and refuses what another one has.
	Resume bool
	// Progress, when not nil, is called with what begins now, and with how many
	// of all claims have their vector.
	Progress func(what string, done, total int)
}

// BuildResult is what a build has written.
type BuildResult struct {
	Manifest
	Out     string `json:"out"`
	Kept    int    `json:"kept"`    // parts that stood there already
	Spilled bool   `json:"spilled"` // whether the history did not fit into the memory
}

// Build computes the vectors of all claims of a dataset and writes them with
// key and instant. Where out ends in .parquet it is one file in the order of the
// claims table; else a folder with a Hive partition per month of the instant
// (month=2024-01/part-0.parquet, month=none for claims without one), each in the
// order of the claims table, and a manifest, [ManifestFile], which is written
// last. Parts are written beside, synced and renamed: whatever stops a build,
// what stands there is whole. The bytes depend on the dataset, the pipeline,
// FitBefore and OutcomesBefore alone.
//
// A dataset whose blocking faults [datasets.Gate] finds, and a folder that holds
// anything but an interrupted build of the same things, are refused before
// anything is written.
func (p *Pipeline) Build(d *datasets.Dataset, out string, opt BuildOptions) (*BuildResult, error) {
	if err := datasets.Gate(d); err != nil {
		return nil, err
	}
	b, err := p.newBuild(d, out, opt)
	if err != nil {
		return nil, err
	}
	if done, err := b.prepare(); done != nil || err != nil {
		return done, err
	}
	if err := b.readHistory(); err != nil {
		return nil, err
	}
	if err := b.fit(); err != nil {
		return nil, err
	}
	if err := b.write(); err != nil {
		return nil, err
	}
	return b.finish()
}

// build is a build under way.
type build struct {
	*Pipeline
	data     *datasets.Dataset
	claims   *datasets.TableSpec
	out      string
	opt      BuildOptions
	manifest Manifest
	scan     *claimScan
	instants []int64
	fitted   *Fitted
	kept     int
	spilled  bool
}

func (p *Pipeline) newBuild(d *datasets.Dataset, out string, opt BuildOptions) (*build, error) {
	b := &build{Pipeline: p, data: d, claims: d.Spec.Tables[datasets.ClaimsTable], out: filepath.Clean(out), opt: opt}
	digest, err := d.Digest()
	if err != nil {
		return nil, err
	}
	b.manifest = Manifest{Format: manifestFormat, Pipeline: p.spec.Name, PipelineDigest: p.spec.Digest(), Stage: p.spec.Stage, Dataset: d.Spec.Name, DatasetDigest: digest,
		FitBefore: opt.FitBefore, OutcomesBefore: opt.OutcomesBefore}
	text, err := json.Marshal([]any{b.manifest, p.identity()})
	if err != nil {
		return nil, fmt.Errorf("cannot name build: %w", err)
	}
	sum := sha256.Sum256(text)
	b.manifest.Identity = hex.EncodeToString(sum[:])
	return b, nil
}

// oneFile says whether the vectors go into one file.
func (b *build) oneFile() bool { return strings.HasSuffix(b.out, ".parquet") }

// work is the folder for what the build itself needs.
func (b *build) work() string {
	if b.oneFile() {
		return filepath.Join(filepath.Dir(b.out), "."+filepath.Base(b.out)+".work")
	}
	return filepath.Join(b.out, ".work")
}

func (b *build) begin(what string) {
	if b.opt.Progress != nil {
		b.opt.Progress(what, 0, 0)
	}
}

// instantColumn is the column of the claims table with the instant of a vector.
func (p *Pipeline) instantColumn() string {
	spec := p.data.Tables[datasets.ClaimsTable]
	if at := spec.StageTime(p.spec.Stage); at != "" {
		return at
	}
	return spec.KnownAt
}

// readHistory answers what the pipeline asks of the history, and learns the
// claims' instants.
func (b *build) readHistory() error {
	b.scan = &claimScan{Pipeline: b.Pipeline, data: b.data}
	if b.plan == nil {
		return b.scan.times(b.instantColumn(), &b.instants)
	}
	progress := func(what string) { b.begin(what) }
	answers, err := b.plan.Batch(b.data, history.BatchOptions{Threads: b.opt.Threads, OutcomesBefore: b.opt.OutcomesBefore,
		Progress: progress, Memory: b.opt.Memory * historyShare / 100, Dir: b.work()})
	if err != nil {
		return fmt.Errorf("cannot compute the history's indicators: %w", err)
	}
	b.instants, b.scan.answers, b.spilled = answers.At, answers, answers.Columns == nil
	return b.scan.readJoined()
}

// historyShare is the part of the memory, in hundredths, that the history takes
// at most; decoders, the collector's slack and the program take the rest.
const historyShare = 55

// finish writes the manifest and removes what the build itself needed.
func (b *build) finish() (*BuildResult, error) {
	if !b.oneFile() {
		if err := b.manifest.write(b.out); err != nil {
			return nil, err
		}
	}
	if err := os.RemoveAll(b.work()); err != nil {
		return nil, fmt.Errorf("cannot remove the build's own files: %w", err)
	}
	return &BuildResult{Manifest: b.manifest, Out: b.out, Kept: b.kept, Spilled: b.spilled}, nil
}
