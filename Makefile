# Two commands: `make run` and `make test`. Everything else is for those who work on Byline.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

DATA ?= $(wildcard ../shared/data)

.PHONY: run test fast explore coverage check lock bench eval setup clean

# Test files run side by side in so many processes.
JOBS ?= 2
PYTEST = $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder
MODELS = $(BIN)/python -m rag setup --models-only && $(BIN)/python -m rag models pull qwen2.5-coder-0.5b-instruct-q4_k_m
PIP = $(BIN)/python -m pip install -qq --disable-pip-version-check

run: setup
	@echo "Byline is at http://127.0.0.1:$(PORT) - stop it with Ctrl-C."
	@$(BIN)/streamlit run app.py --server.port $(PORT)

setup: $(VENV)/.installed
	@$(BIN)/python -m rag setup

test: $(VENV)/.tested
	@$(MODELS)
	@$(PYTEST)

fast: $(VENV)/.tested
	@$(PYTEST) --hypothesis-profile=fast --ignore=tests/browser -m "not slow and not model"

# The property tests with inputs that no run has tried yet (minutes).
explore: $(VENV)/.tested
	@$(PYTEST) --hypothesis-profile=explore $(shell grep -rl "^@given" tests)

# Branch coverage of the tests that need neither models nor a browser.
coverage: $(VENV)/.tested
	@$(PYTEST) --cov=rag --cov-branch --cov-report=term:skip-covered -m "not model and not browser"

bench: setup
	@$(BIN)/python bench/answering.py

EVAL := build/eval
XQUAD = --passages $(DATA)/xquad/passages.jsonl --questions $(DATA)/xquad/questions.jsonl

# Retrieval on the data sets, then the default model's report card on the sample library (slow without a GPU).
eval: $(VENV)/.installed
	@test -d "$(DATA)" || { echo "Where is the data? make eval DATA=folder (with xquad/ and news/ in it)"; exit 1; }
	@$(BIN)/python -m rag setup --models-only
	@$(BIN)/python -m rag eval retrieval $(XQUAD) --languages en,zh,vi,ru \
	  --save $(EVAL)/retrieval-4.json --picture $(EVAL)/retrieval-4.svg
	@$(BIN)/python -m rag eval retrieval $(XQUAD) --languages en,zh,vi,ru,de,es \
	  --save $(EVAL)/retrieval-6.json --picture $(EVAL)/retrieval-6.svg
	@$(BIN)/python -m rag eval headlines $(DATA)/news/*.jsonl \
	  --save $(EVAL)/headlines.json --picture $(EVAL)/headlines.svg
	@$(BIN)/python -m rag eval card --save $(EVAL)/card.json --picture $(EVAL)/card.svg

check: $(VENV)/.tested
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache
	@$(BIN)/python .ci/lock.py --check

# Renew the lock: the newest versions that pyproject.toml admits.
lock: $(VENV)/.tested
	@$(PIP) "uv>=0.9,<1"
	@$(BIN)/python .ci/lock.py

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Byline needs Python 3.11 or later; $(PYTHON) is older. Name another: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# The second line finds the build of torch that fits this machine.
$(VENV)/.installed: pyproject.toml requirements.lock | $(VENV)/bin/python
	@echo "Installing Byline's packages (a few minutes, once) ..."
	@$(PIP) --no-deps -r requirements.lock
	@$(PIP) -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed requirements-dev.lock
	@$(PIP) --no-deps -r requirements-dev.lock
	@touch $@

clean:
	@rm -rf $(VENV)
