package features

import (
	_ "embed" // the schema
)

// Schema is the JSON Schema (draft 2020-12) of the pipeline format, for
// editors. The program's own reader says more, with places and nearest names.
//
//go:embed pipeline.schema.json
var Schema []byte
