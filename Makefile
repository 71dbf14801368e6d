# Two commands for everyone: `make run` (the demo village on this machine) and `make test` (all checks).
# Nothing but Python 3.11 or newer and make is needed; everything is installed into .venv, locked and hashed.

SHELL := /bin/sh
# Where Python is told to keep no compiled files, each start would compile the whole program again.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench catalogues migration screenshots lock dev debian

PYTHON := .venv/bin/python
PIP := $(PYTHON) -m pip -qq --disable-pip-version-check
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard station/i18n/*/LC_MESSAGES/station.po))
DEBIAN := chromium fonts-wqy-microhei postgresql gammu-smsd
UV ?= uv
# More words for a command: make run ARGS="--port 8001", make test ARGS="-k checkin"
ARGS ?=

help:
	@echo 'make run          install what is missing, serve the demo village on http://127.0.0.1:8000'
	@echo 'make test         check, and all tests on SQLite and on PostgreSQL (installs what they need)'
	@echo 'make check        format, lint, types, import contracts'
	@echo 'make bench        measure check-in against plain sqlite3'
	@echo 'make setup        only install'
	@echo 'make catalogues   gather new sentences into the translations and compile them'
	@echo 'make migration    write a migration for changed models: make migration AREA=pickup NAME=proxies'
	@echo 'make screenshots  take the pictures of the README'
	@echo 'make lock         choose the newest allowed versions (needs uv)'

# --- install -----------------------------------------------------------------------------------------------------

.venv/created:
	@set -e; \
	for python in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Setting up .venv with $$($$python --version) ..."; \
	    $$python -m venv .venv || { echo 'Python has no venv module. On Debian: apt-get install python3-venv' >&2; exit 1; }; \
	    touch $@; exit 0; \
	  fi; \
	done; \
	echo 'Python 3.11 or newer is needed and was not found.' >&2; exit 1

.venv/run-installed: .venv/created requirements.lock pyproject.toml hatch_build.py
	@echo 'Installing the locked packages ...'
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev-installed: .venv/run-installed requirements-dev.lock
	@echo 'Installing the tools for tests ...'
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

%.mo: %.po | .venv/run-installed
	@$(PYTHON) hatch_build.py

setup: .venv/run-installed $(CATALOGUES)

dev: .venv/dev-installed $(CATALOGUES)

debian:
	@command -v dpkg-query >/dev/null || exit 0; \
	missing=''; \
	for package in $(DEBIAN); do \
	  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ]; then \
	  echo "Not installed:$$missing. Tests that need them are skipped by name; 'sudo make debian' installs them."; exit 0; \
	fi; \
	echo "Installing$$missing ..."; \
	export DEBIAN_FRONTEND=noninteractive; \
	{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing; } >/dev/null \
	  || echo 'They could not be installed. Tests that need them are skipped by name.'

# --- run ---------------------------------------------------------------------------------------------------------

run: setup
	@exec .venv/bin/station serve --demo $(ARGS)

# --- check -------------------------------------------------------------------------------------------------------

check: dev
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

# Both databases at once, a core each, and the check beside the longer run; what PostgreSQL's run says is shown when it is done.
# Thousands of small databases: in memory where there is room for them, for they wait for the disk most of the time.
test: export TMPDIR ?= $(shell [ -w /dev/shm ] && [ "$$(df -Pk /dev/shm | awk 'NR==2{print $$4}')" -gt 4000000 ] && echo /dev/shm || echo /tmp)
test: dev debian
	@{ $(MAKE) --no-print-directory check; checked=$$?; \
	  $(PYTHON) -m pytest --database postgres -o cache_dir=.venv/cache-postgres $(ARGS) >.venv/test-postgres.txt 2>&1 \
	  && exit $$checked; } & other=$$!; \
	$(PYTHON) -m pytest --database sqlite $(ARGS); here=$$?; \
	wait $$other; there=$$?; \
	cat .venv/test-postgres.txt; \
	exit $$((here | there))

bench: dev
	@$(PYTHON) -m tests.bench $(ARGS)

# --- write -------------------------------------------------------------------------------------------------------

catalogues: dev
	@$(PYTHON) -m tests.house.catalogues $(ARGS)
	@$(PYTHON) hatch_build.py

migration: dev
	@$(PYTHON) -m tests.house.migration $(AREA) $(NAME)

screenshots: dev debian
	@$(PYTHON) -m tests.browser.screenshots $(ARGS)

lock:
	$(UV) pip compile pyproject.toml --group build --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --output-file requirements.lock
	$(UV) pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --constraint requirements.lock --output-file requirements-dev.lock
