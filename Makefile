# Everything an engineer or a CI job runs. Each target makes its own .venv.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& command -v $$each && break; done)
BIN := .venv/bin
# A process for each processor, four at the most; the tests of a file stay together, in their order.
SPREAD := --numprocesses auto --maxprocesses 4 --max-worker-restart 0 --dist loadfile --no-loadscope-reorder

.PHONY: help demo test check docs coverage clean

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1 — /p' Makefile

demo: .venv/ready ## run the main job end to end on a small estate of its own
	@tools/system-packages demo
	@$(BIN)/decant demo

test: .venv/ready ## run the tests; what a test needs and the machine lacks is skipped by name
	@tools/system-packages test
	@$(BIN)/python tools/recordings
	@$(BIN)/python tools/azurite
	@$(BIN)/python -m pytest $(SPREAD) $(ARGS)

check: .venv/ready ## lint, types, import contracts, stale reference docs
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python docs/generate.py --check

docs: .venv/ready ## write the reference docs anew from the plug-ins and commands
	@$(BIN)/python docs/generate.py

coverage: .venv/ready ## run the tests and show which lines none of them reaches
	@tools/system-packages test
	@$(BIN)/python tools/recordings
	@$(BIN)/python tools/azurite
	@$(BIN)/python -m coverage run -m pytest $(ARGS)
	@$(BIN)/python -m coverage report

clean: ## remove what the other targets made
	rm -rf .venv .coverage htmlcov .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info

.venv/ready: setup.cfg constraints.txt
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or later with venv was found" >&2; \
		echo "hint: apt-get install python3 python3-venv, or give one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "making .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,check,postgres,demo]'
	@touch .venv/ready
