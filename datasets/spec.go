package datasets

// FormatVersion is the version of the dataset.yaml format that this program writes.
const FormatVersion = 1

// Title is a name for people, in English and Chinese.
type Title struct {
	EN string `yaml:"en,omitempty" json:"en,omitempty"`
	ZH string `yaml:"zh,omitempty" json:"zh,omitempty"`
}

// Spec is a dataset.yaml: what a claim history is called, where its tables lie
// and what their columns mean. Insurers map their own column names here.
type Spec struct {
	Format      int                   `yaml:"format" json:"format"`
	Name        string                `yaml:"name" json:"name"`
	Title       Title                 `yaml:"title,omitempty" json:"title"`
	Line        string                `yaml:"line,omitempty" json:"line,omitempty"`     // line of business: motor, health, property
	Source      string                `yaml:"source,omitempty" json:"source,omitempty"` // where the data came from, for people
	Assumptions []string              `yaml:"assumptions,omitempty" json:"assumptions,omitempty"`
	Tables      map[string]*TableSpec `yaml:"tables" json:"tables"`
	Codes       map[string]string     `yaml:"codes,omitempty" json:"codes,omitempty"`     // code tables of the dataset's own, by name: CSV files below its folder
	Quality     *Quality              `yaml:"quality,omitempty" json:"quality,omitempty"` // which findings block, and when a row is late; nil for the defaults
}

// TableSpec is one table of a dataset. The table named "claims" is needed;
// "outcomes" is needed to train and has the columns claim_id, concluded_at,
// conclusion and, where they exist, fraud_flag, fraud_types,
// recovered_amount, paid_amount, refused, refusal_reason, vehicle_risk_codes,
// person_risk_codes, institution_risk_codes, why_investigated, propensity.
type TableSpec struct {
	Files      []string `yaml:"files" json:"files"`                                 // paths or globs below the dataset's folder
	Key        string   `yaml:"key,omitempty" json:"key,omitempty"`                 // column that identifies a row; "" when none does
	HappenedAt string   `yaml:"happened_at,omitempty" json:"happened_at,omitempty"` // Time or Date column: when it happened
	KnownAt    string   `yaml:"known_at" json:"known_at"`                           // Time or Date column: when it became known
	// Stages names, for stages after the one at which a row becomes known, the
	// Time or Date column that says when the row reached the stage. A value of a
	// column of that stage is known from then on, never before.
	Stages  map[Stage]string `yaml:"stages,omitempty" json:"stages,omitempty"`
	Columns []ColumnSpec     `yaml:"columns" json:"columns"`
}

// ColumnSpec is one column of a table.
type ColumnSpec struct {
	Name  string    `yaml:"name" json:"name"`                     // the name used everywhere in claimsieve
	From  string    `yaml:"from,omitempty" json:"from,omitempty"` // the name in the Parquet file; Name when empty
	Type  Type      `yaml:"type" json:"type"`
	Stage Stage     `yaml:"stage,omitempty" json:"stage,omitempty"` // from which stage it exists; Report when empty
	Role  string    `yaml:"role,omitempty" json:"role,omitempty"`   // entity that an ID column names: vehicle, person.driver, repair_shop, ...
	Class DataClass `yaml:"class,omitempty" json:"class,omitempty"`
	Codes string    `yaml:"codes,omitempty" json:"codes,omitempty"` // code table that the values are of; "" for none, or for what the outcomes' column means
	Title Title     `yaml:"title,omitempty" json:"title"`
}

// DataClass says how a column's values are to be protected. Sources: PIPL
// Article 28 and the classes of 金规〔2024〕24号. The zero value is General.
type DataClass uint8

// The data classes.
const (
	General   DataClass = iota // 一般: may be shown to every role
	Personal                   // identifies or describes a person
	Sensitive                  // 敏感: health, accounts, location, minors
)

// Column returns the column of that name, or nil.
func (t *TableSpec) Column(name string) *ColumnSpec {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

// StageTime returns the column that says when a row reached a stage: KnownAt up
// to Report, else what Stages names, "" when nothing does.
func (t *TableSpec) StageTime(s Stage) string {
	if s <= Report {
		return t.KnownAt
	}
	return t.Stages[s]
}

// FileColumn returns the column's name in the Parquet file.
func (c *ColumnSpec) FileColumn() string {
	if c.From != "" {
		return c.From
	}
	return c.Name
}

// FromStage returns the stage from which the column exists: Report unless it says otherwise.
func (c *ColumnSpec) FromStage() Stage {
	if c.Stage == NoStage {
		return Report
	}
	return c.Stage
}
