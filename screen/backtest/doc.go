// Package backtest measures a scored table of past claims against what became
// of them, at the threshold of a policy: the deviation record of Application
// Guideline No. 1, Article 22.
//
// It says on what basis each figure stands. A figure about all claims (recall,
// false-positive rate, AUC, average precision, prevalence) needs the truth of
// claims that nobody investigated. It is given when all claims were concluded,
// when an audit arm left propensities to weight by, or under the recorded
// assumption that an unknown claim is honest; otherwise it is not identified.
// Claims too young to have been concluded are left out and counted.
package backtest
