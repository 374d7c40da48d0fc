# `make run` and `make test` do all the set-up; nothing but Python 3.11 or newer is needed.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: run test check lock clean

run: $(VENV)/.ready
	@$(BIN)/askdocs ingest samples
	@$(BIN)/askdocs run

test: $(VENV)/.ready
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The lock is complete and is installed as it stands, its hashes checked; then the project itself. Nothing is looked up.
$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("AskDocs needs Python 3.11 or newer; set PYTHON=…") if sys.version_info < (3, 11) else 0'
	@echo "Setting up $(VENV) (the first time takes a few minutes)…"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Refreshes the pins and their hashes; no download address is written.
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet uv
	.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --all-extras --upgrade pyproject.toml -o requirements.lock
	rm -rf .venv-lock

clean:
	rm -rf $(VENV) .venv-lock data .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
