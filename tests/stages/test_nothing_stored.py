"""A stage whose code or parameters changed while it ran leaves every stored result as it was."""

import re
import shutil
from pathlib import Path

import pytest

from study.settings.record import ChangedWhileRunning, Record
from study.stages import robustness_page, tables

ROOT = Path(__file__).parents[2]
STAGES = sorted(file for file in (ROOT / "study/stages").glob("[!_]*.py") if file.stem != "entry")
LOOKS = re.compile(r"record\.(check|fields_now)\(")
WRITES = re.compile(r"^    +(manifest = prepared\.write|paths\.write_\w+|style\.save|write)\(", re.MULTILINE)


@pytest.mark.parametrize("file", STAGES, ids=lambda file: file.stem)
def test_a_stage_looks_before_it_writes(file):
    text = file.read_text(encoding="utf-8")
    body = text[text.index("def main(") :]
    looks, writes = LOOKS.search(body), WRITES.search(body)
    if looks and writes:
        # `provenance` may be asked for within the first write: arguments are evaluated before the call.
        first = body[: writes.end()] if looks.start() < writes.start() else body[: body.index("\n    )", writes.end())]
        assert LOOKS.search(first), f"{file.name} writes before it looks"


@pytest.mark.parametrize(
    ("stage", "arguments"), [(tables, ()), (robustness_page, ("objects",))], ids=["tables", "robustness_page"]
)
def test_nothing_is_replaced(stage, arguments, tmp_path, monkeypatch):
    def changed(_: Record) -> None:
        raise ChangedWhileRunning("the code changed")

    shutil.copy(ROOT / "params.yaml", tmp_path)
    (tmp_path / "paper_tables").symlink_to(ROOT / "paper_tables")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Record, "check", changed)
    with pytest.raises(ChangedWhileRunning):
        stage.main("smoke", *arguments)
    assert not (tmp_path / "results").exists()
