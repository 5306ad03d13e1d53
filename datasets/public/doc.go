// Package public imports public data sets as claimsieve datasets, so that
// published results can be repeated with the same tools that an insurer's own
// history goes through. An importer is strict: what it does not know it
// refuses, with the line, the column and the mend, and it writes nothing
// before the whole file has been understood. What a file does not say and an
// importer has to assume stands among the assumptions in dataset.yaml.
package public
