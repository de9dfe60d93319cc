# `make` alone lists what there is. Each target does its own set-up; repeated set-up costs nothing.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready
# Some machines forbid bytecode: every start would then compile the libraries again.
unexport PYTHONDONTWRITEBYTECODE
PERIOD ?= 2025-03

.PHONY: help setup packs test test-all picture lab bench check lock

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## a .venv with the kpi command, from the lock file

$(READY): pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "make setup: no Python 3.11 or newer found; install one, or name it: make setup PYTHON=/path/to/python3"; exit 1; }
	@echo "Setting up .venv (once; again only when pyproject.toml or the lock file changes) ..."
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python "$(PYTHON)" .venv && \
		uv pip install --quiet --python .venv --compile-bytecode --require-hashes -r requirements.lock && \
		uv pip install --quiet --python .venv --no-deps --no-build-isolation -e . ; \
	else \
		{ "$(PYTHON)" -m venv .venv || { echo "make setup: Python's venv is missing (on Debian and Ubuntu: apt install python3-venv)"; exit 1; }; } && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@$(BIN)/python -m compileall -q kpi_analysis
	@touch $(READY)

packs: $(READY) ## set-up, then the demo organisation's review packs of one month (PERIOD=2025-03)
	@$(BIN)/kpi packs data/demo --period $(PERIOD)

# In the order of the folders: those with few but long tests come early, not last and alone.
SHARED_OUT := -n 2 --dist loadscope --no-loadscope-reorder

test: $(READY) ## set-up, then all tests (under 10 minutes on 2 cores)
	@$(BIN)/python tests/browser/browser.py
	$(BIN)/python -m pytest $(SHARED_OUT) --nbval-lax -m "not slow" tests notebooks

test-all: $(READY) ## the tests and the slow proofs
	@$(BIN)/python tests/browser/browser.py
	$(BIN)/python -m pytest $(SHARED_OUT) --nbval-lax tests notebooks

check: $(READY) ## lint, format and strict types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

picture: $(READY) ## the README's pictures, drawn anew from demo and flights (needs Chromium)
	$(BIN)/python .github/pictures/make_board.py

lab: $(READY) ## JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir=notebooks $(if $(filter 0,$(shell id -u)),--allow-root)

bench: $(READY) ## measured against the plain way in the same run; prints ratios
	@$(BIN)/python -c 'import statprocon, shewhart, pycontrolcharts' 2>/dev/null || \
	if command -v uv >/dev/null 2>&1; then \
		uv pip install --quiet --python .venv --require-hashes -r requirements-bench.lock ; \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock ; \
	fi
	$(BIN)/python tests/bench/bench_signals.py
	$(BIN)/python tests/bench/bench_packs.py
	$(BIN)/python tests/bench/bench_sources.py

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header pyproject.toml

lock: ## write the lock files anew from pyproject.toml (needs uv)
	$(LOCK) --extra dev --output-file requirements.lock
	$(LOCK) --extra dev --extra bench --constraint requirements.lock --output-file requirements-bench.lock
