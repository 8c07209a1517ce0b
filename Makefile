# Two verbs are all the set-up there is: `make run` and `make test`. Each builds what it needs first.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Programs that are started over and over must not be compiled each time, whatever the surroundings ask for.
export PYTHONDONTWRITEBYTECODE :=
SOURCES := bot flows migrations models policy web editing.py main.py settings.py staffing.py telling.py posting.py wiring.py tests benchmarks
RULES := tests/policy tests/flows/test_conversations.py tests/flows/test_drafts.py tests/flows/test_proofs.py tests/flows/test_reassess.py tests/flows/test_bulletins.py
# A mirror set for pip (PIP_INDEX_URL or pip.conf) serves uv too; uv does not read pip's configuration by itself.
INDEX := $(or $(UV_DEFAULT_INDEX),$(PIP_INDEX_URL),$(shell $(PYTHON) -m pip config get global.index-url 2>/dev/null))
UV := $(if $(INDEX),UV_DEFAULT_INDEX="$(INDEX)") UV_SYSTEM_CERTS=true UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV="$(CURDIR)/$(VENV)" $(BIN)/uv pip install --quiet
# uv first, because it is several times faster; plain pip checks the same hashes where uv cannot be had.
install = if [ -x $(BIN)/uv ] && $(UV) --require-hashes -r $(1); then :; else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi

# No line of a lock file names where it came from: any mirror serves, the hashes decide.
COMPILE := $(if $(INDEX),UV_DEFAULT_INDEX="$(INDEX)") UV_SYSTEM_CERTS=true $(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: help run chat test lint slow soak e2e coverage covered bench lock clean

help: ## list these verbs
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## set up and serve on http://127.0.0.1:8000/
	@$(BIN)/ladder serve

chat: $(VENV)/.run ## set up and talk in the terminal
	@$(BIN)/ladder chat

test: $(VENV)/.dev ## set up and run every test but the slow ones
	@$(BIN)/pytest

lint: $(VENV)/.dev ## ruff (check and format), mypy and bandit
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/bandit --quiet -r bot flows migrations models policy web editing.py main.py settings.py staffing.py telling.py posting.py wiring.py

slow: $(VENV)/.dev ## the slow tests (kill -9, large numbers); those that watch the clock one at a time
	@$(BIN)/pytest -m "slow and not clock and not full and not browser"
	@$(BIN)/pytest -m "slow and clock and not full and not browser" -n 1
	@$(BIN)/pytest -m "hypothesis and not slow and not browser" --hypothesis-profile=thorough

soak: $(VENV)/.e2e ## the slow tests that are too long for every day, at their full size
	@$(BIN)/pytest -m full --durations=10

e2e: $(VENV)/.e2e ## the browser tests (Chromium): whole walks, accessibility, cut networks; ends with a contact sheet
	@rm -rf var/e2e
	@$(BIN)/python -m tests.e2e.chromium
	@$(BIN)/pytest -m "browser and not clock and not full" -n 2 tests/e2e
	@$(BIN)/pytest -m "browser and clock and not full" -n 0 tests/e2e
	@$(BIN)/python -m tests.e2e.sheet

coverage: $(VENV)/.dev ## branch coverage of everything (90 %), by all tests but the slow ones
	@$(BIN)/pytest --quiet --cov --cov-report=
	@$(BIN)/coverage report --fail-under=90

covered: $(VENV)/.dev ## branch coverage of the rules (policy/ 100 %), by the tests that are about them
	@$(BIN)/pytest --quiet --cov=policy --cov-report= $(RULES)
	@$(BIN)/coverage report --include='policy/*' --fail-under=100

bench: $(VENV)/.dev ## measure (results belong in docs/performance.md)
	@for name in $$(cd benchmarks && ls [a-z]*.py | sed "s/\.py$$//" | grep -v -E "^(measure|seeding)$$"); do echo "== $$name"; $(BIN)/python -m benchmarks.$$name || exit 1; done

lock: $(VENV)/.dev ## write the lock files anew from pyproject.toml
	@$(COMPILE) --extra postgres --extra report --extra scale --extra build -o requirements/run.txt
	@$(COMPILE) --extra postgres --extra report --extra scale --extra build --extra dev -c requirements/run.txt -o requirements/dev.txt
	@$(COMPILE) --all-extras -c requirements/dev.txt -o requirements/e2e.txt

clean: ## remove what set-up made (the data under var/ stays)
	@rm -rf $(VENV)

$(VENV)/.base: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt || echo "uv could not be installed; pip serves instead"
	@touch $@

$(VENV)/.run: $(VENV)/.base requirements/run.txt pyproject.toml
	@if [ ! -e $(VENV)/.dev ] || [ requirements/run.txt -nt $(VENV)/.dev ]; then $(call install,requirements/run.txt); fi
	@if [ -x $(BIN)/uv ]; then $(UV) --no-deps --no-build-isolation -e .; else $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; fi
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@$(call install,requirements/dev.txt)
	@touch $@

$(VENV)/.e2e: $(VENV)/.dev requirements/e2e.txt
	@$(call install,requirements/e2e.txt)
	@touch $@
