// Package policy turns a calibrated probability into a tier, and says where the
// thresholds come from: the costs or the capacity they fit, the past claims
// they were fitted on, who set them, who approved them and for how long. It is
// the 风险筛选阈值 of Application Guideline No. 1, Article 22.
//
// A policy belongs to one version of one model, and is versioned apart from it:
// a retrain moves no threshold, and a threshold moves without a retrain. A tier
// routes a claim; it never refuses or delays one.
package policy
