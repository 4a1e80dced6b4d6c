"""The notebooks run on the committed results, hold no outputs and no logic."""

import ast
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = sorted(Path("notebooks").glob("*.ipynb"))
SECONDS = 120


def executed(name: str, folder: str):
    notebook = nbformat.read(Path("notebooks") / name, as_version=4)
    NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": folder}}).execute()
    return notebook


@pytest.mark.parametrize("name", ["figures.ipynb", "tables.ipynb"])
def test_a_notebook_of_results_runs_from_top_to_bottom(name):
    notebook = executed(name, "notebooks")
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any(output.output_type in ("display_data", "execute_result") for output in shown)
    if name == "figures.ipynb":
        assert any("image/png" in output.get("data", {}) for output in shown)


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
