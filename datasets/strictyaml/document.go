// Package strictyaml reads the YAML files that people write (dataset.yaml,
// pipelines) into structs and reports all their faults at once, each with
// file, line and column, and with the nearest name where one is misspelt.
package strictyaml

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxBytes bounds a document; files of this kind are written by hand.
const maxBytes = 4 << 20

// Fault is one thing wrong in a document.
type Fault struct {
	File         string
	Line, Column int // from 1; 0 when there is no place to name
	Text         string
}

// String returns "file:line:column: text".
func (f Fault) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Text)
}

// Faults is all that is wrong in a document, in order of place. As an error it
// lists every one, a line each.
type Faults []Fault

// Error lists the faults, one a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = x.String()
	}
	return strings.Join(lines, "\n")
}

// sorted orders faults by place.
func (f Faults) sorted() Faults {
	sort.SliceStable(f, func(i, j int) bool {
		if f[i].Line != f[j].Line {
			return f[i].Line < f[j].Line
		}
		return f[i].Column < f[j].Column
	})
	return f
}

// Document is a parsed document that remembers where everything stood.
type Document struct {
	file   string
	root   *yaml.Node
	faults Faults
}

// Decode reads data, named file in messages, into the struct that into points
// to. Unknown and repeated keys, values of the wrong type and texts that a
// type's UnmarshalText refuses are faults; the fields without faults are
// filled. The error of a document that is no YAML is in the faults too.
// Anchors, aliases and more than one document are refused.
func Decode(file string, data []byte, into any) *Document {
	d := &Document{file: file}
	if len(data) > maxBytes {
		d.faults = Faults{{File: file, Text: fmt.Sprintf("cannot read %d bytes of YAML: the limit is %d", len(data), maxBytes)}}
		return d
	}
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	var node yaml.Node
	if err := dec.Decode(&node); errors.Is(err, io.EOF) {
		d.faults = Faults{{File: file, Text: "the file is empty"}}
		return d
	} else if err != nil {
		d.faults = Faults{{File: file, Text: "cannot read YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")}}
		return d
	}
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		d.faults = append(d.faults, Fault{File: file, Line: more.Line, Column: more.Column, Text: "cannot read a second document in one file"})
	}
	d.root = node.Content[0]
	d.fill(d.root, into)
	return d
}

// Add records a fault at the value that path leads to: field names and indexes
// as in doc.Add("...", "tables", "claims", "columns", 3). Where the path ends
// early, the fault stands at the last value found.
func (d *Document) Add(text string, path ...any) {
	node := d.root
	for _, step := range path {
		next := child(node, step)
		if next == nil {
			break
		}
		node = next
	}
	d.fault(node, text)
}

// Line returns the line of the value that path leads to, 0 when there is none.
func (d *Document) Line(path ...any) int {
	node := d.root
	for _, step := range path {
		if node = child(node, step); node == nil {
			return 0
		}
	}
	if node == nil {
		return 0
	}
	return node.Line
}

// Err returns the faults found so far as an error of type [Faults], or nil.
func (d *Document) Err() error {
	if len(d.faults) == 0 {
		return nil
	}
	return d.faults.sorted()
}

func (d *Document) fault(node *yaml.Node, text string) {
	f := Fault{File: d.file, Text: text}
	if node != nil {
		f.Line, f.Column = node.Line, node.Column
	}
	d.faults = append(d.faults, f)
}

// child returns the value of a key of a mapping or an element of a sequence.
func child(node *yaml.Node, step any) *yaml.Node {
	if node == nil {
		return nil
	}
	switch step := step.(type) {
	case string:
		if node.Kind != yaml.MappingNode {
			return nil
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == step {
				return node.Content[i+1]
			}
		}
	case int:
		if node.Kind == yaml.SequenceNode && step >= 0 && step < len(node.Content) {
			return node.Content[step]
		}
	}
	return nil
}
