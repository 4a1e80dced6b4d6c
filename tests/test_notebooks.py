"""The notebooks run on the committed results, hold no outputs and no logic."""

import ast
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from safetensors.torch import save_file

from study.figures.catalogue import FIGURES
from study.models.wae import WaveletLikeAutoEncoder
from study.settings import params, paths
from tests.parameters import changed

NOTEBOOKS = sorted(Path("notebooks").glob("*.ipynb"))
SECONDS = 120


def executed(name: str, folder: str):
    notebook = nbformat.read(Path("notebooks") / name, as_version=4)
    NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": folder}}).execute()
    return notebook


def images(notebook) -> int:
    """How many images it shows."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return sum("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.slow
def test_every_figure_is_drawn_from_the_committed_results(tmp_path):
    for name in ("results", "paper_tables"):
        (tmp_path / name).symlink_to(Path(name).resolve())
    (tmp_path / "params.yaml").write_text(changed({"scale": "desk"}), encoding="utf-8")
    assert images(executed("figures.ipynb", str(tmp_path))) == len(FIGURES)


@pytest.mark.slow
def test_one_picture_goes_through_the_auto_encoder_that_stage_1_leaves(tmp_path):
    (tmp_path / "params.yaml").symlink_to(Path("params.yaml").resolve())
    whole = params.read()
    folder = tmp_path / paths.auto_encoder(whole.scale, "objects", whole.seeds[0])
    folder.mkdir(parents=True)
    save_file(WaveletLikeAutoEncoder().state_dict(), folder / "weights.safetensors")
    paths.write_json(folder / "outcome.json", {"outcome": "trained", "reason": None, "settings": {}})
    notebook = executed("one_picture.ipynb", str(tmp_path))
    assert images(notebook) == 1
    (losses,) = (cell.outputs[0]["data"]["text/plain"] for cell in notebook.cells[-1:])
    assert "Eq. 3, reconstruction" in losses


@pytest.mark.slow
def test_without_a_trained_network_the_picture_names_the_command(tmp_path):
    (tmp_path / "params.yaml").symlink_to(Path("params.yaml").resolve())
    with pytest.raises(CellExecutionError, match="make it again with: dvc repro"):
        executed("one_picture.ipynb", str(tmp_path))


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.name)
def test_a_notebook_has_no_outputs_and_defines_nothing(file):
    for cell in nbformat.read(file, as_version=4).cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)
            lines = [line for line in cell.source.splitlines() if not line.startswith("%")]
            kinds = {type(node) for node in ast.walk(ast.parse("\n".join(lines)))}
            assert not kinds & {ast.FunctionDef, ast.ClassDef, ast.Lambda}
