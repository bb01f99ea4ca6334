# Every target sets up its own virtual environment in .venv from the package registries; nothing else is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types accuracy bench fit pictures clean

$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: $(VENV)/ready  ## the dashboard on the bundled example, at a printed local address
	$(BIN)/leaderboard app

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready
	$(BIN)/mypy

test: lint types  ## style, types and the whole suite
	$(BIN)/pytest --cov --cov-report=term:skip-covered

accuracy: $(VENV)/ready  ## every measure that is at hand, and the table of the README
	$(BIN)/python -m benchmarks.accuracy --write README.md

bench: $(VENV)/ready  ## throughput of the extraction and times of the dashboard, as ratios
	$(BIN)/python -m benchmarks.throughput
	$(BIN)/python -m benchmarks.dashboard

fit: $(VENV)/ready  ## fit the weights anew from the annotated abstracts
	$(BIN)/python -m tuning.fit

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov

pictures: $(VENV)/ready  ## pictures of every page of the dashboard, for the README and the docs
	$(BIN)/python benchmarks/dashboard_pictures.py
