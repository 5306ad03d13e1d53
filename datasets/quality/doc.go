// Package quality says how a delivery of a claim history stands beside an
// earlier one, and shows the quality of both. A [Profile] is what one delivery
// looked like, by table, column and month, without a value that identifies or
// describes a person; [Compare] finds what vanished, what was changed, what has
// shifted and what comes later than before (Application Guideline No. 1, Article
// 14: no concealed, changed or late reports); [WritePage] draws the five
// dimensions of data quality that [datasets.Check] measures. Nothing here
// changes data.
package quality
