# The project's table of contents: `make` alone lists what there is.
# Options for a command go into ARGS: make demo ARGS="--port 9000"; another Python, before .venv is made: PYTHON=python3.13

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:

BIN := .venv/bin
RUN := .venv/run.done
TEST := .venv/test.done
ARGS ?=
WORKERS ?= 2
export PYTHON

# Tests keep what they write in memory where there is room for it: none of it outlives them.
IN_MEMORY := $(shell [ -w /dev/shm ] && [ "$$(df -k --output=avail /dev/shm | tail -n 1)" -gt 2000000 ] && echo TMPDIR=/dev/shm)
PYTEST := $(IN_MEMORY) $(BIN)/pytest -n $(WORKERS)

# An environment made elsewhere is made anew.
ifneq ($(shell cat .venv/where 2>/dev/null),$(CURDIR))
ANEW := anew
endif

.PHONY: help setup demo serve phone test test-both test-fast lint types bench pictures compose-check lock assets clean anew

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: $(TEST) ## .venv with everything for working on Wayhome, and the browser its tests drive
	@echo Ready. Next: make test, or make demo

demo: $(RUN) ## a made-up team's day on pretend phones, in the browser; tells nobody outside
	@$(BIN)/wayhome demo $(ARGS)

serve: $(RUN) ## web and engine in one process on the embedded database
	@$(BIN)/wayhome serve $(ARGS)

phone: $(TEST) ## the phone app in a window; ARGS="--server http://127.0.0.1:8080"
	@$(BIN)/wayhome phone $(ARGS)

test: lint types ## everything that must hold: lint, types, import directions, then all tests
	@$(PYTEST) $(ARGS)

test-both: $(TEST) ## all tests, and every one that uses a database on both kinds
	@$(PYTEST) --both $(ARGS)

test-fast: $(TEST) ## the tests that take seconds
	@$(PYTEST) -m "not slow and not journeys" $(ARGS)

lint: $(TEST) ## style, banned calls and one-way imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo

types: $(TEST) ## strict types
	@$(BIN)/mypy

bench: $(TEST) ## measure against peers and limits; prints ratios
	@$(BIN)/python -m bench $(ARGS)

pictures: $(TEST) ## take the README's pictures of the pages and the phone again
	@$(BIN)/python -m tests.browser.portraits
	@$(BIN)/python -m tests.mobile.ui.pictures

compose-check: $(TEST) ## build and bring up docker-compose.yml and miss a visit in it; needs a Docker engine
	@scripts/compose_check.sh $(ARGS)

lock: .tools/done ## write the lock files again from pyproject.toml; ARGS=--upgrade takes newer versions
	@$(COMPILE) pyproject.toml --group build -o requirements/run.lock $(ARGS)
	@$(COMPILE) pyproject.toml --group build --group test -c requirements/run.lock -o requirements/test.lock $(ARGS)
	@$(COMPILE) pyproject.toml --group build --extra phone -c requirements/run.lock -o requirements/phone.lock $(ARGS)
	@$(COMPILE) --group lock -o requirements/tools.lock $(ARGS)

assets: ## build the pages' style sheet and script again; needs Node, which nothing else does
	@npm ci --ignore-scripts --no-fund --no-audit --silent
	@node scripts/assets.mjs

clean: ## take away the environment and everything that was made; data in instance/ stays
	@rm -rf .venv .tools node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build
	@find . -name __pycache__ -prune -exec rm -rf {} +
	@find . -name '*.egg-info' -prune -exec rm -rf {} +

$(RUN): requirements/run.lock pyproject.toml scripts/setup.sh $(ANEW)
	@sh scripts/setup.sh run

$(TEST): requirements/test.lock pyproject.toml scripts/setup.sh $(ANEW)
	@sh scripts/setup.sh test

COMPILE := .tools/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

.tools/done: requirements/tools.lock $(RUN)
	@$(BIN)/python -m venv .tools
	@.tools/bin/python -m pip --disable-pip-version-check -qq install --require-hashes -r requirements/tools.lock
	@touch $@
