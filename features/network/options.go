package network

import (
	"errors"
	"fmt"
	"math"
)

// MaxKinds is the number of entity kinds that a graph tells apart; kinds are
// 0 to MaxKinds-1.
const MaxKinds = 16

// MaxClaimEntities is the largest number of different entities that one claim
// may name. It bounds the work of folding an edge and of a question.
const MaxClaimEntities = 1024

// Options says what a graph counts. All of it changes indicators, and therefore
// a model: it is stored in a snapshot. A zero field means its default.
type Options struct {
	// HubDegree is the largest number of other claims that an entity connects,
	// 1 to 1e6; 0 means 60.
	HubDegree int
	// MaxEdges bounds the edges that the walk of one question follows, 1 to
	// 1e8; 0 means 512. A hop that does not fit is not begun, but for the first
	// one from own entities to other claims: that one is always walked, and
	// HubDegree bounds it.
	MaxEdges int
	// PartyHops is the distance within which Indicators.Parties counts
	// entities, odd from 3 to 99; 0 means 3.
	PartyHops int
	// Damping is BiRank's alpha, the weight of the graph against the restart,
	// above 0 and at most 0.99; 0 means 0.85.
	Damping float64
	// Tolerance bounds the Euclidean distance of the claims' BiRank scores to
	// the exact solution, 1e-12 to 0.1; 0 means 1e-6.
	Tolerance float64
}

// withDefaults writes the defaults out.
func (o Options) withDefaults() Options {
	if o.HubDegree == 0 {
		o.HubDegree = 60
	}
	if o.MaxEdges == 0 {
		o.MaxEdges = 512
	}
	if o.PartyHops == 0 {
		o.PartyHops = 3
	}
	if o.Damping == 0 {
		o.Damping = 0.85
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-6
	}
	return o
}

// Validate lists every setting that is out of its bounds, in one error.
func (o Options) Validate() error {
	o = o.withDefaults()
	var faults []error
	whole := func(name string, v, low, high int) {
		if v < low || v > high {
			faults = append(faults, fmt.Errorf("cannot use %s %d: it must be %d to %d", name, v, low, high))
		}
	}
	whole("HubDegree", o.HubDegree, 1, 1e6)
	whole("MaxEdges", o.MaxEdges, 1, 1e8)
	whole("PartyHops", o.PartyHops, 3, 99)
	if o.PartyHops%2 == 0 {
		faults = append(faults, fmt.Errorf("cannot use PartyHops %d: entities lie at odd distances; use %d", o.PartyHops, o.PartyHops+1))
	}
	if !(o.Damping > 0 && o.Damping <= 0.99) {
		faults = append(faults, fmt.Errorf("cannot use Damping %v: it must be above 0 and at most 0.99", o.Damping))
	}
	if !(o.Tolerance >= 1e-12 && o.Tolerance <= 0.1) || math.IsNaN(o.Tolerance) {
		faults = append(faults, fmt.Errorf("cannot use Tolerance %v: it must be 1e-12 to 0.1", o.Tolerance))
	}
	return errors.Join(faults...)
}
