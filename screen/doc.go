// Package screen measures the screening of claims against the outcomes of
// investigations and sets the thresholds that fit them: Application Guideline
// No. 1, Article 22 (根据风险案件筛查的结果与实际案件的稽查结果,测算各风险模型筛查
// 结果的偏差程度,确定更加符合实际的风险筛选阈值).
//
// Its rooms are numbers on slices; they know no tree and no HTTP:
//
//   - metric: how good a ranking, a probability or a set of alerts was, with intervals
//   - calibration: from a margin to a probability, and to a score of 0-1000
//   - policy: thresholds and tiers, how they were fitted, by whom and for how long
//   - audit: the random arm, and what it allows to say about claims nobody looked at
//   - backtest: all of it over a table of scored past claims
//
// Everywhere an outcome is a number, 1 for confirmed fraud and 0 for none;
// weights are nil for one each. What is not known is not a number: rates of
// nothing are NaN and marked, quantities that need outcomes of claims that
// nobody investigated are "not identified" unless an audit arm or a recorded
// assumption supplies them.
package screen
