# Every target sets up what it needs by itself; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SIZES ?= 100,1000
MODEL := models/clauses/model.skops
READY := $(VENV)/.ready
SMOKE := build/installed
TRAIN = $(BIN)/vnpolicy train && $(BIN)/vnpolicy evaluate --card

.DEFAULT_GOAL := run
.PHONY: run train curves evaluate bench check test coverage notebooks wheel wheelhouse licences readme picture soak help clean

run: $(MODEL)  ## analyse data/raw, write tables and reports to build/ (default)
	@$(BIN)/vnpolicy run data/raw --out build; status=$$?; \
	if [ $$status -eq 1 ]; then echo "warning: some documents failed, see build/failures.csv" >&2; \
	else exit $$status; fi

train: $(READY)  ## train the classifier anew from data/annotated, draw its card
	$(TRAIN)

curves: $(READY)  ## what more labels buy (some ten minutes), draw it into the card
	$(BIN)/vnpolicy evaluate --curves
	$(BIN)/vnpolicy evaluate --card

evaluate: $(MODEL)  ## score: each real vendor left out in turn, then the agreement of the annotators
	$(BIN)/vnpolicy evaluate
	$(BIN)/vnpolicy evaluate --agreement data/annotated/annotators/real
	$(BIN)/vnpolicy evaluate --agreement data/annotated/annotators/authored

bench: $(MODEL)  ## how fast: stages, underthesea, pyvi and a notebook on the same text; SIZES=100,1000,10000 for growth
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[bench]"
	$(BIN)/python benchmarks/speed.py --sizes $(SIZES)

check: $(READY)  ## lint, types, and the floors of the model
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/vnpolicy evaluate --check

test: $(MODEL)  ## all tests, on all cores
	$(BIN)/pytest --numprocesses auto --dist loadfile

coverage: $(MODEL)  ## which lines and branches no test reaches, processes included (twice as long as the tests)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest || true
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered --show-missing

notebooks: $(MODEL)  ## run all notebooks from top to bottom
	$(BIN)/pytest tests/test_notebooks.py

wheel: $(MODEL)  ## dist/*.whl with the model inside; installed on its own and tried; sizes and start-up printed
	rm -rf dist/*.whl build/lib build/bdist.* $(SMOKE)
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	$(PYTHON) -m venv $(SMOKE)
	$(SMOKE)/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt dist/*.whl
	$(BIN)/python tests/installed.py $(SMOKE)

wheelhouse: wheel  ## dist/wheelhouse: all that an installation without a network needs (same system and Python as here)
	rm -rf dist/wheelhouse
	$(BIN)/pip download --quiet --disable-pip-version-check --constraint constraints.txt --dest dist/wheelhouse dist/*.whl
	@echo "there: pip install --no-index --find-links wheelhouse vnpolicy"

licences: $(READY)  ## docs/licences.md: the licence of every package that an installation brings
	$(BIN)/python docs/licences.py

readme: run  ## what the README quotes: the table, the figures of the card
	$(BIN)/python docs/readme.py

picture: run  ## the picture of the README, docs/report.png (needs a Chromium)
	$(BIN)/python docs/picture.py

soak: $(MODEL)  ## runs killed, out of disk, two at once, damaged, workers killed; hostile files; an hour of fuzzing
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[soak]"
	PYTHONPATH=benchmarks $(BIN)/python tests/soak.py $$(mktemp -d)
	$(BIN)/python tests/fuzz.py

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

clean:  ## remove what was made: environment, model, build
	rm -rf $(VENV) $(MODEL) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed; name it with: make PYTHON=python3.11')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	@touch $@

$(MODEL): $(READY) data/annotated/documents.csv $(wildcard data/annotated/labels/*.tsv) \
          pipeline/features.py pipeline/around.py pipeline/predictor.py pipeline/classifier.py pipeline/nlp.py pipeline/labels.toml
	$(TRAIN)
