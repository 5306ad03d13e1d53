package features

import (
	"claimsieve/datasets"
)

// FormatVersion is the version of the pipeline format that this program reads and writes.
const FormatVersion = 1

// Spec is a pipeline as written: the indicators of one stage, in order.
type Spec struct {
	Format     int             `yaml:"format" json:"format"`
	Name       string          `yaml:"name" json:"name"`
	Title      datasets.Title  `yaml:"title,omitempty" json:"title"`
	Stage      datasets.Stage  `yaml:"stage" json:"stage"` // the stage at which the vector is taken
	Network    *GraphSpec      `yaml:"network,omitempty" json:"network,omitempty"`
	Indicators []IndicatorSpec `yaml:"indicators" json:"indicators"`
}

// IndicatorSpec declares one indicator. Exactly one of Column, Category, Expr,
// Days, Calendar, Aggregate, Rate, Network, Text and Rule says where its value
// comes from; docs/features.md says what they mean.
type IndicatorSpec struct {
	Name string `yaml:"name" json:"name"`

	Column   string        `yaml:"column,omitempty" json:"column,omitempty"`     // a number or bool column as it is
	Category string        `yaml:"category,omitempty" json:"category,omitempty"` // a category, bool or int column as a code
	Expr     string        `yaml:"expr,omitempty" json:"expr,omitempty"`         // see features/expression
	Days     *DaysSpec     `yaml:"days,omitempty" json:"days,omitempty"`
	Calendar *CalendarSpec `yaml:"calendar,omitempty" json:"calendar,omitempty"`

	Aggregate *AggregateSpec `yaml:"aggregate,omitempty" json:"aggregate,omitempty"`
	Rate      *RateSpec      `yaml:"rate,omitempty" json:"rate,omitempty"`
	Network   *NetworkSpec   `yaml:"network,omitempty" json:"network,omitempty"`
	Text      *TextSpec      `yaml:"text,omitempty" json:"text,omitempty"`
	Rule      string         `yaml:"rule,omitempty" json:"rule,omitempty"` // a truth over columns and indicators

	// MinCount is the number of training rows that a word of a category needs
	// to get a code of its own; rarer words are read as unseen. 0 means 1.
	MinCount int `yaml:"min_count,omitempty" json:"min_count,omitempty"`

	Title     datasets.Title     `yaml:"title,omitempty" json:"title"`
	Stage     datasets.Stage     `yaml:"stage,omitempty" json:"stage,omitempty"` // from which it exists; NoStage means that of what it reads
	Dimension Dimension          `yaml:"dimension" json:"dimension"`
	Direction Direction          `yaml:"direction,omitempty" json:"direction,omitempty"`
	Class     datasets.DataClass `yaml:"class,omitempty" json:"class,omitempty"`
	Source    string             `yaml:"source,omitempty" json:"source,omitempty"` // article that names the indicator

	line int // where it stands in its file; 0 when it was not read from one
}

// DaysSpec is the number of days from one Time or Date column to another:
// negative when To lies before From, with a fraction when either is an
// instant, missing when either is null.
type DaysSpec struct {
	From string `yaml:"from" json:"from"`
	To   string `yaml:"to" json:"to"`
}

// CalendarSpec is a part of the instant in a Time or Date column, in UTC.
type CalendarSpec struct {
	Of   string `yaml:"of" json:"of"`
	Part string `yaml:"part" json:"part"` // hour (0-23), weekday (Monday 0 - Sunday 6), day (1-31), month (1-12)
}
