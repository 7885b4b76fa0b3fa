# What each target does is said beside it; .ci/run does all of it and more.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
TOOL    := go tool -modfile=tools/go.mod
# The race detector leaves the C that was translated to Go out: it is not ours and very slow under it.
RACE    := -race -short -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc=-race=false
FUZZTIME ?= 30000x

.PHONY: help build demo test check format fmt vet lint race generated generate fuzz faults oversell bench

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

build: ## the static binary ./muster
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.release=$(VERSION)' -o muster ./cmd/muster

demo: ## a server with example data
	go run ./cmd/muster demo

test: ## all tests
	go test ./...

check: format vet lint race generated ## what must hold before a push

format: ## no file that gofumpt would change
	@files=$$($(TOOL) gofumpt -l .) && { test -z "$$files" || { echo "gofumpt would change:"; echo "$$files"; exit 1; }; }

fmt: ## format every file
	$(TOOL) gofumpt -w .

vet: ## go vet
	go vet ./...

lint: ## staticcheck
	$(TOOL) staticcheck ./...

race: ## the short tests under the race detector; needs a C compiler
	CGO_ENABLED=1 go test $(RACE) ./...

generate: ## write the generated documents
	go generate ./...

generated: ## the generated documents are what would be generated
	go test -run '^TestGenerated$$' ./internal/docgen

fuzz: ## every fuzz test for FUZZTIME
	.ci/fuzz $(FUZZTIME)

bench: ## Muster against SQLite in C, PocketBase and Postgres; BENCH=-quick to see that it works
	cd bench && go run . $(BENCH)

faults: ## every fault of docs/reliability.md, as often as it says; an hour or so, as root with Postgres for all of them
	MUSTER_FAULTS=long go test -count=1 -v -timeout 4h ./faults

oversell: ## 100,000 attempts of 200 clients to get the last 50 places, on each engine
	MUSTER_FAULTS=long go test -count=1 -v -timeout 2h -run '^TestOversell$$' ./faults
