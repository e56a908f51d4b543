# `make test` does everything that has to pass before a change lands. Each part
# can be run alone; `make help` lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BUF := go run github.com/bufbuild/buf/cmd/buf@v1.75.0
STATICCHECK := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := go run golang.org/x/vuln/cmd/govulncheck@v1.9.0
PROTOVALIDATE := github.com/bufbuild/protovalidate@v1.2.2

# Branch or commit that `make breaking` compares the contract with; where that is
# what is checked out, as in a clone of it, the commit before.
BASE ?= origin/main

.PHONY: help
help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: test
test: prerequisites fmt vet lint proto-check breaking unit vuln demo ## Everything that has to pass before a change lands

# What a change most often breaks. With warm caches it takes less than a minute: the tests of
# the law and the contract try fewer examples with -short, and none is left out. CI runs
# `make test`, without -short.
.PHONY: quick
quick: fmt ## Build, vet and format, and test the house, the contract, the law and the texts
	go build ./...
	go vet ./...
	go test -short ./internal ./internal/law/... ./internal/speech/catalogue ./proto/...
	go test -short -run 'Language|Catalogue' ./cmd/liaison

# The race detector and PKCS#11 need a C compiler, the tests of keys in a security
# module SoftHSM, those of other languages Node, those of the second archive the
# programs of PostgreSQL, which the tests start by themselves, and those of the report's page a
# browser and a font with Arabic letters. Everything else comes through the Go proxy and npm.
.PHONY: prerequisites
prerequisites: ## Install what the machine lacks (Debian)
	@missing=""; \
	command -v gcc >/dev/null || missing="$$missing gcc libc6-dev"; \
	command -v softhsm2-util >/dev/null || missing="$$missing softhsm2"; \
	command -v npm >/dev/null || missing="$$missing nodejs npm"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	[ -n "$$(find /usr/share/fonts '(' -name 'NotoSansArabic*' -o -name DejaVuSans.ttf ')' -print -quit 2>/dev/null)" ] || missing="$$missing fonts-dejavu-core"; \
	if [ -n "$$missing" ]; then \
		echo "installing$$missing"; \
		sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$sudo apt-get update -q && $$sudo apt-get install -y -q --no-install-recommends $$missing; \
	fi

.PHONY: unit
unit: .tools/grpcurl .tools/age .tools/vectors/node_modules ## All Go tests with the race detector
	go test -race -timeout 20m ./...

.PHONY: fmt
fmt: ## Check the formatting of the Go files
	@files=$$(gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go')); \
	if [ -n "$$files" ]; then echo "gofmt would change:"; echo "$$files"; exit 1; fi

.PHONY: vet
vet: ## Run go vet
	go vet ./...

.PHONY: lint
lint: ## Run staticcheck with staticcheck.conf
	$(STATICCHECK) ./...

.PHONY: vuln
vuln: ## Look up known vulnerabilities of what is called, where the database can be had
	@if out=$$($(GOVULNCHECK) ./... 2>&1); then echo "$$out"; \
	elif grep -qE 'vuln.go.dev|dial tcp|no such host|connection refused|proxyconnect|Forbidden|fetching' <<<"$$out"; then \
		echo "govulncheck: skipped, its database cannot be reached from here"; \
	else echo "$$out"; exit 1; fi

.PHONY: demo
demo: ## Play the main story on one machine
	go run ./cmd/liaison demo

# --- The contract -----------------------------------------------------------

.PHONY: generate
generate: .proto-imports/buf/validate/validate.proto ## Make the Go code of the contract
	$(BUF) format -w proto
	$(BUF) generate

.PHONY: proto-check
proto-check: .proto-imports/buf/validate/validate.proto ## Check the contract's style, its format, and that the generated code is its own
	$(BUF) lint
	$(BUF) format -d --exit-code proto
	@made=$$(mktemp -d); trap 'rm -rf "$$made"' EXIT; \
	$(BUF) generate --output "$$made"; \
	for file in $$(cd "$$made/proto" && find . -name '*.pb.go'); do \
		cmp "$$made/proto/$$file" "proto/$$file" || { echo "proto/$$file is not what the contract makes: run 'make generate'"; exit 1; }; \
	done; \
	for file in $$(cd proto && find . -name '*.pb.go'); do \
		[ -e "$$made/proto/$$file" ] || { echo "proto/$$file has no source: remove it"; exit 1; }; \
	done

# Before version 1.0 a break is allowed when a commit since BASE says
# "Breaks the contract:" in its message, followed by what breaks and why.
.PHONY: breaking
breaking: .proto-imports/buf/validate/validate.proto ## Check that the contract does not break against BASE
	@base=$$(git merge-base HEAD $(BASE) 2>/dev/null || true); \
	if [ "$$base" = "$$(git rev-parse HEAD)" ]; then base=$$(git rev-parse -q --verify HEAD~1 || true); fi; \
	if [ -z "$$base" ] || ! git cat-file -e "$$base:buf.yaml" 2>/dev/null; then \
		echo "breaking: there is no earlier contract to compare with"; \
	elif git log --format=%B "$$base..HEAD" | grep -q '^Breaks the contract:'; then \
		echo "breaking: a deliberate break, said so in the commits since $$base"; \
	else \
		old=$$(mktemp -d); trap 'rm -rf "$$old"' EXIT; \
		git archive "$$base" buf.yaml proto | tar -x -C "$$old"; \
		cp -r .proto-imports "$$old/"; \
		$(BUF) breaking --against "$$old"; \
	fi

# The contract imports buf/validate/validate.proto, which its Go module holds.
# Nothing of it is committed.
.proto-imports/buf/validate/validate.proto:
	@mkdir -p $(@D)
	dir=$$(cd "$$(mktemp -d)" && go mod download -json $(PROTOVALIDATE) | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",$$/\1/p'); \
	install -m 0644 "$$dir/proto/protovalidate/buf/validate/validate.proto" $@

# --- Tools ------------------------------------------------------------------

# The real grpcurl, for the tests that play what README tells its users.
.tools/grpcurl:
	GOBIN="$(CURDIR)/.tools" go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4

# The standard age tool, which must open what is sealed here and the other way round.
.tools/age:
	GOBIN="$(CURDIR)/.tools" go install filippo.io/age/cmd/age@v1.3.2 filippo.io/age/cmd/age-keygen@v1.3.2

# What the program that checks the vectors from another language needs.
.tools/vectors/node_modules: testdata/vectors/package.json
	mkdir -p $(@D)
	cp $< $(@D)/package.json
	cd $(@D) && npm install --no-audit --no-fund --ignore-scripts
	touch $@
