// Package identifier checks the numbers by which people, vehicles, institutions
// and accounts are named in mainland China: their form and, where the standard
// has one, their check character. It says whether a number can exist, never
// whether it was issued or to whom. It keeps nothing, and no error repeats a
// number in full: the numbers are personal data.
package identifier
