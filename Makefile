# Everything a person needs to type. `make help` lists the targets.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
RUN_DEPS := .venv/.installed
DEV_DEPS := .venv/.installed-dev
BENCH_DEPS := .venv/.installed-bench
APPS := accounts projects indicators exchange summaries reading office wzprojects
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
STATIC := $(shell find static */static -type f 2>/dev/null)
LOCKS := requirements-uv requirements requirements-dev requirements-bench requirements-postgres
# Checks need settings, not secrets.
CHECK := SECRET_KEY=of-a-check DATABASE_URL=sqlite://:memory: $(BIN)

export PYTHONUNBUFFERED := 1

.PHONY: help run worker report test bench check fix lock messages openapi screenshots clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: $(RUN_DEPS) $(CATALOGUES) staticfiles/.collected ## the site with demo data, at http://127.0.0.1:8000/ (PORT=8001 for another port)
	@$(BIN)/python -m scripts.demo

worker: $(RUN_DEPS) ## one more Celery worker, in another terminal
	@$(BIN)/python -m scripts.worker

report: $(RUN_DEPS) $(CATALOGUES) ## the annual report as .docx and .pdf, in var/report (YEAR=2023)
	@$(BIN)/python -m scripts.report $(or $(YEAR),2023)

test: check staticfiles/.collected ## every check; every test on SQLite, and again on PostgreSQL where that matters
	@$(BIN)/python -m scripts.system_packages chromium fonts postgresql
	$(BIN)/python -m pytest
	TEST_DATABASE=postgresql $(BIN)/python -m pytest

bench: $(BENCH_DEPS) $(CATALOGUES) ## every claim of speed, measured; SIZES="1000 10000" for less, DATABASE=sqlite for the embedded default
	@test "$$DATABASE" = sqlite || $(BIN)/python -m scripts.system_packages postgresql
	$(BIN)/python -m benchmarks.bench $(if $(SIZES),--sizes $(SIZES))

check: $(DEV_DEPS) $(CATALOGUES) ## formatting, lint, types, floors, templates, migrations, translations
	@$(BIN)/python -m scripts.system_packages gettext
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(CHECK)/mypy
	$(CHECK)/lint-imports --no-cache
	$(BIN)/djlint --check templates
	$(BIN)/djlint --quiet --lint templates
	$(CHECK)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m scripts.messages check

fix: $(DEV_DEPS) ## repair what the checks can repair by themselves
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djlint --quiet --reformat templates

lock: $(DEV_DEPS) ## resolve the requirements anew and lock them with hashes (UPGRADE=--upgrade for newer releases)
	for lock in $(LOCKS); do \
	    $(BIN)/uv pip compile -q $(UPGRADE) --generate-hashes --no-header --universal \
	        --python-version 3.11 $$lock.in -o $$lock.txt || exit 1; \
	done

messages: $(DEV_DEPS) ## bring the translation catalogue up to date with the sources
	@$(BIN)/python -m scripts.system_packages gettext
	@$(BIN)/python -m scripts.messages update

openapi: $(RUN_DEPS) ## write the description of the API to docs/openapi.yaml anew
	@$(BIN)/python -m scripts.openapi

screenshots: $(DEV_DEPS) $(CATALOGUES) ## take the screenshots of docs/screenshots anew
	SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest -n 0 -m screenshots tests/browser

clean: ## remove what was generated, the database of the demo included
	rm -rf .venv var staticfiles .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find locale -name '*.mo' -delete

$(BENCH_DEPS): requirements-bench.txt requirements-uv.txt scripts/install.py
	@$(PYTHON) scripts/install.py requirements-bench.txt
	@touch $@ $(RUN_DEPS) $(DEV_DEPS)

$(RUN_DEPS): requirements.txt requirements-uv.txt scripts/install.py
	@$(PYTHON) scripts/install.py requirements.txt
	@touch $@

$(DEV_DEPS): requirements-dev.txt requirements-uv.txt scripts/install.py
	@$(PYTHON) scripts/install.py requirements-dev.txt
	@touch $@ $(RUN_DEPS)

%.mo: %.po | $(RUN_DEPS)
	@$(BIN)/pybabel -q compile -i $< -o $@

staticfiles/.collected: $(RUN_DEPS) $(STATIC)
	@echo "Collecting the style sheets and scripts …"
	@DEMO=true $(BIN)/python manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@
