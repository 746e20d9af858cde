# Everything happens in .venv, made with the standard library's venv and pip from
# files that pin every package by hash. No root, no Docker, nothing by hand.

PYTHON ?= python3
UV ?= uv
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check hooks bench torture manual mutants kafka flink lock clean

help: ## Print what each target does (this text).
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed$(if $(KAFKA),-dev) ## Import the real data, work a simulated year, and leave demo/*.db; with KAFKA=1 through a broker too.
	$(BIN)/python -m interfaces.demo $(if $(KAFKA),--kafka)

# Tests start hundreds of processes; none of them should have to compile what it imports.
test: check ## Run every check and then every test.
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto

check: $(VENV)/.installed-dev ## Check format, lint, types and the contracts between rooms.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

hooks: $(VENV)/.installed-dev ## Have git run the quick checks before each commit.
	install -m 755 .ci/pre-commit "$$(git rev-parse --git-path hooks)/pre-commit"

torture: $(VENV)/.installed-dev ## Kill writers, relay, consumers and broker 200 times, try many random examples, count the waits for the disk.
	PREMIUM_ROUNDS=200 $(BIN)/python -m pytest -v tests/service/test_killed.py tests/feed/test_killed.py tests/feed/test_relay.py
	PREMIUM_ROUNDS=20 $(BIN)/python -m pytest -v tests/service/test_server_killed.py
	PREMIUM_EXAMPLES=many $(BIN)/python -m pytest -n auto -m hypothesis
	$(BIN)/python -m tests.service.traced

kafka: $(VENV)/.installed-dev ## Start a Kafka broker of your own at 127.0.0.1:9092, until Ctrl-C.
	$(BIN)/python -m interfaces.kafka

flink: $(VENV)/.installed-dev .venv-flink/.installed ## Balances by Flink SQL over a broker, compared with the ledger to the penny.
	$(BIN)/python -m tests.flink --python .venv-flink/bin/python

bench: $(VENV)/.installed-dev ## Measure every subject beside its peers in one run, and write benchmarks/RESULTS.md.
	$(BIN)/python -m benchmarks $(SUBJECTS)

manual: $(VENV)/.installed ## Write docs/cli.md again, from the words of the program.
	$(BIN)/python -m interfaces.cli.manual

mutants: $(VENV)/.installed-dev ## Put faults into rules and decisions one by one, and count those that no test notices.
	$(BIN)/python -m mutmut run
	$(BIN)/python -m mutmut results

lock: ## Pin the requirements again, by hash (for maintainers; needs uv on the PATH).
	$(LOCK) --extra journals --output-file requirements/base.txt pyproject.toml
	$(LOCK) --all-extras --constraint requirements/base.txt --output-file requirements/dev.txt pyproject.toml
	$(LOCK) --extra postgres --constraint requirements/dev.txt --output-file requirements/deploy.txt pyproject.toml

clean: ## Remove what these targets made: .venv, demo and caches.
	rm -rf $(VENV) .venv-flink demo dist mutants .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# No address of a registry is written: pip asks the registry that this machine has.
LOCK = UV_PYTHON_DOWNLOADS=never $(UV) pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url --no-emit-find-links --group build

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.11"; exit 1; }
	@echo "Setting up $(VENV), once; this takes about half a minute."
	$(PYTHON) -m venv $(VENV)

# Wheels only: building from source would fetch build tools that nothing pins.
INSTALL = $(PIP) install --quiet --require-hashes --only-binary :all:
CHECKOUT = $(PIP) install --quiet --no-deps --no-build-isolation --editable .

$(VENV)/.installed: requirements/base.txt pyproject.toml | $(BIN)/python
	$(INSTALL) --requirement requirements/base.txt
	$(CHECKOUT)
	@touch $@

$(VENV)/.installed-dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(INSTALL) --requirement requirements/dev.txt
	$(CHECKOUT)
	@touch $@ $(VENV)/.installed

# Flink has an environment of its own: of its dependencies, SQL needs six packages.
.venv-flink/.installed: requirements/flink.txt | $(BIN)/python
	$(BIN)/python -m venv .venv-flink
	.venv-flink/bin/python -m pip --disable-pip-version-check --no-input install --quiet --require-hashes \
		--only-binary :all: --no-deps --requirement requirements/flink.txt
	@touch $@
