.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
.PHONY: help demo test test-long check style types layers model benchmark-share benchmark-share-short benchmark-blocks benchmark-blocks-short scoreboard readme-table clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/'

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

demo: $(VENV)/installed  ## audit the bundled follower list, print the result, write audit.html
	$(BIN)/botscan demo --html audit.html

test: $(VENV)/installed-dev  ## the whole suite
	$(BIN)/python -m pytest -n 2 -m "not long"

test-long: $(VENV)/installed-dev  ## the slow tests as well
	$(BIN)/python -m pytest -n 2

# 10,000 mutated files of each target; benchmarks/fuzz_readers.py collects the million of each over several sittings.

check: style types layers  ## style, types, floors

style: $(VENV)/installed-dev  ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-dev  ## mypy --strict
	$(BIN)/mypy

layers: $(VENV)/installed-dev  ## import-linter
	$(BIN)/lint-imports

model: $(VENV)/installed-dev  ## refit models/default from the committed bin table; same bytes again
	$(BIN)/python -m botscan.training.build

scoreboard: $(VENV)/installed-dev  ## rank and judge left-out accounts: the model, baselines, ratios, rules of thumb
	$(BIN)/python benchmarks/scoreboard.py

benchmark-share: $(VENV)/installed-dev  ## how often intervals hold the truth, how wide they are; writes docs/measured_shares.md
	$(BIN)/python benchmarks/share.py --write

benchmark-share-short: $(VENV)/installed-dev  ## the same in three minutes, with binomial bounds
	$(BIN)/python benchmarks/share.py --short

benchmark-blocks: $(VENV)/installed-dev  ## which purchases are found, and how often a clean list shows a block; writes docs/measured_blocks.md
	$(BIN)/python benchmarks/blocks.py --write

benchmark-blocks-short: $(VENV)/installed-dev  ## the same in a minute, with binomial bounds
	$(BIN)/python benchmarks/blocks.py --short

readme-table: $(VENV)/installed-dev  ## print the accuracy and coverage tables of the README
	$(BIN)/python benchmarks/readme_table.py

clean:  ## remove what the targets made
	rm -rf $(VENV) audit.html
