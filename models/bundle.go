package models

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/models/forest"
	"claimsieve/models/formats"
	"claimsieve/screen/calibration"
	"claimsieve/screen/policy"
)

// The files of a bundle.
const (
	manifestFile    = "manifest.json"
	pipelineFile    = "pipeline.yaml"
	vocabularyFile  = "vocabulary.json"
	tablesFile      = "tables.json"
	modelFile       = "model.txt"
	calibrationFile = "calibration.json"
	policyFile      = "policies/1.json"
	metricsFile     = "metrics.json"
	referenceFile   = "reference.parquet"
	cardFile        = "card.md"
	selftestFile    = "selftest.json"
)

// parts are the files that every bundle has beside its manifest.
var parts = []string{pipelineFile, vocabularyFile, tablesFile, modelFile, calibrationFile, policyFile, metricsFile, referenceFile, cardFile, selftestFile}

// Bundle is a sealed model: everything that turns a claim into a probability,
// with the first policy and the evidence. A bundle that [Load] returns has
// passed its digests and its self-test. It is immutable and safe for
// concurrent use.
type Bundle struct {
	Manifest  Manifest
	Tables    *datasets.Spec // the tables that the pipeline reads
	Pipeline  *features.Fitted
	Forest    *forest.Forest
	Calibrate Calibration
	Policy    *policy.Policy // the first policy, fitted with the model
	Metrics   json.RawMessage
}

// Claims returns the columns that a claim may carry.
func (b *Bundle) Claims() *datasets.TableSpec { return b.Tables.Tables[datasets.ClaimsTable] }

// Calibration is calibration.json: what turns a margin into a probability and
// into a score.
type Calibration struct {
	Calibrator *calibration.Calibrator `json:"calibrator"`
	Scale      *calibration.Scale      `json:"scale"`
}

// Contents is what a training hands over to be sealed. All fields are needed.
type Contents struct {
	Name         string
	Learner      string
	Lineage      Lineage // PipelineDigest and Program are filled in
	PipelineYAML []byte  // the pipeline as its author wrote it
	Pipeline     *features.Fitted
	Forest       *forest.Forest
	Calibration  Calibration
	Policy       *policy.Policy
	Metrics      any // written as metrics.json
	Card         []byte
	Reference    *Reference
	// Examples are claims with the columns that the pipeline reads; they become
	// the self-test.
	Examples []Example
}

// Example is a claim for the self-test, with what the history is to have said
// about it.
type Example struct {
	Claim   []byte             // flat JSON
	History map[string]float64 // by indicator; an indicator of the history that is absent is missing
}

// Write seals c into the empty folder dir and returns the manifest. The caller
// makes it durable; [registry] publishes a folder as a whole. The policy is
// bound to the bundle by name only, because it is inside the digest.
func Write(dir string, c *Contents, program string) (*Manifest, error) {
	w := &writer{dir: dir, files: map[string]string{}}
	w.raw(pipelineFile, c.PipelineYAML)
	w.json(vocabularyFile, c.Pipeline.Vocabulary())
	w.json(tablesFile, c.Pipeline.Tables())
	w.model(c.Forest)
	w.json(calibrationFile, c.Calibration)
	w.rounded(policyFile, c.Policy)
	w.rounded(metricsFile, c.Metrics)
	w.raw(cardFile, c.Card)
	w.reference(c.Reference)
	tests, err := expectations(c)
	if err != nil {
		return nil, err
	}
	w.json(selftestFile, tests)
	if w.err != nil {
		return nil, fmt.Errorf("cannot write bundle %q: %w", c.Name, w.err)
	}
	m := &Manifest{Format: FormatVersion, Name: c.Name, Stage: c.Pipeline.Spec().Stage, Learner: c.Learner, Lineage: c.Lineage, Files: w.files}
	m.Lineage.PipelineDigest = c.Pipeline.Spec().Digest()
	m.Lineage.Program = program
	if err := m.seal(); err != nil {
		return nil, err
	}
	if err := writeJSON(filepath.Join(dir, manifestFile), m); err != nil {
		return nil, fmt.Errorf("cannot write bundle %q: %w", c.Name, err)
	}
	return m, nil
}

// Load reads a bundle and refuses one that is incomplete, altered, of a newer
// format, or that does not answer its self-test as it did when it was made.
func Load(dir string) (*Bundle, error) {
	b := &Bundle{}
	if err := readJSON(filepath.Join(dir, manifestFile), &b.Manifest); err != nil {
		return nil, fmt.Errorf("cannot load bundle: %w", err)
	}
	if b.Manifest.Format != FormatVersion {
		return nil, fmt.Errorf("cannot load bundle %s: it has format %d, this program reads format %d; use a program that knows it", dir, b.Manifest.Format, FormatVersion)
	}
	if err := b.Manifest.verify(dir); err != nil {
		return nil, err
	}
	if err := b.read(dir); err != nil {
		return nil, fmt.Errorf("cannot load bundle %s: %w", dir, err)
	}
	var tests []selfTest
	if err := readJSON(filepath.Join(dir, selftestFile), &tests); err != nil {
		return nil, fmt.Errorf("cannot load bundle %s: %w", dir, err)
	}
	if err := b.passes(tests); err != nil {
		return nil, fmt.Errorf("cannot use bundle %s: %w", dir, err)
	}
	return b, nil
}

