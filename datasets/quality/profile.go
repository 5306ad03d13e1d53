package quality

import (
	"claimsieve/datasets"
)

// ProfileFormat is the version of the profile format that this program writes.
const ProfileFormat = 1

// Profile is what a delivery of a dataset looked like.
type Profile struct {
	Format  int            `json:"format"`
	Dataset string         `json:"dataset"` // its name
	Tables  []TableProfile `json:"tables"`  // those that could be read, in order of name
}

// TableProfile is what a table looked like by month of known_at (UTC). All
// slices that go by month are as long as Months.
type TableProfile struct {
	Name       string   `json:"name"`
	Rows       int      `json:"rows"`
	Months     []string `json:"months"` // as in [datasets.TableMeasure]
	MonthRows  []int    `json:"month_rows"`
	Keyed      bool     `json:"keyed"`       // the table has a key, and digests are of keys with values
	KeyDigests []Digest `json:"key_digests"` // by month: the sum of the fingerprints of the keys; empty without a key
	// KeySketches are, by month, the [sketchKeys] smallest fingerprints of keys,
	// ascending: a random sample of the keys, which is the same in every delivery.
	// Empty without a key and where the key identifies or describes a person.
	KeySketches [][]Digest      `json:"key_sketches,omitempty"`
	TimelyDays  int             `json:"timely_days,omitempty"`
	Timely      []int           `json:"timely,omitempty"`      // by month, of Delayed; empty without happened_at
	Delayed     []int           `json:"delayed,omitempty"`     // by month: rows whose delay is known
	MedianDays  []*float64      `json:"median_days,omitempty"` // by month
	P95Days     []*float64      `json:"p95_days,omitempty"`    // by month
	Columns     []ColumnProfile `json:"columns"`               // in the order of dataset.yaml
}

// ColumnProfile is what a column looked like. Values stand in it only for
// columns of class general whose role is no identifier: quantiles of numbers and
// the most frequent words of categories.
type ColumnProfile struct {
	Name     string             `json:"name"`
	Type     datasets.Type      `json:"type"`
	Class    datasets.DataClass `json:"class"`
	Missing  []int              `json:"missing"`  // by month: null, NaN and the empty text
	Distinct []int              `json:"distinct"` // by month: different values, exact to 256 and within some 6 % above
	// Digests are, by month, sums of fingerprints of values, each with the key of
	// its row where there is one. "" where they are withheld: they would give away
	// values that identify or describe fewer than 20 persons.
	Digests   []Digest    `json:"digests"`
	Quantiles [][]float64 `json:"quantiles,omitempty"` // by month: minimum, quartiles and maximum; empty for a month without values
	// Edges are the upper bounds of the bins of a number, the last bin having
	// none; Words the bins of a category or truth, "other" being one more. One bin
	// more, the last, holds what is missing.
	Edges []float64 `json:"edges,omitempty"`
	Words []string  `json:"words,omitempty"`
	Bins  [][]int   `json:"bins"` // by month and bin
}

// bins returns the number of bins of the column.
func (c *ColumnProfile) bins() int {
	switch {
	case c.Words != nil:
		return len(c.Words) + 2
	case c.Edges != nil:
		return len(c.Edges) + 2
	}
	return 2
}

// table returns the profile of a table, nil when it is not there.
func (p *Profile) table(name string) *TableProfile {
	for i := range p.Tables {
		if p.Tables[i].Name == name {
			return &p.Tables[i]
		}
	}
	return nil
}

// column returns the profile of a column, nil when it is not there. A nil table
// has none.
func (t *TableProfile) column(name string) *ColumnProfile {
	if t == nil {
		return nil
	}
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}
