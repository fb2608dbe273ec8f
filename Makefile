# Every target does the set-up it needs; a second set-up takes under a second.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
# tests run two at a time: many of them wait for worker processes
AT_ONCE := -n 2 --dist worksteal
export PYTHON

.PHONY: setup run demo test test-all check format bench starter sample translations help

help:
	@echo "make demo          the whole job on the starter model: train, measure, merge, export, chat"
	@echo "make run           the window"
	@echo "make test          the tests (make test-all: the slow ones too)"
	@echo "make check         lint, types, import contracts, tests: what a contribution must pass"
	@echo "make starter       make the starter model from scratch; make sample: the sample dataset"
	@echo "make translations  collect and compile the window's texts"
	@echo "make bench         measure this machine"

setup:
	@scripts/setup

run: setup
	@$(BIN)/python main.py

demo: setup
	@$(BIN)/python main.py demo

test: setup
	@$(BIN)/python -m pytest $(AT_ONCE) -m "not slow"

test-all: setup
	@$(BIN)/python -m pytest $(AT_ONCE)

check: setup
	@scripts/check
	@$(BIN)/python -m pytest $(AT_ONCE) -m "not slow"

format: setup
	@$(BIN)/ruff check --fix .

starter: setup
	@$(BIN)/python -m resources.make_starter

sample: setup
	@$(BIN)/python -m resources.make_sample

translations: setup
	@scripts/translations

bench: setup
	@$(BIN)/python -m benchmarks
