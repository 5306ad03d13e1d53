package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/gorilla/mux"
)

// contract is openapi.json as an independent validator reads it.
var contract = sync.OnceValues(func() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(context.Background())
})

func document(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// findRoutes finds the operation of a request in the contract.
var findRoutes = sync.OnceValues(func() (routers.Router, error) {
	doc, err := contract()
	if err != nil {
		return nil, err
	}
	return gorillamux.NewRouter(doc)
})

// checkAnswer holds an answer to the contract: its status must be documented,
// its headers and its body must have the documented shape. What no operation
// is for must have the shape of an error.
func checkAnswer(t testing.TB, req *http.Request, status int, header http.Header, body []byte) {
	t.Helper()
	find, err := findRoutes()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"} {
		if header.Get(name) != want {
			t.Errorf("header %s is %q, want %q", name, header.Get(name), want)
		}
	}
	if req.Method == http.MethodHead { // GET without the body, which only a connection strips
		req = req.Clone(req.Context())
		req.Method = http.MethodGet
	}
	route, params, err := find.FindRoute(req)
	if err != nil {
		if status != http.StatusNotFound && status != http.StatusMethodNotAllowed {
			t.Errorf("status %d where the contract has no operation", status)
		}
		checkError(t, body)
		return
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route},
		Status:                 status, Header: header, Body: io.NopCloser(bytes.NewReader(body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	if err := openapi3filter.ValidateResponse(context.Background(), input); err != nil {
		t.Errorf("%s %s: the answer %d breaks the contract: %v\n%s", req.Method, req.URL.Path, status, err, body)
	}
}

// checkError holds a body to the schema of errors.
func checkError(t testing.TB, body []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Errorf("the error is not JSON: %v: %q", err, body)
		return
	}
	if err := document(t).Components.Schemas["Error"].Value.VisitJSON(v, openapi3.EnableJSONSchema2020()); err != nil {
		t.Errorf("the error breaks the contract: %v: %s", err, body)
	}
}

// call sends a request through the handler and checks the answer against the contract.
func call(t testing.TB, s *Server, method, target, body string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequest(method, target, strings.NewReader(body))
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, req)
	checkAnswer(t, req, w.Code, w.Header(), w.Body.Bytes())
	return w
}

// decode reads an answer's body.
func decode[T any](t testing.TB, body []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return v
}

func TestContractIsOpenAPI31(t *testing.T) {
	doc := document(t)
	if !doc.IsOpenAPI31OrLater() {
		t.Errorf("version %s", doc.OpenAPI)
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if op.OperationID == "" || op.Summary == "" {
				t.Errorf("%s %s lacks an identity or a summary", method, path)
			}
			for status, r := range op.Responses.Map() {
				if r.Value.Headers["X-Request-Id"] == nil {
					t.Errorf("%s %s %s lacks the header X-Request-Id", method, path, status)
				}
			}
		}
	}
}

func TestContractExamplesFitTheirSchemas(t *testing.T) {
	seen := 0
	check := func(where string, content openapi3.Content) {
		for _, media := range content {
			for name, example := range media.Examples {
				seen++
				if err := media.Schema.Value.VisitJSON(example.Value.Value, openapi3.EnableJSONSchema2020()); err != nil {
					t.Errorf("%s: example %s: %v", where, name, err)
				}
			}
		}
	}
	for path, item := range document(t).Paths.Map() {
		for method, op := range item.Operations() {
			if op.RequestBody != nil {
				check(method+" "+path, op.RequestBody.Value.Content)
			}
			for status, r := range op.Responses.Map() {
				check(method+" "+path+" "+status, r.Value.Content)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d examples", seen)
	}
}

func TestRoutesAndContractAgree(t *testing.T) {
	documented := []string{}
	for path, item := range document(t).Paths.Map() {
		for method := range item.Operations() {
			documented = append(documented, method+" "+path)
		}
	}
	routed := []string{}
	s := unready(t, emptyRegistry(t), nil)
	err := s.router().Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := route.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := route.GetMethods()
		for _, m := range methods {
			if m != http.MethodHead { // GET routes answer HEAD, says the contract's description
				routed = append(routed, m+" "+path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(documented)
	slices.Sort(routed)
	if !slices.Equal(documented, routed) {
		t.Errorf("documented %v, routed %v", documented, routed)
	}
}

// Every code that the program can send is in the contract, and no other.
func TestContractListsEveryCode(t *testing.T) {
	var listed []string
	for _, v := range document(t).Components.Schemas["Error"].Value.Properties["code"].Value.Enum {
		listed = append(listed, v.(string))
	}
	want := []string{
		codeBadParameter, codeMediaType, codeTooLarge, codeTooSlow, codeBroken, codeNotFound, codeWrongMethod, codeOverloaded, codeNotReady, codeInternal,
		"unknown_field", "wrong_type", "duplicate_field", "out_of_range", "not_json", "missing_key",
	}
	slices.Sort(listed)
	slices.Sort(want)
	if !slices.Equal(listed, want) {
		t.Errorf("listed %v, want %v", listed, want)
	}
}

func TestStatusRoutes(t *testing.T) {
	s := ready(t, nil)
	for path, want := range map[string]string{"/healthz": `"status":"alive"`, "/readyz": `"status":"ready"`, "/openapi.json": `"openapi": "3.1.0"`, "/v1/models": `"version":1`} {
		w := call(t, s, http.MethodGet, path, "")
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if head := call(t, s, http.MethodHead, path, ""); head.Code != http.StatusOK {
			t.Errorf("HEAD %s: %d", path, head.Code)
		}
	}
	got := decode[served](t, call(t, s, http.MethodGet, "/v1/models", "").Body.Bytes())
	if len(got.Models) != 1 {
		t.Fatalf("%+v", got)
	}
	m := got.Models[0]
	if m.Name != "motor" || m.Alias != "champion" || m.Policy.Version != 1 || m.Policy.Thresholds.Investigate != 0.5 || m.Stage.String() != "report" || len(m.Columns) != 7 || m.Key != "claim_id" {
		t.Errorf("%+v", m)
	}
}

func TestUnknownRoutesAndMethods(t *testing.T) {
	s := ready(t, nil)
	for _, path := range []string{"/", "/v1", "/v1/score/", "/v1//score", "/v1/../healthz", "/favicon.ico", "/V1/score"} {
		if w := call(t, s, http.MethodGet, path, ""); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	for _, c := range []struct{ method, path, allow string }{
		{http.MethodGet, "/v1/score", "POST"}, {http.MethodPut, "/v1/score", "POST"}, {http.MethodDelete, "/healthz", "GET, HEAD"},
		{http.MethodPost, "/readyz", "GET, HEAD"}, {http.MethodPatch, "/v1/models", "GET, HEAD"}, {"BREW", "/openapi.json", "GET, HEAD"},
	} {
		w := call(t, s, c.method, c.path, "")
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: %d, allow %q", c.method, c.path, w.Code, w.Header().Get("Allow"))
		}
		if f := decode[failure](t, w.Body.Bytes()); f.Code != codeWrongMethod {
			t.Errorf("%+v", f)
		}
	}
}
