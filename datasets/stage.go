package datasets

import (
	"fmt"
	"strings"
)

// Stage is a point in a claim's life from which a column or an indicator
// exists. Stages are ordered: a model of one stage may use columns of that
// stage and of earlier ones. The zero value is no stage.
type Stage uint8

// The stages of Application Guideline No. 1, Articles 7, 17 and 18.
const (
	NoStage      Stage = iota
	Underwriting       // 承保
	Report             // 报案, first notice of loss
	Survey             // 查勘
	Assessment         // 定损与核赔
	Audit              // 非现场监测和审计
)

var stageNames = [...]string{"", "underwriting", "report", "survey", "assessment", "audit"}
var stageTitlesZH = [...]string{"", "承保", "报案", "查勘", "定损与核赔", "非现场监测和审计"}

// String returns the name used in files, or "" for NoStage.
func (s Stage) String() string {
	if int(s) < len(stageNames) {
		return stageNames[s]
	}
	return fmt.Sprintf("Stage(%d)", uint8(s))
}

// TitleZH returns the stage's Chinese name in the guideline.
func (s Stage) TitleZH() string {
	if int(s) < len(stageTitlesZH) {
		return stageTitlesZH[s]
	}
	return ""
}

// ParseStage returns the stage of that name.
func ParseStage(name string) (Stage, error) {
	for i, n := range stageNames {
		if i > 0 && n == name {
			return Stage(i), nil
		}
	}
	return NoStage, fmt.Errorf("cannot use stage %q: want one of %s", name, strings.Join(stageNames[1:], ", "))
}
