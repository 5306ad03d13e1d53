package features

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"

	"claimsieve/datasets"
)

// maxPipelineBytes bounds the text that [AtStage] rewrites; pipelines are
// written by hand.
const maxPipelineBytes = 4 << 20

// AtStage returns the pipeline in text as it is at a stage: the indicators that
// say they exist from a later stage on are left out, and the pipeline's stage
// is set. NoStage means the stage that the pipeline has. The order of what
// remains is kept; comments and layout may change. A text that is at the stage
// already is returned as it is.
//
// The text need not be a valid pipeline, which [ParseSpec] judges; what has no
// known stage stays. Refused are a text that is no YAML mapping, and a stage
// before the pipeline's own: indicators that name no stage belong to that one.
func AtStage(text []byte, stage datasets.Stage) ([]byte, error) {
	root, err := pipelineTree(text)
	if err != nil {
		return nil, fmt.Errorf("cannot take pipeline at stage %s: %w", stage, err)
	}
	own := yamlValue(root, "stage")
	if own == nil {
		return nil, fmt.Errorf("cannot take pipeline at stage %s: it has no stage of its own; add stage: report, the one of its earliest indicators", stage)
	}
	first, err := datasets.ParseStage(own.Value)
	if err != nil {
		return nil, fmt.Errorf("cannot take pipeline at stage %s: line %d: %w", stage, own.Line, err)
	}
	if stage == datasets.NoStage {
		stage = first
	}
	if stage < first {
		return nil, fmt.Errorf("cannot take pipeline at stage %s: it begins at stage %s; want that or a later one", stage, first)
	}
	if !dropLater(root, stage) && stage == first {
		return text, nil
	}
	own.SetString(stage.String())
	out, err := writeTree(root)
	if err != nil {
		return nil, fmt.Errorf("cannot take pipeline at stage %s: %w", stage, err)
	}
	return out, nil
}

// Without returns the pipeline in text without the indicators of the given
// names. The order of what remains is kept; comments and layout may change. A
// text that is no YAML mapping is refused.
func Without(text []byte, names []string) ([]byte, error) {
	root, err := pipelineTree(text)
	if err != nil {
		return nil, fmt.Errorf("cannot leave indicators out of the pipeline: %w", err)
	}
	if list := yamlValue(root, "indicators"); list != nil && list.Kind == yaml.SequenceNode {
		list.Content = slices.DeleteFunc(list.Content, func(indicator *yaml.Node) bool {
			name := yamlValue(indicator, "name")
			return name != nil && slices.Contains(names, name.Value)
		})
	}
	out, err := writeTree(root)
	if err != nil {
		return nil, fmt.Errorf("cannot leave indicators out of the pipeline: %w", err)
	}
	return out, nil
}

// writeTree writes a pipeline's tree as YAML.
func writeTree(root *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := errors.Join(enc.Encode(root), enc.Close()); err != nil {
		return nil, fmt.Errorf("cannot write it: %w", err)
	}
	return out.Bytes(), nil
}

// pipelineTree reads the one YAML document of a text, which must be a mapping.
func pipelineTree(text []byte) (*yaml.Node, error) {
	if len(text) > maxPipelineBytes {
		return nil, fmt.Errorf("it has %d bytes; the limit is %d", len(text), maxPipelineBytes)
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, errors.New("it is empty")
	case err != nil:
		return nil, fmt.Errorf("cannot read YAML: %w", err)
	}
	if !errors.Is(dec.Decode(&more), io.EOF) {
		return nil, errors.New("it has a second document; keep one to a file")
	}
	if root := doc.Content[0]; root.Kind == yaml.MappingNode {
		return root, nil
	}
	return nil, errors.New("it is no mapping; begin with format: 1")
}

// dropLater removes the indicators that name a stage after the given one and
// tells whether there were any.
func dropLater(root *yaml.Node, stage datasets.Stage) bool {
	list := yamlValue(root, "indicators")
	if list == nil || list.Kind != yaml.SequenceNode {
		return false
	}
	before := len(list.Content)
	list.Content = slices.DeleteFunc(list.Content, func(indicator *yaml.Node) bool {
		from := yamlValue(indicator, "stage")
		if from == nil {
			return false
		}
		s, err := datasets.ParseStage(from.Value)
		return err == nil && s > stage
	})
	return len(list.Content) < before
}

// yamlValue returns the scalar or other value of a key of a mapping, nil when
// there is none.
func yamlValue(node *yaml.Node, key string) *yaml.Node {
	if node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1]
		}
	}
	return nil
}
