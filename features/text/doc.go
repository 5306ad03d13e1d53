// Package text is the room for indicators over narratives: near duplicates
// among earlier claims, length, repeated phrases, in Chinese as in English.
// The pipelines of today declare no text indicator; the compiler refuses the
// word.
package text
