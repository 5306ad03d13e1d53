package claimsieve

// dependencies is every direct dependency with the reason why it is worth it.
var dependencies = map[string]string{
	"github.com/parquet-go/parquet-go":         "Parquet by its page API: given by the owner, and the fastest reader measured",
	"github.com/apache/arrow/go/v17":           "columnar batches between rooms: given by the owner",
	"github.com/gorilla/mux":                   "HTTP routes: given by the owner",
	"github.com/sjwhitworth/golearn":           "baseline forests and trees: given by the owner",
	"github.com/spf13/cobra":                   "commands, help and completion of the binary",
	"github.com/spf13/pflag":                   "cobra's flags, read one by one for the configuration",
	"github.com/knadh/koanf/v2":                "configuration by flag, environment and file in that order",
	"github.com/knadh/koanf/parsers/yaml":      "the configuration file is YAML",
	"github.com/knadh/koanf/providers/env/v2":  "configuration from CLAIMSIEVE_ variables",
	"github.com/knadh/koanf/providers/file":    "configuration from a file",
	"github.com/schollz/progressbar/v3":        "progress of long work on a terminal",
	"github.com/getkin/kin-openapi":            "tests hold every answer of the server to the OpenAPI document",
	"gonum.org/v1/gonum":                       "distribution functions for intervals and tests",
	"github.com/expr-lang/expr":                "the grammar of expressions; types and evaluation are our own, over whole columns",
	"github.com/santhosh-tekuri/jsonschema/v6": "tests hold the published schema of pipelines to what the reader takes",
	"go.yaml.in/yaml/v3":                       "YAML with the line and column of every value",
	"github.com/andybalholm/brotli":            "brotli pages, decompressed under our own bound before the Parquet reader sees them",
	"golang.org/x/text":                        "Unicode normal forms of narratives",
	"golang.org/x/term":                        "tells whether progress may be drawn",
}
