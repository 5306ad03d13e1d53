// Package datasets says what a claim history is: tables of typed columns, the
// two clocks of every row (when it happened, when it became known), the stage
// from which a column exists, and the outcomes of investigations. It reads and
// writes Parquet as arrow records and checks a history against its
// dataset.yaml.
package datasets
