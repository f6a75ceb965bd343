# make run    install into .venv and start on http://127.0.0.1:8000
# make test   install what the tests need and run everything that can run here
# make check  linters and type checker
# make lock   resolve the dependencies anew (needs uv)
# make clean  remove what was built, not the data

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check install --no-input
# The first of these that is there and new enough.
PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
JOBS := auto
ARGS :=
COVERAGE :=
NPM_PACKAGES := axe-core@4.14.1 vnu-jar@26.9.27

.PHONY: run test check lock clean install install-test
.DELETE_ON_ERROR:

run: install
	@exec $(BIN)/corrections serve $(ARGS)

install: $(VENV)/installed

install-test: $(VENV)/installed-test node_modules/installed

test: install-test
	@exec $(BIN)/python $(if $(COVERAGE),-m coverage run) -m pytest --database both -n $(JOBS) --dist worksteal $(ARGS)

check: $(VENV)/installed-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

$(BIN)/python:
	@for python in $(PYTHONS); do \
	  "$$python" -c '$(NEW_ENOUGH)' >/dev/null 2>&1 || continue; \
	  echo "Making $(VENV) with $$("$$python" --version)"; \
	  "$$python" -m venv $(VENV) >/dev/null 2>&1 && exit 0; \
	  rm -rf $(VENV); \
	  "$$python" -m venv --without-pip $(VENV) && "$$python" -m pip --python $(BIN)/python --quiet install pip 2>/dev/null && exit 0; \
	  rm -rf $(VENV); \
	  echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	done; \
	echo "No Python 3.11 or newer was found. Name one with: make PYTHON=/path/to/python3 run" >&2; exit 1

# Stamps live in the environment, so that they go when it goes.
$(VENV)/locked: requirements.lock | $(BIN)/python
	@echo "Installing what requirements.lock names (about half a minute, only this once)"
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/installed: $(VENV)/locked pyproject.toml
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-test: requirements-test.lock | $(VENV)/installed
	@echo "Installing what requirements-test.lock names"
	@$(PIP) --require-hashes -r requirements-test.lock
	@touch $@

# For the checks of accessibility and of HTML. Without npm those are skipped, and the tests say so.
node_modules/installed: Makefile
	@mkdir -p node_modules
	@if command -v npm >/dev/null 2>&1; then \
	  npm install --no-save --no-package-lock --no-audit --no-fund --loglevel=error --prefix . $(NPM_PACKAGES) && touch $@ || \
	  echo "npm could not install $(NPM_PACKAGES): the tests that need them will be skipped" >&2; \
	fi

LOCK := uv pip compile pyproject.toml --extra postgres --extra redis --group build --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet

lock:
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group test --output-file requirements-test.lock

clean:
	rm -rf build dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache node_modules $(VENV)
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
