package history

import (
	"math"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
	"claimsieve/features/expression"
	"claimsieve/features/network"
	"claimsieve/features/text"
	"claimsieve/features/window"
)

// Plan is what a compiled pipeline asks of the history. It is immutable once
// compiled and safe for concurrent use.
type Plan struct {
	Digest  string // of the pipeline and the tables that it reads: whoever stores a state stores it
	Stage   datasets.Stage
	Instant string             // column of the claims table with the instant of the vector
	Sources map[string]*Source // the tables that are read, the claims table always
	Spaces  []string           // entities of one space share codes; for people
	Groups  []Group
	Rates   []Rate
	Graph   *Graph // nil when the network is not asked
	Stories []Stories
	Joins   []Join
	Answers int // number of answers; every part says which are its own
}

// Source is what is read of one table: the derivations that groups refer to by
// their place.
type Source struct {
	Name   string
	Spec   *datasets.TableSpec
	Claim  string                // column with the claim's id; "" when rows belong to no claim
	Keys   []Key                 // code columns of entities
	Values []Value               // numbers with fixed digits
	Words  []*expression.Program // words or numbers whose identity counts
	Wheres []*expression.Program // truths; at most 64
	Stages []datasets.Stage      // later stages whose instants are read
	Labels bool                  // the labels of outcomes are read
	Texts  []string              // text columns
}

// Key is a column, or a tuple of columns, whose value names an entity.
type Key struct {
	Space   int
	Columns []string
}

// Value is a number with a fixed count of decimal digits.
type Value struct {
	Source  string // the expression, for messages
	Program *expression.Program
	Digits  int
}

// Group is aggregates over one stream of events by one key.
type Group struct {
	Of    string // table whose rows are events
	Space int    // of the key, or EveryRow or OwnRows

	// Ask is the key of the asking claim: the place among the Keys of AskOf,
	// which is the claims table or a table with rows of the claim.
	AskOf    string
	Ask      int
	AskClock datasets.Stage // the latest stage of the key's columns in AskOf

	// Keys are the places of an event's keys: among the Keys of Of, or of the
	// claims table when Through is set. An event has each different key once.
	Keys    []int
	Through bool

	Own        bool           // the events are the asking claim's own rows in Of, known at the instant or before
	Clock      datasets.Stage // the latest stage of what is read of the event's row
	ClaimClock datasets.Stage // the latest stage of what is read of the event's claim (Through)

	Outcomes *Treatments // not nil: the events are outcomes, with the values concluded and confirmed

	Values     []int // places among the Values of Of
	Words      []int // places among the Words of Of
	Aggregates []window.Aggregate
	Columns    []Column // one per aggregate
}

// Spaces that have no dictionary.
const (
	EveryRow = -1 // all rows have one key
	OwnRows  = -2 // the key is the row's claim
)

// Treatments says which conclusions count in a rate, and as what.
type Treatments struct{ Unknown, Suspected datasets.Treatment }

// Column says what becomes of an aggregate.
type Column struct {
	Answer int     // -1 when only a rate reads it
	Scale  float64 // the aggregate is divided by it; 0 is 1
	Over   Over    // joins several keys of the claim
	Late   bool    // days since something, asked one microsecond late: the instant's own rows were to be seen
}

// value is what an aggregate's answer amounts to.
func (c Column) value(answer float64) float64 {
	if c.Late {
		answer = (math.Round(answer*float64(window.Day)) - 1) / float64(window.Day)
	}
	if c.Scale != 0 {
		answer /= c.Scale
	}
	return answer
}

// Over joins the answers for several keys of a claim.
type Over uint8

// How answers are joined; missing answers are left out.
const (
	OverMax Over = iota
	OverMin
	OverSum
	OverMean
)

// Rate is a smoothed share made of two aggregates of a group.
type Rate struct {
	Answer               int
	Group                int
	Confirmed, Concluded int // places among the group's aggregates
	Prior                float64
	Overall              bool // the prior is the share of OverallGroup
	OverallGroup         int
	OverallConfirmed     int
	OverallConcluded     int
	Strength             float64
}

// Graph is the claims graph of a plan.
type Graph struct {
	Options network.Options
	From    int64               // edges known longer before the instant are not seen; window.Forever sees all
	Gangs   network.GangOptions // of the gangs that indicators look at
	Kinds   []string
	Edges   []EdgeSource
	Asks    []NetworkAsk
}

// EdgeSource is a key of a table that makes edges.
type EdgeSource struct {
	Of    string
	Key   int // place among the Keys of Of
	Kind  uint8
	Clock datasets.Stage
}

// NetworkAsk is one answer of the graph.
type NetworkAsk struct {
	Answer int
	Do     NetworkDo
	Kind   uint8 // AnyKind for all
}

// AnyKind stands for all kinds of entities.
const AnyKind = 255

// NetworkDo names what is asked of the graph. The zero value is nothing.
type NetworkDo uint8

// What may be asked of the graph; docs/features.md says what they mean.
const (
	NetworkClaims NetworkDo = iota + 1
	NetworkEntities
	NetworkShared
	NetworkDegree
	NetworkParties
	NetworkFraud2
	NetworkFraud4
	NetworkHubs
	NetworkCycles
	NetworkRank
	NetworkGangClaims
	NetworkGangConfirmed
)

// Stories is one index of narratives.
type Stories struct {
	Text    int // place among the Texts of the claims table
	Clock   datasets.Stage
	Owner   int // place among the Keys of the claims table; -1 for none
	Options text.Options
	Asks    []TextAsk
}

// TextAsk is one answer of an index.
type TextAsk struct {
	Answer int
	Do     TextDo
}

// TextDo names what is asked of an index. The zero value is nothing.
type TextDo uint8

// What may be asked of an index; docs/features.md says what they mean.
const (
	TextLength TextDo = iota + 1
	TextDigitShare
	TextNear
	TextLikeness
	TextSinceNear
	TextOwnNear
	TextPhrase
	TextPhraseShare
)

// Join is the row of another table that a claim refers to.
type Join struct {
	Table   string
	Ask     int      // place among the Keys of the claims table
	Key     int      // place among the Keys of the table
	Columns []string // that are read, each with the stage from which it is known
	Clock   datasets.Stage
}

// source returns the source of a table; the plan has one for every table that
// it names.
func (p *Plan) source(table string) *Source {
	s := p.Sources[table]
	if s == nil {
		panic("history: BUG: the plan does not read table " + table)
	}
	return s
}

// InstantOf returns the instant of the vector of the one claim in rec,
// datasets.NoTime without one or outside of 1900 to 2199.
func (p *Plan) InstantOf(rec arrow.Record) (int64, error) { return instantOf(rec, p.Instant) }

func (p *Plan) claims() *Source { return p.source(datasets.ClaimsTable) }
