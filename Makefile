# make run   the site on http://127.0.0.1:8000 (LMS_PORT)        make test   lint and every test
# make lint  the linters alone                                   make bench  the figures of docs/architecture.md
# make engines  the journeys of the browser tests once more, in the oldest Chromium that .browserslistrc names
# make weather  the browser tests once more on a slow line, with a slow hand and on a slow phone: who does not wait, fails
# make lock  the requirements files again, from pyproject.toml

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
LMS_PORT ?= 8000
export LMS_PORT
# One more than the cores: a browser's test waits a fifth of its time, for a message to come or a line to die.
TEST_WORKERS ?= 3

.PHONY: run test lint bench engines weather lock machine
.DELETE_ON_ERROR:

run: $(VENV)/run.stamp
	@$(BIN)/lms serve

test: $(VENV)/test.stamp node_modules/.stamp machine lint
	$(BIN)/python -m pytest -q -n $(TEST_WORKERS) --dist loadfile

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

bench: $(VENV)/test.stamp node_modules/.stamp machine
	$(BIN)/python -m bench

# No part of `make test`: the old browser is 40 MB to fetch and speaks to today's Playwright through an interpreter.
ENGINES := build/engines
OLDEST_CHROMIUM := chrome-aws-lambda@2.1.1
JOURNEYS := class class_boards class_pages class_questions class_seats desk door hall journey phone practice \
	practice_fading practice_hands practice_robust practice_tested practice_watch stream survive
engines: $(VENV)/test.stamp node_modules/.stamp machine $(ENGINES)/bin/chromium
	PATH="$(CURDIR)/$(ENGINES)/bin:$$PATH" $(BIN)/python -m pytest -q -n $(TEST_WORKERS) --dist loadfile \
		$(JOURNEYS:%=tests/browser/test_%.py)

$(ENGINES)/bin/chromium: tests/engines/unpack.mjs .browserslistrc | machine
	@mkdir -p $(ENGINES)
	cd $(ENGINES) && tar xzf "$$(npm pack --silent $(OLDEST_CHROMIUM))"
	node tests/engines/unpack.mjs $(ENGINES)/package $(ENGINES)/bin

# No part of `make test`: each kind takes as long as all of it. WEATHER=slow-line asks for one kind.
WEATHER ?= slow-line slow-hand slow-phone
weather: $(VENV)/test.stamp node_modules/.stamp machine
	@failed=0; for kind in $(WEATHER); do \
		echo "$$kind:"; \
		WEATHER=$$kind $(BIN)/python -m pytest -q -n $(TEST_WORKERS) --dist loadfile tests/browser \
			--ignore tests/browser/test_screens.py || failed=1; \
	done; exit $$failed

# What no package manager of a language brings: installed where we may, else named.
machine:
	@sh tests/machine.sh

$(BIN)/python:
	@sh tests/find-python.sh "$(VENV)"

$(VENV)/run.stamp: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the site needs into $(VENV): once, and again when the lock changes."
	@lock=requirements.txt; test ! -e $(VENV)/test.stamp || lock=requirements-test.txt; \
		$(BIN)/python -m pip install --quiet --require-hashes -r "$$lock"
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/test.stamp: requirements-test.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-test.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/run.stamp

node_modules/.stamp: package-lock.json | machine
	npm ci
	@touch $@

# uv only writes the locks; nothing else needs it. The locks name no index and hold for every platform.
LOCK := uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 --no-header
lock:
	$(LOCK) --extra build -o requirements.txt
	$(LOCK) --extra build --extra test -o requirements-test.txt
