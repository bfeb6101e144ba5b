# Kuaijing: `make demo` shows it, `make test` proves it. Everything that is set up lies in this folder: .venv, ui/node_modules, demo.

PYTHON ?= python3
PORT ?= 8135
SPEED ?= 4
BIN := .venv/bin
SCREENS := kuaijing/web/static/index.html
UI_SOURCES := $(shell find ui -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
export NUMBA_CACHE_DIR := $(CURDIR)/.venv/numba-cache

.PHONY: help setup demo test check lint types contracts unit fuzz screens-test journeys warm screenshots clean

help:
	@echo "make setup        virtual environment, package, screens: gives $(BIN)/kuaijing"
	@echo "make demo         a living shift on http://127.0.0.1:$(PORT)/   (PORT=8135 SPEED=4)"
	@echo "make test         everything: style, types, import contracts, tests, screens, browser journeys"
	@echo "make screenshots  pictures of the running screens into docs/pictures"

# --- set up -------------------------------------------------------------------------------------------------------------

.venv/.installed: pyproject.toml constraints.txt packaging/need.sh
	@sh packaging/need.sh python $(PYTHON)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/.installed-dev: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	@touch $@

ui/node_modules/.installed: ui/package.json ui/package-lock.json
	@sh packaging/need.sh node
	cd ui && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(SCREENS): ui/node_modules/.installed $(UI_SOURCES)
	cd ui && npm run --silent build
	@touch $@

.venv/.warm: .venv/.installed
	$(BIN)/kuaijing warm
	@touch $@

warm: .venv/.warm

setup: .venv/.installed $(SCREENS) .venv/.warm

# --- see it -------------------------------------------------------------------------------------------------------------

demo: setup
	@$(BIN)/kuaijing demo --data demo --port $(PORT) --speed $(SPEED)

screenshots: setup .venv/.installed-dev
	@sh packaging/need.sh browser $(BIN)
	$(BIN)/python tests/e2e/screenshots.py

# --- prove it -----------------------------------------------------------------------------------------------------------

test: check unit fuzz screens-test journeys
	@echo "all checks passed"

check: lint types contracts

lint: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.installed-dev
	$(BIN)/mypy

contracts: .venv/.installed-dev
	$(BIN)/lint-imports

unit: setup .venv/.installed-dev
	@sh packaging/need.sh postgres
	@sh packaging/need.sh broker
	$(BIN)/pytest -q --ignore tests/e2e
	$(BIN)/pytest -q -m slow --ignore tests/e2e

fuzz: .venv/.installed-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: -c constraints.txt atheris 2>/dev/null || true
	$(BIN)/python -m tests.fuzz.run --seconds 60

screens-test: $(SCREENS)
	cd ui && npm run --silent typecheck && npm test --silent

journeys: setup .venv/.installed-dev
	@sh packaging/need.sh browser $(BIN)
	$(BIN)/pytest -q tests/e2e

clean:
	rm -rf .venv ui/node_modules kuaijing/web/static demo
