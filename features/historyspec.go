package features

import "claimsieve/datasets"

// Keys is one column or a tuple of columns.
type Keys []string

// Single lets a single column be written without brackets.
func (Keys) Single() {}

// AggregateSpec is a number about rows of a table that were known before the
// vector's instant and share a key with the claim.
type AggregateSpec struct {
	Of      string `yaml:"of,omitempty" json:"of,omitempty"` // the table; "" is the claims table
	By      Keys   `yaml:"by" json:"by"`
	As      string `yaml:"as,omitempty" json:"as,omitempty"` // role in which rows may have the key
	Window  Window `yaml:"window,omitempty" json:"window"`
	Against Window `yaml:"against,omitempty" json:"against,omitzero"` // growth only
	Where   string `yaml:"where,omitempty" json:"where,omitempty"`    // truth over the table's columns
	Do      string `yaml:"do" json:"do"`
	Column  string `yaml:"column,omitempty" json:"column,omitempty"` // expression over the table's columns
	Digits  *int   `yaml:"digits,omitempty" json:"digits,omitempty"` // decimal digits kept of numbers; nil is 0 for int columns, else 4
	Over    string `yaml:"over,omitempty" json:"over,omitempty"`     // joins the answers of several keys; "" is max
}

// RateSpec is the share of confirmed fraud among the concluded earlier claims
// of a key.
type RateSpec struct {
	By        Keys               `yaml:"by" json:"by"`
	As        string             `yaml:"as,omitempty" json:"as,omitempty"`
	Window    Window             `yaml:"window,omitempty" json:"window"`
	Do        string             `yaml:"do,omitempty" json:"do,omitempty"` // share (""), confirmed, concluded
	Prior     Prior              `yaml:"prior,omitempty" json:"prior"`
	Strength  *float64           `yaml:"strength,omitempty" json:"strength,omitempty"` // nil is 10
	Unknown   datasets.Treatment `yaml:"unknown,omitempty" json:"unknown"`
	Suspected datasets.Treatment `yaml:"suspected,omitempty" json:"suspected"`
}

// GraphSpec declares the pipeline's graph of claims and entities. A zero field
// means the default that features/network documents.
type GraphSpec struct {
	Over       Keys    `yaml:"over" json:"over"`
	Window     Window  `yaml:"window,omitempty" json:"window"`
	HubDegree  int     `yaml:"hub_degree,omitempty" json:"hub_degree,omitempty"`
	MaxEdges   int     `yaml:"max_edges,omitempty" json:"max_edges,omitempty"`
	PartyHops  int     `yaml:"party_hops,omitempty" json:"party_hops,omitempty"`
	Damping    float64 `yaml:"damping,omitempty" json:"damping,omitempty"`
	LinkDegree int     `yaml:"link_degree,omitempty" json:"link_degree,omitempty"` // of gangs; 0 is 10
	Refresh    string  `yaml:"refresh,omitempty" json:"refresh,omitempty"`         // month, the only one
}

// NetworkSpec asks the graph.
type NetworkSpec struct {
	Do   string `yaml:"do" json:"do"`
	Kind string `yaml:"kind,omitempty" json:"kind,omitempty"` // of entity: a role up to its first dot
	Hops int    `yaml:"hops,omitempty" json:"hops,omitempty"` // fraud only: 2 or 4
}

// TextSpec asks an index of narratives.
type TextSpec struct {
	Of           string  `yaml:"of" json:"of"`                           // a text column of the claims table
	Owner        string  `yaml:"owner,omitempty" json:"owner,omitempty"` // whose story it is
	Do           string  `yaml:"do" json:"do"`
	Threshold    float64 `yaml:"threshold,omitempty" json:"threshold,omitempty"`
	Shingle      int     `yaml:"shingle,omitempty" json:"shingle,omitempty"`
	PhraseLength int     `yaml:"phrase_length,omitempty" json:"phrase_length,omitempty"`
	Keep         Reach   `yaml:"keep,omitempty" json:"keep"`
}
