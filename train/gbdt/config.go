package gbdt

// Metric is what early stopping watches on the validation samples.
type Metric string

// The metrics. They bear LightGBM's names.
const (
	MetricLogLoss Metric = "binary_logloss" // mean weighted log loss in nats, lower is better
	MetricAUC     Metric = "auc"            // area under the ROC curve, higher is better
)

// Config is every setting that changes the model, under LightGBM's names. Zero
// means something in many of them, so begin with [DefaultConfig]; the zero
// Config is not valid.
type Config struct {
	NumIterations int     `yaml:"num_iterations" json:"num_iterations"` // most trees
	LearningRate  float64 `yaml:"learning_rate" json:"learning_rate"`   // factor of every leaf value
	NumLeaves     int     `yaml:"num_leaves" json:"num_leaves"`         // most leaves of a tree
	MaxDepth      int     `yaml:"max_depth" json:"max_depth"`           // most splits on a path; -1 and 0 mean no limit

	MinDataInLeaf       int     `yaml:"min_data_in_leaf" json:"min_data_in_leaf"` // rows, not weight
	MinSumHessianInLeaf float64 `yaml:"min_sum_hessian_in_leaf" json:"min_sum_hessian_in_leaf"`
	LambdaL1            float64 `yaml:"lambda_l1" json:"lambda_l1"`
	LambdaL2            float64 `yaml:"lambda_l2" json:"lambda_l2"`
	MinGainToSplit      float64 `yaml:"min_gain_to_split" json:"min_gain_to_split"`

	MaxBin       int `yaml:"max_bin" json:"max_bin"`                 // most bins of a numeric column, that of NaN included
	MinDataInBin int `yaml:"min_data_in_bin" json:"min_data_in_bin"` // rows

	FeatureFraction float64 `yaml:"feature_fraction" json:"feature_fraction"` // share of the columns drawn for each tree
	BaggingFraction float64 `yaml:"bagging_fraction" json:"bagging_fraction"` // share of the rows drawn, without replacement
	BaggingFreq     int     `yaml:"bagging_freq" json:"bagging_freq"`         // rows are drawn anew every so many trees; 0 never

	EarlyStoppingRound int    `yaml:"early_stopping_round" json:"early_stopping_round"` // trees without a better metric; 0 never stops
	Metric             Metric `yaml:"metric" json:"metric"`

	CatSmooth       float64 `yaml:"cat_smooth" json:"cat_smooth"`
	CatL2           float64 `yaml:"cat_l2" json:"cat_l2"`
	MaxCatThreshold int     `yaml:"max_cat_threshold" json:"max_cat_threshold"` // most codes on the left side
	MaxCatToOnehot  int     `yaml:"max_cat_to_onehot" json:"max_cat_to_onehot"`
	MinDataPerGroup int     `yaml:"min_data_per_group" json:"min_data_per_group"` // rows

	BoostFromAverage bool    `yaml:"boost_from_average" json:"boost_from_average"` // begin at the log-odds of the weighted mean outcome
	ScalePosWeight   float64 `yaml:"scale_pos_weight" json:"scale_pos_weight"`     // factor of the weight of rows with outcome 1

	// MonotoneConstraints has one number per column, 1 where the score may only
	// rise with the column, -1 where it may only fall, 0 where it is free; nil
	// frees all. The method is LightGBM's "basic": a split on such a column
	// bounds the leaves below it by the mean of its two sides. NaN is outside
	// the order. Categorical columns must be free.
	MonotoneConstraints []int `yaml:"monotone_constraints,omitempty" json:"monotone_constraints,omitempty"`

	Seed uint64 `yaml:"seed" json:"seed"` // of bagging_fraction and feature_fraction; nothing else is random
}

// DefaultConfig returns LightGBM's defaults.
func DefaultConfig() Config {
	return Config{
		NumIterations:       100,
		LearningRate:        0.1,
		NumLeaves:           31,
		MaxDepth:            -1,
		MinDataInLeaf:       20,
		MinSumHessianInLeaf: 1e-3,
		MaxBin:              255,
		MinDataInBin:        3,
		FeatureFraction:     1,
		BaggingFraction:     1,
		Metric:              MetricLogLoss,
		CatSmooth:           10,
		CatL2:               10,
		MaxCatThreshold:     32,
		MaxCatToOnehot:      4,
		MinDataPerGroup:     100,
		BoostFromAverage:    true,
		ScalePosWeight:      1,
	}
}

// Runtime is every setting that changes only speed and what is seen meanwhile,
// never the model.
type Runtime struct {
	// Threads is the most goroutines that work at once; <= 0 means one per processor.
	Threads int
	// Progress, when not nil, is called after each tree, from the goroutine that
	// called [Fit], which waits for it.
	Progress func(Iteration)
}
