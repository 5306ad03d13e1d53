package features

import (
	"fmt"
	"strings"

	"claimsieve/datasets"
)

// Dimension is one of the seven risk dimensions of Application Guideline No. 1,
// Article 17. The zero value is no dimension and is refused in a pipeline.
type Dimension uint8

// The risk dimensions (风险维度).
const (
	NoDimension Dimension = iota
	Person                // 相关人员风险
	Vehicle               // 车辆风险
	Accident              // 事故本身风险
	ThirdParty            // 第三方机构风险
	Gang                  // 团伙欺诈风险
	Insider               // 内部人员风险
	Complaint             // 识别不当造成的投诉风险
)

var dimensionNames = [...]string{"", "person", "vehicle", "accident", "third_party", "gang", "insider", "complaint"}

var dimensionTitles = [...]datasets.Title{
	{},
	{EN: "Persons involved", ZH: "相关人员风险"},
	{EN: "Vehicle", ZH: "车辆风险"},
	{EN: "The accident itself", ZH: "事故本身风险"},
	{EN: "Third parties", ZH: "第三方机构风险"},
	{EN: "Gang", ZH: "团伙欺诈风险"},
	{EN: "Insider", ZH: "内部人员风险"},
	{EN: "Complaint by wrong identification", ZH: "识别不当造成的投诉风险"},
}

// Dimensions returns the seven dimensions in their order in the guideline.
func Dimensions() []Dimension {
	return []Dimension{Person, Vehicle, Accident, ThirdParty, Gang, Insider, Complaint}
}

// String returns the dimension's name in files, or "" for NoDimension.
func (d Dimension) String() string {
	if int(d) < len(dimensionNames) {
		return dimensionNames[d]
	}
	return fmt.Sprintf("Dimension(%d)", uint8(d))
}

// Title returns the dimension's name for people.
func (d Dimension) Title() datasets.Title {
	if int(d) < len(dimensionTitles) {
		return dimensionTitles[d]
	}
	return datasets.Title{}
}

// MarshalText writes the name used in files.
func (d Dimension) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the name used in files; "" is NoDimension.
func (d *Dimension) UnmarshalText(text []byte) error {
	for i, n := range dimensionNames {
		if n == string(text) {
			*d = Dimension(i)
			return nil
		}
	}
	return fmt.Errorf("cannot use risk dimension %q: want one of %s", text, strings.Join(dimensionNames[1:], ", "))
}

// Direction says which way the field knows an indicator to point: a higher
// value of an Up indicator never means less fraud. The zero value is Free.
type Direction uint8

// The directions.
const (
	Free Direction = iota // not known, or not monotone
	Up                    // more of it means more fraud
	Down                  // more of it means less fraud
)

var directionNames = [...]string{"free", "up", "down"}

// String returns the direction's name in files.
func (d Direction) String() string {
	if int(d) < len(directionNames) {
		return directionNames[d]
	}
	return fmt.Sprintf("Direction(%d)", uint8(d))
}

// MarshalText writes the name used in files.
func (d Direction) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the name used in files; "" is Free.
func (d *Direction) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Free
		return nil
	}
	for i, n := range directionNames {
		if n == string(text) {
			*d = Direction(i)
			return nil
		}
	}
	return fmt.Errorf("cannot use direction %q: want one of %s", text, strings.Join(directionNames[:], ", "))
}

// Sign returns +1 for Up, -1 for Down and 0 for Free: a monotone constraint.
func (d Direction) Sign() int {
	switch d {
	case Up:
		return 1
	case Down:
		return -1
	}
	return 0
}
