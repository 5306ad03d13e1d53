// Package explain says which indicators moved a score, and by how much: exact
// path-dependent TreeSHAP, and the choice of reasons from it. It takes forests
// and vectors and knows nothing of claims; the texts of reasons are made
// elsewhere.
package explain
