"""The program as a whole: its help, its faults, its completion."""

import subprocess
import sys

import pytest

from study.cli import options
from study.settings.methods import evaluated
from study.settings.parameters.whole import Scales

HEAVY = ("torch", "torchvision", "numpy", "pydantic", "rich", "dvc", "ruamel")


def test_help_needs_no_library_that_takes_long_to_load():
    program = f"import sys, study.cli.app; sys.exit(', '.join({HEAVY} & sys.modules.keys()) or None)"
    finished = subprocess.run([sys.executable, "-c", program.replace(str(HEAVY), str(set(HEAVY)))], capture_output=True)
    assert (finished.returncode, finished.stderr) == (0, b"")


def test_the_module_is_the_program():
    finished = subprocess.run([sys.executable, "-m", "study", "--help"], capture_output=True, text=True)
    assert finished.returncode == 0
    assert "\x1b" not in finished.stdout
    assert "╭" not in finished.stdout


@pytest.mark.parametrize(
    "command", ["doctor", "show", "figures", "tables", "report", "diff", "predict", "export", "evaluate"]
)
def test_every_command_explains_itself_with_examples(study, command):
    assert command in study("--help").stdout
    text = study(command, "--help").stdout
    assert "Examples:" in text
    assert f"study {command}" in text


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["show", "claims"], "error: results/smoke/claims.json: no such result; make it with: dvc repro tables@smoke"),
        (["show", "ledger"], "error: results/smoke/ledger.md: no such result; make it with: dvc repro tables@smoke"),
        (
            ["show", "table", "2", "--scale", "photos"],
            "error: results/photos/tables/table_2.json: no such result; "
            "make it with: dvc repro tables@photos (with `scale: photos` in params.yaml)",
        ),
        (["report"], "error: results/smoke/"),
        (["figures", "tradeof"], "error: figure: must be one of tradeoff, "),
        (
            ["figures", "framework"],
            "error: results/smoke/architecture.json: not there; make it with: dvc repro figures",
        ),
        (["figures", "noise", "--out", "noise.pdf"], "error: --out: must end in .png or .svg, got noise.pdf"),
        (["tables", "table_8"], "error: table: must be one of table_1, "),
        (["predict", "cat.png", "--method", "Our"], "error: method: must be one of full, half, "),
        (["predict", "cat.png", "--dataset", "cats"], "error: dataset and backbone: must be one of objects-vgg16, "),
        (
            ["predict", "cat.png"],
            "error: models/smoke/objects/vgg16/wae_cnn/seed0: no trained network; "
            "to train it: dvc repro finetune@smoke-objects-vgg16-wae_cnn-0",
        ),
        (
            ["predict", "cat.png", "--seed", "7"],
            "error: models/smoke/objects/vgg16/wae_cnn/seed7: no trained network; ",
        ),
        (["diff"], "error: HEAD: neither a folder nor a revision that git knows here"),
    ],
)
def test_a_fault_is_one_line_and_exit_code_two(study, checkout, words, fault):
    result = study(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(fault)
    assert len(result.stderr.splitlines()) == 1


def test_outside_of_a_checkout_the_program_says_where_to_go(study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert study("doctor").stderr == "error: pyproject.toml: not found; run it in the root of the checkout\n"
    assert study("show", "claims").stderr == "error: params.yaml: not found; run from the root of the checkout\n"


def test_the_scales_are_those_of_the_parameters():
    assert [scale.value for scale in options.Scale] == list(Scales.model_fields)


def test_a_shell_completes_methods_of_the_data_set_that_was_named():
    words = {"COMP_WORDS": "study predict --dataset faces --method ", "COMP_CWORD": "5"}
    program = "from study.cli.app import app; app(prog_name='study')"
    finished = subprocess.run(
        [sys.executable, "-c", program],
        env={**words, "_STUDY_COMPLETE": "complete_bash", "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
        capture_output=True,
        text=True,
    )
    completed = finished.stdout.split()
    assert completed == list(evaluated("faces", "vgg16"))
    assert "taylor_1" not in completed  # of objects alone
