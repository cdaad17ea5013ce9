# Every target does its own set-up: python3 (3.10 to 3.13, with venv) and make are all it takes.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
NEWS   := ../shared/corpus/xwlb-2022-2024.jsonl.gz

.PHONY: run test test-pythons test-browser test-spark test-virtuoso test-wheel vendor lint coverage fuzz kill audit docs bench score model lexicon clean
.DEFAULT_GOAL := run

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14) and "kgx needs Python 3.10 to 3.13: make PYTHON=python3.11 …")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

run: $(STAMP)  ## build the graph of the example articles into outputs/examples/, and check it
	$(BIN)/kgx build examples --output outputs/examples
	$(BIN)/kgx validate outputs/examples/graph.ttl

test: $(STAMP)  ## all tests
	$(BIN)/python -m pytest $(ARGS)

test-browser: $(STAMP)  ## the pages, in a headless Chromium (on Debian installed here, as root)
	command -v chromium >/dev/null || command -v google-chrome >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; } || true
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,browser]'
	$(BIN)/python -m pytest tests/browser $(ARGS)

vendor: $(STAMP)  ## fetch the JavaScript libraries anew from the npm registry, by checksum
	$(BIN)/python tools/vendor.py

test-virtuoso: $(STAMP)  ## the tests of triple stores, Virtuoso 7 included (root of a Debian installs it)
	command -v virtuoso-t || apt-get install --yes --no-install-recommends virtuoso-opensource-7
	$(BIN)/python -m pytest tests/test_store_http.py $(ARGS)

test-pythons:  ## a quick part of the tests under each of Python 3.10 to 3.13 that is installed
	$(PYTHON) tools/pythons.py $(ARGS)

test-spark: $(STAMP)  ## the build on Spark in local mode (root of a Debian installs Java 17)
	command -v java >/dev/null || apt-get install --yes --no-install-recommends openjdk-17-jre-headless
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,spark]'
	$(BIN)/python -m pytest tests/test_spark.py $(ARGS)

test-wheel: $(STAMP)  ## the wheel in an empty environment, without the repository
	KGX_TEST_WHEEL=1 $(BIN)/python -m pytest tests/test_wheel.py $(ARGS)

coverage: $(STAMP)  ## which lines the tests reach
	$(BIN)/python -m pytest -n 2 --cov=kgx --cov-report=term:skip-covered --cov-fail-under=90 $(ARGS)

fuzz: $(STAMP)  ## 20,000 mutated articles, pages and rule files (about an hour)
	$(BIN)/python tools/fuzz.py $(ARGS)

kill: $(STAMP)  ## builds and loads, each killed at 50 random moments and gone on with (about half an hour)
	$(BIN)/python tools/kill.py $(ARGS)

audit: $(STAMP)  ## known vulnerabilities of the pinned dependencies, where the network lets it ask
	$(BIN)/python -m pip install --quiet pip-audit
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip

docs: $(STAMP)  ## write the generated pages anew
	$(BIN)/python tools/cli_reference.py
	$(BIN)/python -m kgx.rdf.reference

lint: $(STAMP)  ## style and types
	$(BIN)/ruff check kgx tests bench tools
	$(BIN)/ruff format --check kgx tests bench tools
	$(BIN)/mypy kgx

bench: $(STAMP)  ## speed beside jieba, THULAC and rdflib, memory, growth, profile: outputs/bench.md
	$(BIN)/python -m pip install --quiet thulac || true
	$(BIN)/python bench/all.py $(ARGS)

bench-stores: $(STAMP)  ## writing against rdflib, loading, the ready-made questions
	$(BIN)/python bench/stores.py $(ARGS)

score: $(STAMP)  ## figures on the gold articles (needs ../shared)
	$(BIN)/kgx eval ../shared/gold/seed.json
	$(BIN)/kgx eval ../shared/gold/dev.jsonl

model: $(STAMP)  ## train the shipped model again (needs ../shared; about ten minutes)
	$(BIN)/python tools/silver.py $(NEWS) --leave-out ../shared/gold/dev.jsonl -o outputs/silver.jsonl.gz
	$(BIN)/kgx train outputs/silver.jsonl.gz --text $(NEWS) --seed 0 -o kgx/models/zh_news.npz

lexicon: $(STAMP)  ## learn the table of persons again (needs ../shared; about three minutes)
	$(BIN)/kgx lexicon build ../shared/corpus/*.gz --reference ../shared/reference --review outputs/people-in-doubt.tsv \
		--output rules/lexicon/people.tsv

clean:  ## all that was made here, the environment included
	rm -rf $(VENV) .venvs build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find outputs/examples -type f ! -name graph.ttl -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
