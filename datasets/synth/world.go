package synth

// world is everything that exists before the first claim.
type world struct {
	cfg               Config
	firstDay, lastDay int // days since 1970; lastDay excluded
	begin, end        int64
	n                 census
	holders           []holder
	rings             []ring
	lanes             [4][8][]lane // by kind and region
	shopsPer          int          // repair shops in each region
	appraisersPer     int
	agentsPer         int
	collectorsPer     int
	staff             staff
	basePolicies      int
	space             uint64 // how many ids a prefix has, see census
}

const daySeconds = 24 * 60 * 60

// newWorld draws the population. The configuration is complete and valid.
func newWorld(cfg Config) *world {
	w := &world{cfg: cfg, begin: cfg.Start.Unix(), end: cfg.end().Unix()}
	w.firstDay, w.lastDay = int(w.begin/daySeconds), int(w.end/daySeconds)
	regions := len(regionWords)
	w.shopsPer = max(3, cfg.Claims/(150*regions))
	w.appraisersPer = max(2, cfg.Claims/(400*regions))
	w.agentsPer = max(3, cfg.Claims/(300*regions))
	w.collectorsPer = max(2, cfg.Claims/(1000*regions))
	w.staff = staffFor(cfg.Claims)
	w.n.slots, w.n.holders = cfg.Claims, cfg.holders()
	w.n.shops, w.n.agents, w.n.collectors = w.shopsPer*regions, w.agentsPer*regions, w.collectorsPer*regions
	w.gather()
	w.basePolicies = w.populate()
	w.space = w.n.space()
	return w
}

// shopIn returns a repair shop of a region; the first ones are the largest.
func (w *world) shopIn(d *dice, region int) int {
	u := d.float()
	return region*w.shopsPer + int(times(times(u, u), float64(w.shopsPer)))
}

func (w *world) appraiserIn(d *dice, region int) int {
	return region*w.appraisersPer + d.below(w.appraisersPer)
}

func (w *world) agentIn(d *dice, region int) int {
	return w.n.agent(region*w.agentsPer + d.below(w.agentsPer))
}

// place returns where in the period an instant is, from 0 to 1.
func (w *world) place(at int64) float64 {
	return max(0, min(1, float64(at-w.begin)/float64(w.end-w.begin)))
}

// dayOf returns the day since 1970 of an instant in seconds.
func dayOf(at int64) int { return int(at / daySeconds) }
