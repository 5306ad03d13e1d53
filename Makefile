# claimsieve: make alone prints this help.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

export CGO_ENABLED := 0
GO     ?= go
PYTHON := .venv/bin/python
FUZZTIME ?= 30s

help: ## print this help
	@echo "claimsieve: fraud scoring models for insurance claims, trained, calibrated and served"
	@echo
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

build: ## build bin/claimsieve, a static binary
	@mkdir -p bin
	$(GO) build -trimpath -o bin/claimsieve ./cmd/claimsieve

demo: build ## the whole story on simulated claims, ending in a server on :8080 (Ctrl-C stops it)
	./bin/claimsieve demo

setup: .venv/.ready node_modules/.ready ## install what the tests need: apt packages as root on Debian, Python and npm packages

.venv/.ready: requirements.txt tools/setup.sh
	bash tools/setup.sh compiler
	bash tools/setup.sh python
	@touch $@

node_modules/.ready: package.json package-lock.json tools/setup.sh
	bash tools/setup.sh npm
	@touch $@

test: setup lint ## lint, then all tests with real parts, notebooks included
	CLAIMSIEVE_PYTHON=$(CURDIR)/$(PYTHON) $(GO) test -timeout 20m ./...
	CLAIMSIEVE_PYTHON=$(CURDIR)/$(PYTHON) CGO_ENABLED=1 $(GO) test -race -timeout 10m ./serve/... ./models/...
	CGO_ENABLED=1 $(GO) test -race -timeout 10m -run 'Thread|Bootstrap' ./train/gbdt ./screen/metric
	CGO_ENABLED=1 $(GO) test -race -timeout 10m -run 'Race|ManyAsk|Late|Refresher|Concurrent' ./features/history ./features/network ./features/window ./features/text

lint: ## gofmt, go vet, staticcheck
	@files=$$(git ls-files -co --exclude-standard '*.go'); unformatted=$$(gofmt -l $$files); \
	  if [ -n "$$unformatted" ]; then echo "not formatted: $$unformatted; run make fmt" >&2; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

fuzz: ## run every fuzz target for FUZZTIME (30s) each
	bash tools/fuzz.sh $(FUZZTIME)

bench: bench-train bench-features ## run every comparison with a peer

bench-train: .venv/.ready ## training time and quality beside LightGBM (needs the data folder of its binary example)
	@mkdir -p bin
	$(GO) build -o bin/trainbench ./bench/trainbench
	$(PYTHON) bench/train.py bin/trainbench "$${CLAIMSIEVE_DATA:-../shared/data}/lightgbm-binary"

bench-features: .venv/.ready build ## indicators and Parquet beside DuckDB and Polars, 1M claims; SCALE=10M adds ten million; ROWS="windows parquet" runs some
	$(GO) build -trimpath -o bin/featurebench ./bench/featurebench
	$(PYTHON) bench/features.py bin/claimsieve bin/featurebench build/bench $(ROWS)

fmt: ## format the Go code
	gofmt -w $$(git ls-files -co --exclude-standard '*.go')

clean: ## remove what build, setup and demo made
	rm -rf bin build demo .venv node_modules

.PHONY: help build demo setup test lint fuzz bench bench-train bench-features fmt clean
