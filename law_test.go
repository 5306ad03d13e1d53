package claimsieve

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms is the import order of the house: a room imports only rooms to its left.
var rooms = []string{"datasets", "features", "screen", "models", "train", "serve", "cmd"}

// forbidden are imports that the order alone would allow.
var forbidden = map[string][]string{
	"serve":              {"train"}, // a server never links the half that fits
	"screen/metric":      {"datasets", "features", "screen/policy", "screen/backtest"},
	"screen/calibration": {"datasets", "features", "screen/policy", "screen/backtest"},
	"screen/policy":      {"datasets", "features", "screen/backtest"},
	"models/forest":      {"datasets", "features", "screen", "models"},
	"features/window":    {"datasets"},
	"features/network":   {"datasets"},
	"features/text":      {"datasets"},
}

// junk are package names that say nothing about what is inside.
var junk = []string{"util", "utils", "common", "helper", "helpers", "misc", "base", "shared", "core", "types", "service", "manager", "lib"}

type goFile struct {
	path string // relative to the root, with slashes
	test bool
	ast  *ast.File
}

func (f goFile) room() string { return strings.Split(f.path, "/")[0] }
func (f goFile) pkg() string  { return path.Dir(f.path) }

// sources parses every Go file of the module.
func sources(t *testing.T) []goFile {
	t.Helper()
	fset := token.NewFileSet()
	var out []goFile
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if p != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"testdata", "node_modules", "build", "bin"}, d.Name())) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		f, err := parser.ParseFile(fset, p, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		out = append(out, goFile{path: filepath.ToSlash(p), test: strings.HasSuffix(p, "_test.go"), ast: f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("found only %d Go files; run the test in the module's root", len(out))
	}
	return out
}

func imports(f goFile) []string {
	var out []string
	for _, i := range f.ast.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		out = append(out, p)
	}
	return out
}

func within(p, room string) bool { return p == room || strings.HasPrefix(p, room+"/") }

func TestImportOrder(t *testing.T) {
	for _, f := range sources(t) {
		mine := slices.Index(rooms, f.room())
		for _, imp := range imports(f) {
			p, ours := strings.CutPrefix(imp, "claimsieve/")
			if !ours || mine < 0 {
				continue
			}
			theirs := slices.Index(rooms, strings.Split(p, "/")[0])
			if theirs > mine {
				t.Errorf("%s imports %s: %s stands to the right of %s", f.path, p, rooms[theirs], rooms[mine])
			}
			for owner, banned := range forbidden {
				if f.test { // a test may look at the numbers through real claims
					continue
				}
				if f.pkg() != owner && !(owner == "serve" && within(f.pkg(), "serve")) {
					continue
				}
				for _, b := range banned {
					if within(p, b) && !within(p, owner) {
						t.Errorf("%s imports %s: %s may not", f.path, p, owner)
					}
				}
			}
		}
	}
}

// TestServeLinksNoTrainer looks at the whole graph, not only at direct imports.
func TestServeLinksNoTrainer(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "./serve/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range strings.Fields(string(out)) {
		if within(p, "claimsieve/train") || strings.Contains(p, "golearn") {
			t.Errorf("serve links %s", p)
		}
	}
}

func TestEveryRoomStands(t *testing.T) {
	want := []string{
		"cmd/claimsieve", "datasets", "datasets/synth", "datasets/public",
		"features", "features/window", "features/network", "features/text", "features/catalog",
		"screen", "screen/metric", "screen/calibration", "screen/policy", "screen/audit", "screen/backtest",
		"models", "models/forest", "models/explain", "models/formats", "models/registry",
		"train", "train/gbdt", "train/golearn", "train/tune",
		"serve", "serve/ledger", "serve/access", "serve/monitor", "serve/console",
	}
	have := map[string]bool{}
	for _, f := range sources(t) {
		if !f.test {
			have[f.pkg()] = true
		}
	}
	for _, p := range want {
		if !have[p] {
			t.Errorf("the room %s is missing", p)
		}
	}
}

func TestPackagesAreDocumentedAndNamed(t *testing.T) {
	documented, seen := map[string]bool{}, map[string]bool{}
	for _, f := range sources(t) {
		if f.test {
			continue
		}
		seen[f.pkg()] = true
		if f.ast.Doc != nil && len(f.ast.Doc.Text()) > 40 {
			documented[f.pkg()] = true
		}
		if slices.Contains(junk, f.ast.Name.Name) || slices.Contains(junk, path.Base(f.pkg())) {
			t.Errorf("package %s has a name that says nothing", f.pkg())
		}
	}
	for p := range seen {
		if !documented[p] {
			t.Errorf("package %s has no package doc", p)
		}
	}
}

func TestExportsAreDocumented(t *testing.T) {
	for _, f := range sources(t) {
		if f.test || f.ast.Name.Name == "main" {
			continue
		}
		for _, d := range f.ast.Decls {
			for _, name := range undocumented(d) {
				t.Errorf("%s: exported %s has no doc comment", f.path, name)
			}
		}
	}
}

// undocumented returns the exported names of a declaration that lack a comment.
// In a group a comment on the group is enough for constants and variables.
func undocumented(d ast.Decl) []string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
			return []string{d.Name.Name}
		}
	case *ast.GenDecl:
		var out []string
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
					out = append(out, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						out = append(out, n.Name)
					}
				}
			}
		}
		return out
	}
	return nil
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return true
	}
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if gen, ok := typ.(*ast.IndexExpr); ok {
		typ = gen.X
	}
	id, ok := typ.(*ast.Ident)
	return !ok || id.IsExported()
}

// TestOnlyTheCommandReadsTheEnvironment keeps configuration in one place.
func TestOnlyTheCommandReadsTheEnvironment(t *testing.T) {
	for _, f := range sources(t) {
		if f.test || f.room() == "cmd" || f.room() == "internal" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "os" && slices.Contains([]string{"Getenv", "LookupEnv", "Environ"}, s.Sel.Name) {
					t.Errorf("%s reads the environment; only cmd may", f.path)
				}
			}
			return true
		})
	}
}

// TestSizes keeps functions and files small enough to be read in one go.
func TestSizes(t *testing.T) {
	for _, f := range sources(t) {
		data, err := os.ReadFile(f.path)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(data, []byte("\n")); n > 500 {
			t.Errorf("%s has %d lines; 500 is the limit", f.path, n)
		}
		if f.test {
			continue
		}
		start := f.ast.FileStart
		line := func(p token.Pos) int { return 1 + bytes.Count(data[:p-start], []byte("\n")) }
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				if n := line(fn.End()) - line(fn.Pos()) + 1; n > 100 {
					t.Errorf("%s: %s has %d lines; 100 is the limit", f.path, fn.Name.Name, n)
				}
			}
		}
	}
}

// TestDependencies holds go.mod to the list below: every direct dependency has
// a reason, and no reason outlives its dependency.
func TestDependencies(t *testing.T) {
	data, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	direct := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if f := strings.Fields(line); len(f) == 2 && strings.Contains(f[0], ".") && strings.HasPrefix(f[1], "v") {
			direct[f[0]] = true
		}
	}
	for m := range direct {
		if dependencies[m] == "" {
			t.Errorf("go.mod needs %s directly, and the list in dependencies_test.go gives no reason for it", m)
		}
	}
	for m := range dependencies {
		if !direct[m] {
			t.Errorf("the list in dependencies_test.go has %s, which go.mod does not need directly", m)
		}
	}
	if testing.Verbose() {
		fmt.Println(len(direct), "direct dependencies")
	}
}
