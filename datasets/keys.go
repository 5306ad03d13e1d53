package datasets

import "fmt"

// DistinctKeys returns an error that names the row and the key when a key of a
// table stands twice; rows are counted from 1.
func DistinctKeys(table string, keys []string) error {
	first := make(map[string]int, len(keys))
	for i, k := range keys {
		if j, twice := first[k]; twice {
			return fmt.Errorf("cannot use table %q: key %q stands in row %d and again in row %d; remove one (claimsieve data check lists them all)", table, k, j+1, i+1)
		}
		first[k] = i
	}
	return nil
}
