package strictyaml

import (
	"errors"
	"strings"
	"testing"
)

type color uint8

func (c *color) UnmarshalText(text []byte) error {
	switch string(text) {
	case "red":
		*c = 1
	case "green":
		*c = 2
	default:
		return errors.New("cannot use color " + string(text) + ": want red or green")
	}
	return nil
}

type leaf struct {
	Name  string  `yaml:"name"`
	Count int     `yaml:"count"`
	Share float64 `yaml:"share"`
	On    bool    `yaml:"on"`
	Color color   `yaml:"color"`
}

type tree struct {
	Title  string          `yaml:"title"`
	Leaves []leaf          `yaml:"leaves"`
	Named  map[string]leaf `yaml:"named"`
	One    *leaf           `yaml:"one"`
	hidden int             //nolint:unused // must not be reachable by key
}

func TestDecodeFillsEverything(t *testing.T) {
	var got tree
	doc := Decode("t.yaml", []byte("title: 森林\nleaves:\n  - {name: a, count: 3, share: .5, on: true, color: green}\nnamed: {x: {name: b}}\none: {color: red}\n"), &got)
	if err := doc.Err(); err != nil {
		t.Fatal(err)
	}
	if got.Title != "森林" || len(got.Leaves) != 1 || got.Leaves[0] != (leaf{"a", 3, .5, true, 2}) || got.Named["x"].Name != "b" || got.One == nil || got.One.Color != 1 || got.hidden != 0 {
		t.Errorf("got %+v", got)
	}
	if doc.Line("leaves", 0) != 3 || doc.Line("nowhere") != 0 {
		t.Errorf("leaves[0] stands on line %d", doc.Line("leaves", 0))
	}
}

func TestEveryFaultHasItsPlace(t *testing.T) {
	var got tree
	doc := Decode("t.yaml", []byte("titel: x\nleaves:\n  - {name: [], count: many, color: blue}\n  - name: a\n    name: b\nhidden: 1\nnamed: [1]\none: *nothing\n"), &got)
	err := doc.Err()
	if err == nil {
		// an undefined alias is refused by the YAML reader as a whole
		t.Fatal("no error")
	}
	doc = Decode("t.yaml", []byte("titel: x\nleaves:\n  - {name: [], count: many, color: blue}\n  - name: a\n    name: b\nhidden: 1\nnamed: [1]\none: &one {name: x}\n"), &got)
	text := doc.Err().Error()
	for _, want := range []string{
		`t.yaml:1:1: unknown key "titel", did you mean "title"?`,
		"t.yaml:3:12: cannot read a list here",
		`t.yaml:3:23: cannot read "many" as int`,
		"t.yaml:3:36: cannot use color blue",
		`t.yaml:5:5: key "name" stands here twice`,
		`t.yaml:6:1: unknown key "hidden"`,
		"t.yaml:7:8: cannot read a list here: want a mapping",
		"t.yaml:8:6: cannot use anchors and aliases",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestDocumentsThatAreNone(t *testing.T) {
	for _, text := range []string{"", "# only a comment", "a: b: c", "title: a\n---\ntitle: b", "title: a\n---\n: : [ {{{", "- 1", "3", strings.Repeat("[", 5000), "title: !!binary x", strings.Repeat("#", maxBytes+1)} {
		var got tree
		if err := Decode("t.yaml", []byte(text), &got).Err(); err == nil {
			t.Errorf("%.20q was read without a fault", text)
		}
	}
}

func TestDidYouMean(t *testing.T) {
	names := []string{"claim_id", "amount", "make"}
	for word, want := range map[string]string{"amuont": "amount", "Amount": "amount", "claimid": "claim_id", "xyzzy": "", "": ""} {
		got := DidYouMean(word, names)
		if want == "" && got != "" || want != "" && !strings.Contains(got, `"`+want+`"`) {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("title: x\nleaves: [{name: a, count: 1}]"))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("{{{{"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var got tree
		doc := Decode("t.yaml", data, &got)
		doc.Add("a fault of meaning", "leaves", 3, "name")
		if doc.Err() == nil {
			t.Fatal("an added fault was lost")
		}
	})
}
