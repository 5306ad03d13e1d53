// Package codes holds the code tables of claim histories: kinds of fraud, fraud
// flags, risk types of vehicles, persons and institutions, reasons of refusal
// (Application Guideline No. 1, Articles 17 and 26 and its appendix). They are
// CSV files that anybody can edit, each entry with its source and with a word
// on whether the source was verified; a dataset may bring its own in their
// place. What an insurer's systems call by other codes belongs into a table of
// the dataset, not into this program.
package codes
