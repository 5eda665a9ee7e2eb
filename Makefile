# `make` alone explains itself. Everything happens in .venv/, .tools/ and var/; nothing is installed elsewhere.
.DEFAULT_GOAL := help
SHELL := /bin/bash

# Any of those that fit, unless one is named.
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
# What is served and trained with, and what checks, tests and benches need besides.
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

NODE_STAMP := node_modules/.package-lock.json

.PHONY: help run train doctor test test-fast test-widget test-services check generate renew-pages bench soak bench-widget bench-desk bench-ops shift screenshots check-nlu bench-nlu bench-masking simulate coverage-conversations lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-23s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml
	@PYTHON="$(PYTHON)" scripts/install run $(VENV)
	@touch $(STAMP)

$(DEV_STAMP): requirements-dev.lock pyproject.toml
	@PYTHON="$(PYTHON)" scripts/install dev $(VENV)
	@touch $(STAMP) $(DEV_STAMP)

$(NODE_STAMP): package.json package-lock.json
	@scripts/doctor check >&2
	@npm ci --silent
	@touch $(NODE_STAMP)

run: $(STAMP) ## Install, migrate, load the demo world, train if needed, start everything, print the demo page's address
	@$(BIN)/baitiao up

train: $(STAMP) ## Train a model into models/
	@$(BIN)/baitiao train

test: ## Install what is missing, or name the command that does, and run every test
	@PYTHON="$(PYTHON)" scripts/doctor test --install
	@$(MAKE) --no-print-directory $(DEV_STAMP) $(NODE_STAMP)
	@scripts/test

doctor: ## Say what this machine lacks to run and to test, and the command that brings it
	@PYTHON="$(PYTHON)" scripts/doctor test

test-fast: $(DEV_STAMP) ## The inner loop: pure tests that are quick
	@$(BIN)/python -m pytest -q -n 2 -m "not slow and not broad" tests/unit

test-widget: $(DEV_STAMP) $(NODE_STAMP) ## The chat widget's modules in Node, then everything of it in Chromium
	@node --test tests/widget/modules/
	@$(BIN)/python -m pytest -q tests/widget

test-services: $(DEV_STAMP) ## PostgreSQL, Redis, and a whole deployment behind nginx
	@$(BIN)/python -c 'from bot.engine.training import is_stale, train; is_stale() and train()'
	@$(BIN)/python -m pytest -q tests/services

check: $(DEV_STAMP) $(NODE_STAMP) ## Style, types, imports, dependencies, knowledge, generated parts, recipes, the widget's types and size, deploy/
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache && $(BIN)/deptry . && $(BIN)/deptry actions ops bot --pep621-dev-dependency-groups dev && $(BIN)/baitiao knowledge check
	@$(BIN)/python -m tools.generate --check
	@$(BIN)/python -m pytest -q -n 2 tests/recipes
	@node_modules/.bin/tsc -p . && scripts/bundle-widget --check && scripts/widget-size
	@scripts/check-deploy

# The format of conversation tests belongs to the tests, which import the tools and not the other way round.
generate: $(DEV_STAMP) $(NODE_STAMP) ## Write everything anew that is generated: parts of docs, schemas, types, rules, the bundle of the widget
	@scripts/bundle-widget
	@$(BIN)/python -m tools.generate
	@$(BIN)/python -m conversations.script

renew-pages: $(DEV_STAMP) ## Play the conversations that README and docs show anew, and write down what is said now
	@$(BIN)/python -W ignore -m tools.renew_pages

bench: $(DEV_STAMP) ## Measure diagnosis and chat turns: medians and ratios
	@$(BIN)/python -m tests.load.bench

soak: $(DEV_STAMP) ## 10000 messages of 128 customers over two web servers, a part killed every 5 s; fails if any is lost, doubled or empty
	@$(BIN)/python -m tests.load.soak --workers 2 --kill-every 5

simulate: $(DEV_STAMP) ## Play 2000 simulated customers and report success; every failure comes with the seed that replays it
	@$(BIN)/python -W ignore -m conversations.simulation

coverage-conversations: $(DEV_STAMP) ## What conversation tests and 300 simulated customers reach, as a table and a heat map
	@rm -rf var/coverage
	@CONVERSATION_COVERAGE=var/coverage $(BIN)/python -m pytest -q -n 2 --dist loadgroup tests/conversations tests/simulation
	@$(BIN)/python -m conversations.coverage

bench-widget: $(DEV_STAMP) ## Measure the chat widget: first open, a long history, requests; fails above its limits
	@$(BIN)/python -m tests.load.widget

bench-desk: $(DEV_STAMP) ## Measure the desk: 500 cases listed and filtered, a message until it is shown, 200 events a second; fails above its limits
	@$(BIN)/python -m tests.load.desk

bench-ops: $(DEV_STAMP) ## The alarm's table over simulated weeks (SEEDS="11"), how long a pass of the live watch takes, what observations cost a turn, 10,000 customers told of an outage's end, rehearsals of policies against what comes, 100,000 badges, whether insight reports say what is true, the tables of experiments and of policies before and after, a night and 120 days of advice; more than an hour
	@$(BIN)/python -m tools.evaluation.alarms $(or $(SEEDS),11)
	@$(BIN)/python -m tools.evaluation.watch_passes $(firstword $(or $(SEEDS),11))
	@$(BIN)/python -m tests.load.observing
	@$(BIN)/python -m tests.load.outage
	@$(BIN)/python -m tests.load.policies
	@$(BIN)/python -m tests.load.badges
	@$(BIN)/python -m tools.evaluation.insight $(firstword $(or $(SEEDS),11))
	@$(BIN)/python -m tests.load.insight
	@$(BIN)/python -m tools.evaluation.experiments $(or $(SEEDS),11)
	@$(BIN)/python -m tools.evaluation.rollouts $(or $(SEEDS),11)
	@$(BIN)/python -m tests.load.advice
	@$(BIN)/python -m tests.load.advice --walk 120 --seed $(firstword $(or $(SEEDS),11))

shift: $(DEV_STAMP) ## Two agents in Chromium work 30 simulated cases; fails if anything is lost, doubled, stale or not audited
	@$(BIN)/python -m tests.load.shift

screenshots: $(DEV_STAMP) ## Make the pictures in docs/screenshots anew (starts the assistant)
	@$(BIN)/python -m tests.widget.screenshots

check-nlu: $(DEV_STAMP) ## Look for duplicates, leaks and imbalance in the training sentences
	@$(BIN)/python -m tools.check_nlu

bench-nlu: $(DEV_STAMP) ## Train the candidate classifiers on the same data and print one table
	@$(BIN)/python -m tools.evaluation.bench

bench-masking: $(DEV_STAMP) ## Measure masking: recall and false alarms on a generated set
	@$(BIN)/python -m tools.evaluation.masking

lock: ## Resolve requirements.lock and requirements-dev.lock anew from pyproject.toml
	@scripts/lock

clean: ## Remove the environment, models, databases and caches
	rm -rf $(VENV) .tools node_modules var models .rasa build ./*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
