package codes

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"claimsieve/datasets/strictyaml"
)

func table(t testing.TB, name string) *Table {
	t.Helper()
	x, err := Embedded(name)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestFraudTypesAreTheAppendix counts what the appendix counts: 16 categories
// and 28 leaves, numbered 01 to 16.
func TestFraudTypesAreTheAppendix(t *testing.T) {
	all := table(t, FraudTypes)
	parents, leaves, top := map[string]bool{}, 0, 0
	for _, c := range all.Codes() {
		if c.Group != "" {
			parents[c.Group] = true
			if !strings.HasPrefix(c.Code, c.Group+".") {
				t.Errorf("%s is in group %s", c.Code, c.Group)
			}
		}
		if !c.Verified || c.ZH == "" || c.EN == "" {
			t.Errorf("%+v", c)
		}
	}
	for _, c := range all.Codes() {
		if c.Group == "" {
			top++
		}
		if !parents[c.Code] {
			leaves++
		}
	}
	if top != 16 || leaves != 28 {
		t.Errorf("%d categories and %d leaves", top, leaves)
	}
	if c, ok := all.Find("01.2"); !ok || c.ZH != "虚假起火原因" {
		t.Errorf("01.2 is %+v", c)
	}
}

func TestEveryTableStands(t *testing.T) {
	for _, name := range Names() {
		x := table(t, name)
		if x.Name() != name || len(x.Codes()) < 3 || x.Has("") || x.Has("nothing") {
			t.Errorf("%s: %d codes", name, len(x.Codes()))
		}
		for _, c := range x.Codes() {
			if (c.Source == "own list") == c.Verified {
				t.Errorf("%s %s: verified %v, source %q", name, c.Code, c.Verified, c.Source)
			}
		}
	}
	if !slices.IsSorted(Names()) {
		t.Error("the names are not sorted")
	}
	if _, err := Embedded("fraud_type"); err == nil || !strings.Contains(err.Error(), `did you mean "fraud_types"`) {
		t.Errorf("%v", err)
	}
}

func TestSplit(t *testing.T) {
	for value, want := range map[string][]string{
		"":               nil,
		"  ":             nil,
		"01.2":           {"01.2"},
		"02.3,02.4":      {"02.3", "02.4"},
		" V01 ; V02,V03": {"V01", "V02", "V03"},
		"01,,02":         {"01", "", "02"},
		"01,":            {"01", ""},
	} {
		if got := Split(value); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

const good = "code,zh,en,group,source,verified\nA,甲,,,book,yes\nA1,乙,One,A,book,no\n"

func TestReadListsEveryFault(t *testing.T) {
	x, err := Read("good", []byte("\ufeff"+good))
	if err != nil || !x.Has("A1") || len(x.Codes()) != 2 {
		t.Fatalf("%v %v", x, err)
	}
	for text, want := range map[string]string{
		"":             `bad:1:1: the table is empty`,
		"code,zh,en\n": `bad:1:1: the header is`,
		good + "A,,x,,s,yes\nB,,x,,,maybe\nC,,,,s,no\n": `(?s)bad:4:1: code "A" stands in line 2.*bad:5:7: source is empty.*bad:5:8: verified is "maybe".*bad:6:1: code "C" has no title`,
		good + "B,,x,Z,s,yes\n":                         `bad:4:1: group "Z" of code "B" is no code`,
		good + "B,,x,B,s,yes\n":                         `its own group`,
		good + "B;C,,x,,s,yes\n":                        `stand between codes`,
		good + "B,x\n":                                  `bad:4:1: the line has 2 fields: want 6`,
		good + "B,\"x\"y,,,s,yes\nC,,,,s,yes\n":         `(?s)bad:4:5: this is no CSV.*bad:5:1: code "C" has no title`,
		good + "B,\xff,,,s,yes\n":                       `zh is no UTF-8`,
		good + "B,x\x00,,,s,yes\n":                      `cannot be printed`,
		good + " B,x,,,s,yes\n":                         `blanks around it`,
		good + strings.Repeat("B", 33) + ",x,,,s,yes\n": `more than 32 characters`,
		strings.Repeat("x", maxBytes+1):                 `cannot read 1048577 bytes`,
	} {
		_, err := Read("bad", []byte(text))
		var faults strictyaml.Faults
		if !errors.As(err, &faults) || !regexp.MustCompile(want).MatchString(err.Error()) {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
}

func TestReadStopsAtAHundredFaults(t *testing.T) {
	_, err := Read("bad", []byte("code,zh,en,group,source,verified\n"+strings.Repeat(",\n", 5000)))
	var faults strictyaml.Faults
	if !errors.As(err, &faults) || len(faults) != maxFaults {
		t.Errorf("%d faults", len(faults))
	}
}

// FuzzRead reads arbitrary bytes: an accepted table obeys its own rules.
func FuzzRead(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("code,zh,en,group,source,verified\n\"A\"\"\",x,\n"))
	for _, name := range Names() {
		data, err := files.ReadFile("tables/" + name + ".csv")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := Read("fuzz", data)
		if err != nil {
			if len(err.Error()) > 200_000 {
				t.Errorf("a message of %d bytes", len(err.Error()))
			}
			return
		}
		for _, c := range x.Codes() {
			if got := Split(c.Code); len(got) != 1 || got[0] != c.Code {
				t.Errorf("code %q does not survive Split: %q", c.Code, got)
			}
			if c.Group != "" && !x.Has(c.Group) || !x.Has(c.Code) {
				t.Errorf("%+v", c)
			}
		}
	})
}
