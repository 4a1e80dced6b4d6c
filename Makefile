# Two commands do everything on a machine that has Python 3.11, 3.12 or 3.13, git and make:
#   make repro    sets up, says how long it takes, runs the pipeline as params.yaml says, prints Table 1 beside the
#                 paper's, and compares every cell with the run that the repository holds
#   make test     sets up, checks style, floors and types, runs the tests
# TORCH_INDEX=URL with either, the first time, takes torch from that index: with the one for processors alone, which
# pytorch.org names under "Get started", 3.3 GB of GPU packages are left out (Linux).
PYTHON ?= python3
TORCH_INDEX ?=
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check
# In processes of their own: once OpenVINO has run, a later fork in the same process can crash.
AFTER_OPENVINO := tests/speed tests/export tests/stages/test_timing.py
export PATH := $(CURDIR)/$(BIN):$(PATH)
.DELETE_ON_ERROR:
.PHONY: repro test trials style coverage setup notebooks bench training-speed clean

repro: $(READY)
	@python -m study doctor --errors
	@python -m study plan
	@before=$$(cksum dvc.lock 2>/dev/null); \
	dvc repro && \
	if [ "$$before" = "$$(cksum dvc.lock)" ]; then echo; echo "Nothing to do: every stage is up to date."; fi
	@python -m study show table 1
	@python -m study check

test: style
	@python -m pytest $(AFTER_OPENVINO)
	@python -m pytest $(AFTER_OPENVINO:%=--ignore=%)

style: $(READY)
	@ruff check .
	@ruff format --check .
	@lint-imports
	@mypy

# Kills, damage, strange input, several runs at once: a table of tried and survived, in docs/trials.md. SHORT=1: a few of
# each, none with dvc, printed alone
trials: $(READY)
	@python -m trials $(if $(SHORT),--short)

# The lines and branches of study/ that the tests reach, also in the processes that they start
coverage: $(READY)
	@coverage erase
	@coverage run -m pytest $(AFTER_OPENVINO)
	@coverage run -m pytest $(AFTER_OPENVINO:%=--ignore=%)
	@coverage combine --quiet
	@coverage report

setup: $(READY)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(f"Python 3.11, 3.12 or 3.13 is needed, {sys.version.split()[0]} was found; set PYTHON=") if not (3, 11) <= sys.version_info < (3, 14) else None'
	@echo "Installing into $(VENV): minutes, up to 7 GB"
	$(PYTHON) -m venv $(VENV)
	@# First, so that the next line finds its pins met: 2.11.0+cpu is a build of 2.11.0.
	$(if $(TORCH_INDEX),$(PIP) install --quiet --no-deps --index-url $(TORCH_INDEX) $(TORCH_PINS))
	$(PIP) install --quiet --editable '.[dev]'
	@touch $@

TORCH_PINS = $(shell $(PYTHON) -c 'import tomllib; print(*(pin for pin in tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"] if pin.startswith(("torch==", "torchvision=="))))')

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
