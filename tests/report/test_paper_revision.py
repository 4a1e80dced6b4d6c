import json
import subprocess
from pathlib import Path

from study.report import paper_revision

ROOT = Path(__file__).parents[2]


def git(folder, *arguments):
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_the_tag_holds_the_papers_numbers_and_touches_nothing_else(tmp_path, monkeypatch):
    git(tmp_path, "init", "-q")
    (tmp_path / "paper_tables").symlink_to(ROOT / "paper_tables")
    monkeypatch.chdir(tmp_path)
    before = git(tmp_path, "status", "--porcelain")
    first = paper_revision.tag()
    assert paper_revision.tag() == first
    assert git(tmp_path, "status", "--porcelain") == before
    metrics = json.loads(git(tmp_path, "show", "paper:results/metrics.json"))
    assert metrics["table_1"]["ours"]["cpu_speedup"] == 3.13
