package datasets

// Raw is [Dataset.Table] for programs that look at faults: null keys, which
// Table refuses, are read as they are.
func (d *Dataset) Raw(table string, columns ...string) (*Table, error) {
	return d.read(table, columns...)
}
