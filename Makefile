.PHONY: run test check docs model encoder ablation bench clean

VENV := .venv
BIN := $(VENV)/bin
SHARED := ../shared

run: $(VENV)/.installed
	$(BIN)/roleclf classify corpora/sample/postings.csv -o labelled.csv

test: $(VENV)/.tested
	$(BIN)/python -m pytest

check: $(VENV)/.tested
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Writes outputs, scores, layers and the picture in the documents anew.
docs: $(VENV)/.tested
	$(BIN)/python docs/pictures.py
	$(BIN)/python tests/test_docs.py

# Needs the corpora of ../shared; the result is in the repository.
model: $(VENV)/.tested
	$(BIN)/python corpora/prepare.py $(SHARED)/corpora build
	$(BIN)/python corpora/compose.py build/written.parquet
	$(BIN)/roleclf train $(SHARED)/corpora/gold_train.csv \
	    --labels $(SHARED)/corpora/labels_train.jsonl \
	    --labels $(SHARED)/corpora/labels_dev.jsonl \
	    --unlabelled build/unlabelled.parquet \
	    --written build/written.parquet \
	    --held-out $(SHARED)/corpora/gold_dev.csv \
	    -o models/roleclf-en --seed 0

# The encoder of --reader careful. Needs the corpora of ../shared, some GB of libraries
# and an hour or more; the result is in the repository. The figures are calibrate.py's.
encoder: $(VENV)/.tested
	$(BIN)/python -m pip install --quiet --group encoder
	$(BIN)/python corpora/encoder/prepare.py $(SHARED)/corpora build
	$(BIN)/python corpora/encoder/train.py build/encoder.parquet \
	    -o build/encoder.pt --layers 4 --max-pieces 224 --epochs 2 --seed 0
	$(BIN)/python corpora/encoder/export.py build/encoder.pt build/encoder.parquet \
	    -o models/roleclf-careful-en --max-pieces 224
	$(BIN)/python corpora/prepare.py $(SHARED)/corpora build
	$(BIN)/python corpora/compose.py build/written.parquet
	$(BIN)/roleclf train build/encoder_train.csv \
	    --labels $(SHARED)/corpora/labels_train.jsonl \
	    --unlabelled build/unlabelled.parquet --written build/written.parquet \
	    -o build/calibration-en --seed 0
	$(BIN)/python corpora/encoder/calibrate.py build/encoder_calibrate.csv \
	    --labels $(SHARED)/corpora/labels_train.jsonl \
	    --encoder models/roleclf-careful-en --model build/calibration-en

# Takes a quiet machine and some minutes; see benchmarks/README.md.
bench: $(VENV)/.tested
	$(BIN)/python benchmarks/matcher.py
	$(BIN)/python benchmarks/speed.py

# What each part of the classifier gives, measured; takes half an hour, needs ../shared.
ablation: $(VENV)/.tested
	$(BIN)/python corpora/prepare.py $(SHARED)/corpora build
	$(BIN)/python benchmarks/ablation.py $(SHARED)/corpora build models/roleclf-en

clean:
	rm -rf $(VENV) build labelled.csv src/roleclf/loops/_loops.*.so src/roleclf/loops/_loops.*.pyd

$(VENV)/bin/python:
	python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

# What an install is made of; a change of it compiles the inner loops anew.
$(VENV)/.installed: $(VENV)/bin/python pyproject.toml hatch_build.py $(wildcard src/roleclf/loops/*)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group test
	touch $@
