package synth

// census numbers everything that can be shared between claims. People are
// numbered through: holders, one relative each, ring members, agents, clerks
// of repair shops, collectors of payments, then outsiders, six to a claim. A person's phone and
// account have the person's number unless several people share one.
type census struct {
	holders, members, agents, shops, collectors int
	ringVehicles, slots                         int
}

func (n *census) relative(holder int) int { return n.holders + holder }
func (n *census) member(i int) int        { return 2*n.holders + i }
func (n *census) agent(i int) int         { return 2*n.holders + n.members + i }
func (n *census) clerk(shop int) int      { return 2*n.holders + n.members + n.agents + shop }

// collector is somebody who collects payments for others.
func (n *census) collector(i int) int { return n.clerk(n.shops) + i }

// outsider is person k (0 to 5) met only in that slot's claim.
func (n *census) outsider(slot, k int) int {
	return n.collector(n.collectors) + 6*slot + k
}

// Vehicles: one per holder, the rings', then one outsider's per claim.
func (n *census) ringVehicle(i int) int        { return n.holders + i }
func (n *census) outsiderVehicle(slot int) int { return n.holders + n.ringVehicles + slot }

// The sizes of the number spaces below the prefixes: all ids of a portfolio
// have eight digits, or nine where somebody needs them.
const (
	smallSpace = 100_000_000
	largeSpace = 1_000_000_000
)

// people is how many persons are numbered, more than of anything else.
func (n *census) people() int { return n.outsider(n.slots, 0) }

// space returns the size of the number spaces.
func (n *census) space() uint64 {
	if n.people() > smallSpace {
		return largeSpace
	}
	return smallSpace
}

// writeID appends a prefix and the digits of an id. They are a permutation of
// the numbers, so that neither size nor order tells what an id names.
func (w *world) writeID(to []byte, prefix byte, n int) []byte {
	const factor = 61_803_399 // coprime to both spaces
	digits := (uint64(n)*factor + uint64(prefix)*7_654_321) % w.space
	to = append(to, prefix)
	if w.space == largeSpace {
		to = append(to, byte('0'+digits/smallSpace))
	}
	return appendDigits(to, uint32(digits%smallSpace))
}

// appendDigits appends the eight digits of a number below smallSpace.
func appendDigits(to []byte, n uint32) []byte {
	var digits [8]byte
	for i := 7; i >= 0; i-- {
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	return append(to, digits[:]...)
}

// writeClaimID appends the id of the i-th reported claim.
func writeClaimID(to []byte, i int) []byte { return appendDigits(append(to, 'M'), uint32(i+1)) }

// The prefixes of ids.
const (
	personPrefix    = 'H'
	vehiclePrefix   = 'V'
	policyPrefix    = 'P'
	phonePrefix     = 'T'
	accountPrefix   = 'A'
	shopPrefix      = 'S'
	appraiserPrefix = 'E'

	branchPrefix      = 'B'
	brokerPrefix      = 'K'
	handlerPrefix     = 'N'
	surveyorPrefix    = 'U'
	hospitalPrefix    = 'O'
	institutionPrefix = 'J'
)
