package synth

// census numbers everything that can be shared between claims. People are
// numbered through: holders, one relative each, ring members, agents, clerks
// of repair shops, then outsiders, six to a claim. A person's phone and
// account have the person's number unless several people share one.
type census struct {
	holders, members, agents, shops int
	ringVehicles, slots             int
}

func (n *census) relative(holder int) int { return n.holders + holder }
func (n *census) member(i int) int        { return 2*n.holders + i }
func (n *census) agent(i int) int         { return 2*n.holders + n.members + i }
func (n *census) clerk(shop int) int      { return 2*n.holders + n.members + n.agents + shop }

// outsider is person k (0 to 5) met only in that slot's claim.
func (n *census) outsider(slot, k int) int {
	return 2*n.holders + n.members + n.agents + n.shops + 6*slot + k
}

// Vehicles: one per holder, the rings', then one outsider's per claim.
func (n *census) ringVehicle(i int) int        { return n.holders + i }
func (n *census) outsiderVehicle(slot int) int { return n.holders + n.ringVehicles + slot }

// idSpace is the size of every number space below its prefix.
const idSpace = 100_000_000

// writeID appends a prefix and eight digits. The digits are a permutation of
// the numbers, so that neither their size nor their order tells what they name.
func writeID(to []byte, prefix byte, n int) []byte {
	const factor = 61_803_399 // coprime to idSpace
	id := (int64(n)*factor + int64(prefix)*7_654_321) % idSpace
	to = append(to, prefix)
	for unit := int64(idSpace / 10); unit > 0; unit /= 10 {
		to = append(to, byte('0'+id/unit%10))
	}
	return to
}

// The prefixes of ids.
const (
	personPrefix    = 'H'
	vehiclePrefix   = 'V'
	policyPrefix    = 'P'
	phonePrefix     = 'T'
	accountPrefix   = 'A'
	shopPrefix      = 'S'
	appraiserPrefix = 'E'
)
