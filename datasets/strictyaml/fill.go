package strictyaml

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxDepth bounds nesting, so that a hostile file cannot exhaust the stack.
const maxDepth = 32

// Single marks a list type whose one value may be written alone, without
// brackets. A struct that is an [encoding.TextUnmarshaler] may likewise be
// written as one word or as a mapping of its fields.
type Single interface {
	// Single does nothing.
	Single()
}

func (d *Document) fill(node *yaml.Node, into any) {
	d.value(node, reflect.ValueOf(into).Elem(), 0)
}

// value fills v from node and records what does not fit.
func (d *Document) value(node *yaml.Node, v reflect.Value, depth int) {
	if depth > maxDepth {
		d.fault(node, fmt.Sprintf("cannot read values nested more than %d deep", maxDepth))
		return
	}
	if node.Kind == yaml.AliasNode || node.Anchor != "" {
		d.fault(node, "cannot use anchors and aliases: write the value out")
		return
	}
	if node.Kind == yaml.ScalarNode && node.Tag == "!!null" {
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok && (node.Kind != yaml.MappingNode || v.Kind() != reflect.Struct) {
		d.text(node, u)
		return
	}
	if _, ok := v.Interface().(Single); ok && node.Kind == yaml.ScalarNode {
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		d.value(node, v.Index(0), depth+1)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(node, v.Elem(), depth+1)
	case reflect.Struct:
		d.structure(node, v, depth)
	case reflect.Map:
		d.mapping(node, v, depth)
	case reflect.Slice:
		d.sequence(node, v, depth)
	default:
		d.scalar(node, v)
	}
}

func (d *Document) text(node *yaml.Node, u encoding.TextUnmarshaler) {
	if node.Kind != yaml.ScalarNode {
		d.fault(node, fmt.Sprintf("cannot read %s here: want one word", kindName(node)))
		return
	}
	if err := u.UnmarshalText([]byte(node.Value)); err != nil {
		d.fault(node, err.Error())
	}
}

func (d *Document) scalar(node *yaml.Node, v reflect.Value) {
	if node.Kind != yaml.ScalarNode {
		d.fault(node, fmt.Sprintf("cannot read %s here: want %s", kindName(node), v.Kind()))
		return
	}
	if err := node.Decode(v.Addr().Interface()); err != nil {
		d.fault(node, fmt.Sprintf("cannot read %q as %s", node.Value, v.Kind()))
	}
}

func (d *Document) sequence(node *yaml.Node, v reflect.Value, depth int) {
	if node.Kind != yaml.SequenceNode {
		d.fault(node, fmt.Sprintf("cannot read %s here: want a list", kindName(node)))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(node.Content), len(node.Content)))
	for i, c := range node.Content {
		d.value(c, v.Index(i), depth+1)
	}
}

func (d *Document) mapping(node *yaml.Node, v reflect.Value, depth int) {
	if node.Kind != yaml.MappingNode {
		d.fault(node, fmt.Sprintf("cannot read %s here: want a mapping", kindName(node)))
		return
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(node.Content)/2))
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := reflect.New(v.Type().Key()).Elem()
		if u, ok := key.Addr().Interface().(encoding.TextUnmarshaler); ok {
			if err := u.UnmarshalText([]byte(node.Content[i].Value)); err != nil {
				d.fault(node.Content[i], err.Error())
				continue
			}
		} else {
			key.SetString(node.Content[i].Value)
		}
		if v.MapIndex(key).IsValid() {
			d.fault(node.Content[i], fmt.Sprintf("key %q stands here twice", node.Content[i].Value))
			continue
		}
		item := reflect.New(v.Type().Elem()).Elem()
		d.value(node.Content[i+1], item, depth+1)
		v.SetMapIndex(key, item)
	}
}

func (d *Document) structure(node *yaml.Node, v reflect.Value, depth int) {
	if node.Kind != yaml.MappingNode {
		d.fault(node, fmt.Sprintf("cannot read %s here: want a mapping with the keys %s", kindName(node), strings.Join(fieldNames(v.Type()), ", ")))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		field := fieldOf(v, key.Value)
		switch {
		case !field.IsValid():
			names := fieldNames(v.Type())
			d.fault(key, fmt.Sprintf("unknown key %q%s; the keys here are %s", key.Value, DidYouMean(key.Value, names), strings.Join(names, ", ")))
		case seen[key.Value]:
			d.fault(key, fmt.Sprintf("key %q stands here twice", key.Value))
		default:
			seen[key.Value] = true
			d.value(node.Content[i+1], field, depth+1)
		}
	}
}

// fieldNames returns the yaml names of a struct's exported fields.
func fieldNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		if name := fieldName(t.Field(i)); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func fieldName(f reflect.StructField) string {
	if !f.IsExported() {
		return ""
	}
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if name == "-" {
		return ""
	}
	if name == "" {
		return strings.ToLower(f.Name)
	}
	return name
}

func fieldOf(v reflect.Value, key string) reflect.Value {
	for i := range v.NumField() {
		if fieldName(v.Type().Field(i)) == key && key != "" {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}

func kindName(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return fmt.Sprintf("%q", node.Value)
}
