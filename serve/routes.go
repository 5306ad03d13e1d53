package serve

import (
	_ "embed"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"
)

// openAPI is the contract, written by hand.
//
//go:embed openapi.json
var openAPI []byte

// router has the routes of openapi.json and no others. GET routes answer HEAD too.
func (s *Server) router() *mux.Router {
	r := mux.NewRouter().SkipClean(true) // a path that is not quite a route is no route, rather than a redirect
	for _, e := range []struct {
		method, path string
		handle       http.HandlerFunc
	}{
		{http.MethodPost, "/v1/score", s.score},
		{http.MethodGet, "/v1/models", s.models},
		{http.MethodGet, "/healthz", s.healthz},
		{http.MethodGet, "/readyz", s.readyz},
		{http.MethodGet, "/openapi.json", s.openapi},
	} {
		methods := []string{e.method}
		if e.method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
		r.Handle(e.path, routed(e.path, e.handle)).Methods(methods...)
	}
	r.NotFoundHandler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		s.fail(w, req, &failure{status: http.StatusNotFound, Code: codeNotFound, Message: "there is no such route: /openapi.json lists them"})
	})
	r.MethodNotAllowedHandler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		allowed := strings.Join(allowedMethods(r, req), ", ")
		w.Header().Set("Allow", allowed)
		s.fail(w, req, &failure{status: http.StatusMethodNotAllowed, Code: codeWrongMethod, Message: "this route takes " + allowed})
	})
	return r
}

// routed notes the route's template for the log.
func routed(path string, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if t := traceOf(r); t != nil {
			t.route = path
		}
		next(w, r)
	})
}

// allowedMethods returns the methods under which the request would match.
func allowedMethods(routes *mux.Router, req *http.Request) []string {
	var out []string
	_ = routes.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error { // the function returns no error
		if path, err := route.GetPathTemplate(); err == nil && path == req.URL.Path {
			methods, _ := route.GetMethods() // all routes have methods
			out = append(out, methods...)
		}
		return nil
	})
	slices.Sort(out)
	return slices.Compact(out)
}
