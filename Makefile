.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help
help: ## Show what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.venv/installed: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rapport needs Python 3.11 or newer; set PYTHON=...")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: run
run: .venv/installed ## Set up and run the whole system on embedded servers
	@exec $(BIN)/rapport up

.PHONY: test
test: .venv/installed ## Set up and run the tests
	$(BIN)/pytest -n auto -m "not deployment"
	$(BIN)/pytest -n 2 --dist loadscope -m deployment tests/rapport tests/system tests/faults

.PHONY: check
check: .venv/installed ## Lint, format, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: fmt
fmt: .venv/installed ## Format the code and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: .venv/installed ## Run the benchmarks side by side with their references
	$(BIN)/python -m bench

.PHONY: smoke
smoke: .venv/installed ## Play the main job against a running system
	$(BIN)/rapport smoke

.PHONY: migrate
migrate: .venv/installed ## Bring the databases to the newest version
	$(BIN)/rapport migrate

.PHONY: asyncapi
asyncapi: .venv/installed ## Write docs/asyncapi.json from the event models
	$(BIN)/rapport asyncapi > docs/asyncapi.json

.PHONY: openapi
openapi: .venv/installed ## Write docs/openapi.json from the routes
	$(BIN)/rapport openapi > docs/openapi.json.new && mv docs/openapi.json.new docs/openapi.json

.PHONY: client
client: openapi ## Write the TypeScript types of the API; needs npm
	npm ci --prefix clients/typescript --silent --no-audit --no-fund --ignore-scripts
	npm run --prefix clients/typescript --silent make
	npm run --prefix clients/typescript --silent check

.PHONY: tables
tables: .venv/installed ## Write the tables of docs/operations.md from the code
	$(BIN)/python -m deploy.tables

.PHONY: permissions
permissions: .venv/installed ## Write what each part may do at NATS
	$(BIN)/python -m rapport.permissions

.PHONY: sbom
sbom: .venv/installed ## Write what the images hold, as CycloneDX, to sbom.json; they carry it
	@$(BIN)/python -m deploy.sbom sbom.json

.PHONY: up
up: sbom ## Build and start the system in containers
	docker compose up -d --build --wait

.PHONY: down
down: ## Stop the containers, keeping their data
	docker compose down

.PHONY: lock
lock: .venv/installed ## Renew the locked requirements
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-emit-index-url --no-header --upgrade --all-extras -o requirements-dev.lock

.PHONY: audit
audit: .venv/installed ## Look the locked requirements up among known vulnerabilities
	@$(BIN)/python -m deploy.audit

.PHONY: clean
clean: ## Remove what was made: the environment, caches and local data
	rm -rf .venv .rapport .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
