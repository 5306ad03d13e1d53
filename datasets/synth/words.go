package synth

// The words of the category columns, in the order of the facts' levels.
var (
	regionWords     = []string{"north", "northeast", "east", "central", "south", "southwest", "northwest", "coast"}
	channelWords    = []string{"agent", "broker", "dealer", "phone", "online"}
	coverWords      = []string{"compulsory", "third_party", "comprehensive"}
	accidentWords   = []string{"rear_end", "side_collision", "single_vehicle", "parked", "scratch", "theft", "flood", "fire", "injury"}
	reporterWords   = []string{"insured", "driver", "repair_shop", "third_party", "agent"}
	weatherWords    = []string{"clear", "rain", "snow", "fog"}
	roadWords       = []string{"urban", "highway", "rural", "parking"}
	severityWords   = []string{"none", "slight", "serious", "fatal"}
	methodWords     = []string{"on_site", "remote"}
	matchWords      = []string{"consistent", "partly", "inconsistent"}
	sceneWords      = []string{"original", "moved", "left"}
	roleWords       = []string{"insured", "driver", "third_party", "reporter", "payee", "injured"}
	whyWords        = []string{"odd", "random", "referral"}
	conclusionWords = []string{"refused_fraud", "withdrawn_fraud", "confirmed_fraud", "suspected", "cleared", "inconclusive", "closed"}
)

// Levels that the mechanism names.
const (
	nightBand = 0

	rearAccident    = 0
	singleAccident  = 2
	parkedAccident  = 3
	scratchAccident = 4
	theftAccident   = 5
	floodAccident   = 6
	fireAccident    = 7
	injuryAccident  = 8

	phoneChannel  = 3
	onlineChannel = 4

	latestDelay = 4

	slightInjury  = 1
	seriousInjury = 2
	fatalInjury   = 3

	driverReporter = 1
	shopReporter   = 2
	thirdReporter  = 3
	agentReporter  = 4
)

// The kinds' names in truth.parquet.
var kindWords = []string{"honest", "opportunist", "staged_ring", "shop_ring"}
