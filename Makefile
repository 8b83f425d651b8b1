.DEFAULT_GOAL := help
RUN := uv run

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-16s %s\n", $$1, $$2}'

setup: ## install everything, pinned
	uv sync

test: ## every test, on SQLite and PostgreSQL
	$(RUN) pytest

lint: ## style and layout
	$(RUN) ruff format --check
	$(RUN) ruff check

types: ## mypy, strict
	$(RUN) mypy
	$(RUN) mypy tests

contracts: ## who may import whom
	$(RUN) lint-imports

docs: ## the generated parts of the documentation are true
	$(RUN) pytest tests/architecture

update: ## format, and write generated docs and the lock anew
	$(RUN) ruff check --fix-only --quiet
	$(RUN) ruff format --quiet
	$(RUN) python -m tests.architecture.generated --update
	$(RUN) python -m tests.architecture.lock --update

first-migration: ## before the first release: write the one migration anew
	rm -f bot/storage/migrations/versions/0*.py
	$(RUN) pacesetter db revision "First tables"
	$(RUN) ruff check --fix-only --quiet bot/storage/migrations
	$(RUN) ruff format --quiet bot/storage/migrations

check: ## exactly what CI runs
	.ci/run

demo: ## a made-up sales team in a simulated Slack
	$(RUN) pacesetter demo

pictures: ## take the pictures of the documentation anew, from the demo
	$(RUN) python -m tests.browser.pictures

.PHONY: help setup test lint types contracts docs update first-migration check demo pictures
