package catalog

import (
	"strings"
	"testing"
)

// TestEveryPipelineIsWhole reads every pipeline of the catalogue; each
// indicator needs both titles, because users see them.
func TestEveryPipelineIsWhole(t *testing.T) {
	if len(Names()) < 2 {
		t.Fatalf("the catalogue has only %v", Names())
	}
	for _, name := range Names() {
		spec, err := Open(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if spec.Name != name {
			t.Errorf("the pipeline in %s.yaml calls itself %q", name, spec.Name)
		}
		for _, ind := range spec.Indicators {
			if ind.Title.EN == "" || ind.Title.ZH == "" {
				t.Errorf("%s: indicator %s lacks a title in English or Chinese", name, ind.Name)
			}
		}
	}
}

func TestUnknownNameIsAnsweredWithTheNearest(t *testing.T) {
	_, err := Open("moter")
	if err == nil || !strings.Contains(err.Error(), `did you mean "motor"?`) {
		t.Errorf("got %v", err)
	}
}
