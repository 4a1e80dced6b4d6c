# Two commands do everything on a machine that has Python 3.11 or newer, git and make:
#   make repro    sets up, runs the whole pipeline at the scale of params.yaml, prints Table 1 beside the paper's
#   make test     sets up, checks style, floors and types, runs the tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PATH := $(CURDIR)/$(BIN):$(PATH)
.DELETE_ON_ERROR:
.PHONY: repro test setup notebooks bench training-speed clean

repro: $(READY)
	@before=$$(cksum dvc.lock 2>/dev/null); \
	dvc repro && \
	if [ "$$before" = "$$(cksum dvc.lock)" ]; then echo; echo "Nothing to do: every stage is up to date."; fi
	@python -m study show table 1

test: $(READY)
	@ruff check .
	@ruff format --check .
	@lint-imports
	@mypy
	@# In a process of their own: once OpenVINO has run, a later fork in the same process can crash.
	@python -m pytest tests/speed tests/export
	@python -m pytest --ignore=tests/speed --ignore=tests/export

setup: $(READY)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(f"Python 3.11 or newer is needed, {sys.version.split()[0]} was found; set PYTHON=") if sys.version_info < (3, 11) else None'
	@echo "Installing into $(VENV): about 5 GB, minutes"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

notebooks: $(READY)
	@jupyter lab notebooks

# Speed alone, of every network and implementation, printed and written to results/<scale>/bench.md; needs no training
bench: $(READY)
	@python -m study.stages.bench

# Images per second of training, as the study trains and as a plain loop would; writes results/desk/training_speed.json
training-speed: $(READY)
	@python -m study.stages.training_speed --scale desk

clean:
	rm -rf $(VENV) checkpoints data models dvc_plots
