# sensorhub: two commands for everybody (demo, test), the rest for those who build it. `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SECONDS ?=
INPUT ?=
RECORDINGS ?= ../shared

.PHONY: help demo test unit integration check format yardstick bench soak wheel clean

help:           ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(VENV)/.ready   ## the whole way, from a virtual sensor to the page; SECONDS=30 ends it, INPUT=file.csv plays a recording
	$(BIN)/sensorhub demo $(if $(SECONDS),--seconds $(SECONDS)) $(if $(INPUT),--input "$(INPUT)")

test: $(VENV)/.ready   ## unit tests, then real servers and a real browser
	@./tests/install-servers
	$(BIN)/python -m pytest -q -n 2 -m "not integration and not browser" tests
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "integration or browser" tests

unit: $(VENV)/.ready   ## the quick tests alone
	$(BIN)/python -m pytest -q -n 2 -m "not integration and not browser" tests

integration: $(VENV)/.ready   ## real servers and a real browser alone
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "integration or browser" tests

check: $(VENV)/.ready   ## format, lint, strict types, import layers, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/docs
	$(BIN)/python -m pytest -q --doctest-modules sensorhub/model sensorhub/dsp sensorhub/analysis sensorhub/protocol sensorhub/formats

format: $(VENV)/.ready   ## format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

yardstick: $(VENV)/.ready   ## score sensorhub against recordings with truth in RECORDINGS; writes docs/validation.md
	$(BIN)/python -m tests.yardstick.validation $(RECORDINGS) --out docs/validation.md
	$(BIN)/python $(RECORDINGS)/yardstick/score_running.py $(RECORDINGS)/data/running --each --cmd "$(BIN)/sensorhub analyze {input} --json"
	$(BIN)/python $(RECORDINGS)/yardstick/score_drills.py $(RECORDINGS)/data/drills --each --cmd "$(BIN)/sensorhub analyze {input} --json --activity auto"

bench: $(VENV)/.ready   ## speed and memory, as ratios in one run
	$(BIN)/python tests/bench/run.py

soak: $(VENV)/.ready   ## the reliability goals at their large counts
	$(BIN)/python -m pytest -q tests/soak

wheel: $(VENV)/.ready   ## the wheel, in dist/
	$(BIN)/python -m build --wheel --outdir dist .

clean:          ## what the other commands made
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
