# Union Hall: two commands are enough to begin with, `make demo` and `make test`.
#
#   make demo   build the demonstration district from Excel workbooks and serve it
#               SCALE=0.02 a small one · SERVE=0 build only · PORT=8000 · HOST=127.0.0.1
#   make test   every test on SQLite, and on PostgreSQL when one is reachable
#               DATABASE_URL_TEST=postgresql://user@host/ · ARGS="tests/kernel -k money"
#   make lint   style, types, import contract, migrations, texts, generated docs
#   make bench  the measurements, into bench/RESULTS.md
#   make docs   write docs/glossary.md and docs/figures.md from the code
#   make clean  remove .venv, var/ and every cache

PYTHON ?= python3
SCALE ?= 1
SERVE ?= 1
PORT ?= 8000
HOST ?= 127.0.0.1
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
SHA = $(shell cat $(1) | $(PYTHON) -c "import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:16])")
RUN := $(VENV)/.installed-run-$(call SHA,requirements.lock requirements-build.lock)
DEV := $(VENV)/.installed-dev-$(call SHA,requirements-dev.lock requirements-build.lock)

.PHONY: demo test lint bench docs clean
.DEFAULT_GOAL := demo

demo: $(RUN)
	$(BIN)/python -m unionhall demo --scale $(SCALE) --host $(HOST) --port $(PORT) $(if $(filter 0 no,$(SERVE)),--no-serve,--serve)

test: $(DEV)
	$(BIN)/python tools/runtests.py $(ARGS)

lint: $(DEV)
	$(BIN)/python tools/lint.py

bench: $(DEV)
	$(BIN)/python -m bench

docs: $(DEV)
	$(BIN)/python tools/docs.py

clean:
	rm -rf $(VENV) var build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# Packages come from the lock, each checked by its hash; the stamp's name carries the lock's, so a second run is quick.
$(RUN): | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock -r requirements-build.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	rm -f $(VENV)/.installed-run-* && touch $@

$(DEV): | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.lock -r requirements-build.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	rm -f $(VENV)/.installed-dev-* && touch $@

$(BIN)/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
		{ echo "Union Hall needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c "import ensurepip" 2>/dev/null || \
		{ echo "$(PYTHON) has no ensurepip; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
