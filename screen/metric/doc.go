// Package metric measures a ranking, a probability or a set of alerts against
// known outcomes.
//
// Arguments are parallel slices: a score or probability per row, the outcome
// y (1 fraud, 0 not fraud, nothing else) and a weight (nil for one each).
// Weights are counts of equal rows: weight 2 gives what the row twice gives,
// intervals included. Sampling weights (one over a propensity) give right
// values and too narrow closed-form intervals: take [Bootstrap] or package
// audit for those. Rows may come in any order. A NaN or infinite score, an
// outcome other than 0 and 1 and a negative or not finite weight are refused
// with the row's index, counted from 0. An alert is a score >= the threshold.
//
// A rate of nothing is NaN and marked Insufficient, never 0. A rate over fewer
// than [MinCases] concluded cases has its value and its mark.
//
// The words of the field:
//
//	[Confusion.Precision]          命中率、精确率、查准率
//	[Confusion.Recall]             召回率、查全率、检出率
//	[Confusion.FalsePositiveRate]  误报率(假阳性率)
//	[Confusion.FalseAlarmRatio]    误报比 (1:n)
//	[Confusion.AlertRate]          预警率、触发率、提调率
//	[Confusion.Lift]               提升度
//	[Confusion.F]                  F1值
//	[ValueDetection]               金额检出率
//	[Costs.Savings]                减损金额、挽回欺诈损失金额
//	[SavingsScore]                 节省率
//	[Ranking.AUC], [Ranking.Gini]  AUC、基尼系数
//	[Ranking.KS]                   KS值
//	[Ranking.AveragePrecision]     PR曲线下面积、平均精确率
//	[Brier], [LogLoss]             布里尔分数、对数损失
//	[ObservedExpected]             偏差率、偏差程度(实际/预期比)
//	[CalibrationError]             期望校准误差
//	[PSI]                          群体稳定性指标
//	[ChainLadder]                  标签成熟度
package metric
