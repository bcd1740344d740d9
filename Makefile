# Everything needs Python 3.11+ and a package index, and sets itself up. The logic is in tools/.
PYTHON ?= python3
PORT ?= 8000
SIZE ?= s
export ARGS ENGINES ENGINE NAME ONLY

RUN := $(PYTHON) tools/bootstrap.py run && .venv/bin/python
DEV := $(PYTHON) tools/bootstrap.py dev && .venv/bin/python

.PHONY: help demo test test-long e2e snap check fix tour bench lock wheel clean

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|'

demo: ## Hetong with example data on http://localhost:8000 (PORT=… SIZE=s|m|l)
	@$(RUN) tools/demo.py --port $(PORT) --size $(SIZE)

test: ## the whole suite on SQLite and PostgreSQL (ENGINES=… ARGS=…)
	@$(DEV) tools/test.py test

test-long: ## the full campaigns of the guarantees
	@$(DEV) tools/test.py long

e2e: ## the browser tests alone
	@$(DEV) tools/test.py e2e

snap: ## rewrite the committed snapshots
	@$(DEV) tools/test.py snap

check: ## format, style, house rules, floors, types, migrations, texts (ONLY=…)
	@$(DEV) tools/check.py

fix: ## mend what mends by itself
	@$(DEV) tools/check.py fix

tour: ## what each app owns and refuses
	@$(RUN) tools/tour.py

bench: ## budgets beside measurements (NAME=… ENGINE=postgresql)
	@$(RUN) tools/bench.py

lock: ## resolve requirements/*.in into hashed lock files
	@$(DEV) tools/lock.py

wheel: ## the package with its front end, into dist/
	@$(DEV) -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## forget what can be made again (never the data in var/)
	rm -rf .venv .tools dist frontend/node_modules src/hetong/ui/static/ui/build
