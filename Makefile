# Every command a person types. `make` alone prints them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UNIONCTL := $(BIN)/unionctl

.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory

##@ See it

.PHONY: demo
demo: $(READY) ## start everything, load the year through the public API, print its report; ARGS=--small for a short one
	@$(UNIONCTL) demo $(ARGS)

.PHONY: help
help: ## print this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z.-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Run it

.PHONY: up
up: $(READY) ## start the platform; ARGS="--scale events=2" for more instances
	@$(UNIONCTL) up $(ARGS)

.PHONY: down
down: $(READY) ## stop the platform; its data stays
	@$(UNIONCTL) down

.PHONY: status
status: $(READY) ## show each process and the addresses
	@$(UNIONCTL) status

.PHONY: logs
logs: $(READY) ## follow the logs; ARGS=events for one service
	@$(UNIONCTL) logs --follow $(ARGS)

.PHONY: .env
.env: ## make up the secrets that docker-compose.yml asks for
	@$(PYTHON) deploy/environment.py $@

##@ Change it

.PHONY: check
check: $(READY) ## lint, format, types, who imports whom, contracts and pages against what they follow from
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m contracts.generate --check
	@$(BIN)/python -m docs.generate --check

.PHONY: test
test: $(READY) ## run all tests, each fault once; ARGS="-k name" for some
	@$(BIN)/pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder $(ARGS)

.PHONY: faults
faults: $(READY) ## kill, freeze and cut off servers and services at work, again and again: within an hour
	@UNIONHALL_FAULT_RUNS=full $(BIN)/pytest -m fault $(ARGS)

.PHONY: bench
bench: $(READY) ## measure what we claim; ONLY=name for one benchmark
	@$(BIN)/python -m benchmarks $(ONLY)

.PHONY: lock
lock: $(VENV)/uv/bin/uv ## pin every dependency with its hashes again
	@$< pip compile $(LOCK_OPTIONS) pyproject.toml -o requirements.lock
	@$< pip compile $(LOCK_OPTIONS) --extra dev pyproject.toml deploy/build.in -o requirements-dev.lock

.PHONY: clean
clean: ## stop the platform and delete all that was generated, its data included
	@if [ -x $(UNIONCTL) ]; then $(UNIONCTL) down; fi
	rm -rf .run $(VENV) *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

LOCK_OPTIONS := --quiet --generate-hashes --no-header --python-version 3.11

$(READY): requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
	  --config-settings editable_mode=compat -e .
	@touch $@

$(VENV)/uv/bin/uv:
	$(PYTHON) -m venv $(VENV)/uv
	$(VENV)/uv/bin/pip install --quiet --disable-pip-version-check uv==0.13.8