func (b *Bundle) read(dir string) error {
	spec, err := features.ReadSpec(filepath.Join(dir, pipelineFile))
	if err != nil {
		return err
	}
	b.Tables = &datasets.Spec{}
	var vocabulary features.Vocabulary
	b.Policy = &policy.Policy{}
	for _, f := range []struct {
		name string
		into any
	}{{tablesFile, b.Tables}, {vocabularyFile, &vocabulary}, {calibrationFile, &b.Calibrate}, {policyFile, b.Policy}, {metricsFile, &b.Metrics}} {
		if err := readJSON(filepath.Join(dir, f.name), f.into); err != nil {
			return err
		}
	}
	if err := b.Tables.Validate(); err != nil {
		return fmt.Errorf("%s: %w", tablesFile, err)
	}
	pipeline, err := features.Compile(spec, b.Tables)
	if err != nil {
		return err
	}
	if b.Pipeline, err = pipeline.With(vocabulary); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(dir, modelFile))
	if err != nil {
		return err
	}
	if b.Forest, err = formats.ReadLightGBM(bytes.NewReader(text)); err != nil {
		return err
	}
	b.Forest.Categories = b.Pipeline.Categories()
	return b.consistent()
}

// consistent checks that the parts fit each other.
func (b *Bundle) consistent() error {
	names := b.Pipeline.Names()
	if len(names) != len(b.Forest.Features) {
		return fmt.Errorf("the pipeline has %d indicators and the trees %d features", len(names), len(b.Forest.Features))
	}
	for i, n := range names {
		if n != b.Forest.Features[i] {
			return fmt.Errorf("indicator %d is %q in the pipeline and %q in the trees", i, n, b.Forest.Features[i])
		}
	}
	if b.Calibrate.Calibrator == nil || b.Calibrate.Scale == nil {
		return fmt.Errorf("%s lacks the calibrator or the scale", calibrationFile)
	}
	if err := errors.Join(b.Calibrate.Calibrator.Validate(), b.Calibrate.Scale.Validate()); err != nil {
		return err
	}
	return b.finite()
}

// finite refuses trees whose leaves could add up to more than a float64 holds:
// every margin of a loaded bundle is a finite number, and so is its probability.
func (b *Bundle) finite() error {
	largest := 0.0
	for _, t := range b.Forest.Trees {
		most := 0.0
		for _, v := range t.LeafValue {
			most = max(most, math.Abs(v))
		}
		largest += most
	}
	if math.IsInf(largest, 0) || math.IsNaN(largest) {
		return fmt.Errorf("the leaves of the trees add up to more than a number can hold")
	}
	return nil
}

// writer writes a bundle's files, keeping digests and the first error.
type writer struct {
	dir   string
	files map[string]string
	err   error
}

func (w *writer) raw(name string, data []byte) {
	if w.err != nil {
		return
	}
	path := filepath.Join(w.dir, name)
	if w.err = os.MkdirAll(filepath.Dir(path), 0o755); w.err != nil {
		return
	}
	if w.err = os.WriteFile(path, data, 0o644); w.err != nil {
		return
	}
	w.files[name], w.err = datasets.FileDigest(path)
}

func (w *writer) json(name string, v any) {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("%s: %w", name, err)
	}
	w.raw(name, append(data, '\n'))
}

// rounded writes statistics with 12 significant digits: they come from
// functions whose last digits differ between processors, and the bundle's
// digest must not.
func (w *writer) rounded(name string, v any) {
	data, err := json.Marshal(v)
	if err == nil {
		data, err = roundNumbers(data)
	}
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("%s: %w", name, err)
	}
	w.raw(name, append(data, '\n'))
}

func (w *writer) model(f *forest.Forest) {
	var text bytes.Buffer
	if err := formats.WriteLightGBM(&text, f, formats.LightGBMOptions{}); err != nil && w.err == nil {
		w.err = err
	}
	w.raw(modelFile, text.Bytes())
}

func (w *writer) reference(r *Reference) {
	if w.err != nil {
		return
	}
	path := filepath.Join(w.dir, referenceFile)
	if w.err = r.write(path); w.err != nil {
		return
	}
	w.files[referenceFile], w.err = datasets.FileDigest(path)
}

func writeJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}

// readJSON reads one JSON value and refuses unknown fields and trailing data.
func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("cannot read %s: %w", path, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("cannot read %s: something follows its JSON value", path)
	}
	return nil
}
