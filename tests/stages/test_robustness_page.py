"""The page of the conditions when none was run."""

import shutil
from pathlib import Path

from study.stages import robustness_page as stage

ROOT = Path(__file__).parents[2]


def test_page_and_figure_say_that_no_condition_was_run(tmp_path, monkeypatch):
    shutil.copy(ROOT / "params.yaml", tmp_path)
    (tmp_path / "paper_tables").symlink_to(ROOT / "paper_tables")
    monkeypatch.chdir(tmp_path)
    stage.main("smoke", "objects")
    folder = tmp_path / "results/smoke/robustness"
    assert "No condition was run" in (folder / "objects.md").read_text(encoding="utf-8")
    assert (folder / "objects.png").is_file()
