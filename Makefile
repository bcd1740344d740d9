# Everything needs Python 3.11+ and a package index, and sets itself up. The logic is in tools/.
PYTHON ?= python3
PORT ?= 8000
SIZE ?= s
export ARGS ENGINES ENGINE NAME ONLY

RUN := $(PYTHON) -m tools.bootstrap run && .venv/bin/python
DEV := $(PYTHON) -m tools.bootstrap dev && .venv/bin/python

.PHONY: help demo test test-long e2e snap check fix messages tour bench lock wheel clean

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1 - \2/p' $(MAKEFILE_LIST)

demo: ## Hetong with example data on http://localhost:8000 (PORT=… SIZE=s|m|l)
	@$(RUN) -m tools.demo --port $(PORT) --size $(SIZE)

test: ## the whole suite on SQLite and PostgreSQL (ENGINES=… ARGS=…)
	@$(DEV) -m tools.test test

test-long: ## the full campaigns of the guarantees
	@$(DEV) -m tools.test long

e2e: ## the browser tests alone
	@$(DEV) -m tools.test e2e

snap: ## rewrite the committed snapshots
	@$(DEV) -m tools.test snap

check: ## format, style, house rules, floors, types, migrations, texts (ONLY=…)
	@$(DEV) -m tools.check

fix: ## mend what mends by itself
	@$(DEV) -m tools.check fix

messages: ## collect the texts of the interface into the catalogues
	@$(DEV) -m tools.messages extract

tour: ## what each app owns and refuses
	@$(RUN) -m tools.tour

bench: ## budgets beside measurements (NAME=… ARGS='--rows 10000' ENGINE=postgresql)
	@$(RUN) -m tools.bench

lock: ## resolve requirements/*.in into hashed lock files
	@$(DEV) -m tools.lock

wheel: ## the package with its front end, into dist/
	@$(DEV) -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## forget what can be made again (never the data in var/)
	rm -rf .venv .tools dist frontend/node_modules src/hetong/ui/static/ui/build
