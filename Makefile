# Two commands do everything, set-up included:  make demo   ·   make test
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

QGIS_VENV := .venv-qgis
QGIS_STAMP := $(QGIS_VENV)/.installed

.PHONY: demo test test-lib test-qgis test-qgis-all test-qgis-others plugin declarations lint format bench docs clean

$(STAMP): pyproject.toml
	@bash .ci/venv $(PYTHON) $(VENV)
	@touch $@

demo: $(STAMP)
	$(BIN)/python benchmarks/diagnosis.py --demo

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test-lib: lint
	$(BIN)/python -m pytest -q -m "not slow" -n 2 --dist loadfile

test: lint
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --cov --cov-report=term
	$(BIN)/python -m pytest -q --nbmake --nbmake-timeout=300 notebooks
	$(MAKE) test-qgis

bench: $(STAMP)
	$(BIN)/python -m pip install --quiet --group bench
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -q && apt-get install -qy postgresql postgresql-postgis || echo "PostGIS : absent"; fi
	$(BIN)/python benchmarks/overlay --repeat 3 --write

$(QGIS_STAMP): .ci/qgis
	@bash .ci/qgis $(QGIS_VENV)
	@touch $@

# Inside QGIS, by QGIS's own Python; the library is reached as the plugin reaches it.
test-qgis: $(STAMP) $(QGIS_STAMP)
	cd tests_qgis && QT_QPA_PLATFORM=offscreen TERRITOIRE_SIG_PYTHON=$(abspath $(BIN)/python) \
		../$(QGIS_VENV)/bin/python -m pytest -q

# The same suite in QGIS 3.40 (Debian 13) and 3.44 (its backports), side by side, each in a folder kept outside the
# checkout.
test-qgis-all: test-qgis test-qgis-others

test-qgis-others: $(STAMP)
	for version in 3.40 3.44; do PIP_PYTHON=$(abspath $(BIN)/python) bash .ci/qgis-folder $$version || exit 1; done
	$(MAKE) -j 2 --output-sync=target test-qgis-3.40 test-qgis-3.44

test-qgis-3.%: $(STAMP)
	cd tests_qgis && bash ../.ci/qgis-in 3.$* /opt/tests/bin/python -m pytest -q

# The zip of the plugin, with the library in it: dist/territoire_sig_qgis-<version>.zip
plugin: $(STAMP)
	$(BIN)/python qgis_plugin/package.py dist

# The declarations that the plugin ships, from the code.
declarations: $(STAMP)
	$(BIN)/python qgis_plugin/declarations.py

docs: $(STAMP)
	$(BIN)/python -m pip install --quiet --group docs
	$(BIN)/python docs/generate.py
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(QGIS_VENV) demo docs/_build docs/reference/api build dist .mypy_cache .ruff_cache .pytest_cache
