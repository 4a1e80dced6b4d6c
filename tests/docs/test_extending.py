"""What docs/extending.md says one can add, added as it says, in a copy of the checkout."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from study.settings import code, paths
from study.stages import prepare

pytestmark = pytest.mark.slow  # copies of the checkout, in which stages run
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
PLACE = ["--scale", "smoke", "--dataset", "objects", "--backbone"]


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def blocks(title: str, language: str) -> list[str]:
    """The code of a language in a section of the page."""
    return re.findall(rf"```{language}\n(.*?)```", section(title), re.DOTALL)


class Checkout:
    """A copy of what a checkout needs to be extended, and its commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("study", "paper_tables", "results/desk", "runs"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "tests").mkdir()
        for name in ("dvc.yaml", "params.yaml", "pyproject.toml", "tests/test_pipeline.py"):
            shutil.copy(ROOT / name, folder / name)
        shutil.copytree(ROOT / "pipelines", folder / "pipelines")
        self.dvc("init", "--no-scm", "--quiet")

    def run(self, *command: str) -> subprocess.CompletedProcess:
        environment = {**os.environ, "PYTHONPATH": ".", "DVC_ROOT": "."}
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)

    def dvc(self, *arguments: str) -> str:
        ran = self.run(sys.executable, "-m", "dvc", *arguments)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def stage(self, name: str, *arguments: str) -> None:
        ran = self.run(sys.executable, "-m", f"study.stages.{name}", *arguments)
        assert ran.returncode == 0, ran.stderr

    def use(self, name: str) -> str:
        ran = self.run(sys.executable, "-m", "study", "use", name)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def asked(self, program: str) -> object:
        """What an expression gives in a process that imports the copy."""
        ran = self.run(sys.executable, "-c", f"import json\nfrom study.settings.methods import *\n{program}")
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    def lacking(self) -> str:
        """What the check of dvc.yaml says; nothing if it is content."""
        names = "made_by_the_stage or made_once or place_is_evaluated"
        ran = self.run(
            sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_pipeline.py", "-k", names, "-vv"
        )
        return "" if ran.returncode == 0 else ran.stdout

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        (self.folder / name).write_text(text.replace(old, new), encoding="utf-8")

    def add_record(self, tuple_: str, record: str) -> None:
        self.edit("study/settings/rows.py", f"\n{tuple_} = (\n", f"\n{tuple_} = (\n{record.strip()},\n")


@pytest.fixture(scope="module")
def with_a_method(tmp_path_factory):
    """A checkout with the pruning method of the page; and what is said when it is run."""
    checkout = Checkout(tmp_path_factory.mktemp("method"))
    criterion, record = blocks("Add a pruning method", "python")
    (checkout.folder / "study/pruning/magnitude.py").write_text(criterion, encoding="utf-8")
    checkout.add_record("ROWS", record)
    return checkout, checkout.use("smoke")


def test_a_new_row_is_run_with_the_others_and_the_check_of_dvc_yaml_is_content(with_a_method):
    checkout, used = with_a_method
    assert "magnitude_gap" in used
    assert checkout.lacking() == ""


def test_a_new_pruning_method_is_evaluated_timed_compared_and_has_a_digest_and_changes_no_training(with_a_method):
    checkout, _ = with_a_method
    now = checkout.asked(
        "from study.settings import code\n"
        "print(json.dumps({'evaluated': evaluated('objects', 'vgg16'), 'timed': timed('vgg16'),"
        "'pruned': pruned('vgg16'), 'label': label('magnitude_gap', 'vgg16'), 'code': code.listing(),"
        "'controls': [(control.question, row.word, control.against) for control, row, _ in controls()]}))"
    )
    assert all("magnitude_gap" in now[words] for words in ("evaluated", "timed", "pruned"))
    assert now["label"] == "Magnitude-GAP"
    assert [
        "Is it pruning, or the training that comes with it?",
        "magnitude_gap",
        "full_thinet_tiny_budget",
    ] in now["controls"]
    before = code.listing()
    assert now["code"].keys() - before.keys() == {"prune/vgg16-magnitude_gap"}
    assert [name for name in before if name.partition("/")[2] and now["code"][name] != before[name]] == []
    assert now["code"]["wae"] == before["wae"]


def test_a_new_pruning_method_prunes_to_its_plan(with_a_method):
    checkout, _ = with_a_method
    checkout.stage("prepare", "--scale", "smoke", "--dataset", "objects")
    checkout.stage("train", *PLACE, "vgg16", "--method", "full", "--seed", "0")
    checkout.stage("prune", *PLACE, "vgg16", "--method", "magnitude_gap", "--seed", "0")
    folder = checkout.folder / paths.classifier("smoke", "objects", "vgg16", "magnitude_gap", 0)
    assert paths.read_json(folder / "outcome.json")["outcome"] == "trained"
    plan = paths.read_json(folder / "plan.json")
    # The layers of ThiNet-GAP, as shares of VGG16's.
    shares = [kept / of for kept, of in zip(plan["kept"], plan["of"], strict=True)]
    assert shares == [0.5] * 10 + [1.0] * 3


def test_a_new_pruning_method_stands_in_every_table_that_shows_rows_and_in_the_report(with_a_method):
    checkout, _ = with_a_method
    checkout.stage("tables", "--scale", "desk")
    results = checkout.folder / "results" / "desk"
    for name in ("rows.md", "controls.md", "pruning.md"):
        assert "Magnitude-GAP" in (results / name).read_text(encoding="utf-8"), name
    drawn = "from study.figures.error_and_cost import drawn\nprint(json.dumps(drawn('vgg16')))"
    assert "magnitude_gap" in checkout.asked(drawn)
    shown = "from study.rendering.document import document\nprint(json.dumps('Magnitude-GAP' in document('desk')))"
    assert checkout.asked(shown) is True


@pytest.fixture(scope="module")
def with_a_backbone(tmp_path_factory):
    """A checkout with the backbone of the page; and what the checks say before dvc.yaml and params.yaml name it."""
    checkout = Checkout(tmp_path_factory.mktemp("backbone"))
    title = "Add a backbone"
    network, record = blocks(title, "python")
    (checkout.folder / "study/models/small.py").write_text(network, encoding="utf-8")
    checkout.add_record("BACKBONES", record)
    missing_rate = checkout.run(sys.executable, "-m", "study.stages.preflight").stderr
    groups, rate = blocks(title, "yaml")
    checkout.edit("params.yaml", "vgg16: {others: ", f"{rate.strip()}, vgg16: {{others: ")
    lacking = checkout.lacking()
    checkout.edit(
        "dvc.yaml", "\n  train_faces:\n", f"\n{groups[: groups.index('  train_frozen_small')]}\n  train_faces:\n"
    )
    further = groups[groups.index("  train_frozen_small") :]
    checkout.edit("dvc.yaml", "\n  extend: ", f"\n{further}\n  extend: ")
    checkout.use("smoke")
    return checkout, missing_rate, lacking


ROWS_OF_EVERY_BACKBONE = {"full", "half", "wae_cnn_frozen", "wae_cnn", "wae_cnn_low_stream"}


def test_the_checks_say_what_a_new_backbone_needs_and_are_then_content(with_a_backbone):
    checkout, missing_rate, lacking = with_a_backbone
    assert "scales.smoke.classifier.learning_rate.small: missing" in missing_rate
    for word, stage in (("full", "train"), ("wae_cnn_frozen", "train"), ("wae_cnn", "finetune")):
        assert f"add a group for objects-small that runs study.stages.{stage}" in lacking, word
    assert checkout.lacking() == ""


def test_a_new_backbone_has_its_rows_timed_and_compared_and_changes_no_training(with_a_backbone):
    checkout, *_ = with_a_backbone
    now = checkout.asked(
        "from study.settings import code\n"
        "print(json.dumps({'evaluated': evaluated('objects', 'small'), 'timed': timed('small'),"
        "'label': label('full', 'small'), 'code': code.listing(),"
        "'controls': [(row.word, control.against) for control, row, place in controls() if place[1] == 'small']}))"
    )
    assert set(now["evaluated"]) == ROWS_OF_EVERY_BACKBONE
    assert {"full", "half", "wae_cnn"} <= set(now["timed"])
    assert now["label"] == "Small network"
    assert ["wae_cnn_low_stream", "wae_cnn"] in now["controls"]
    before = code.listing()
    trained = ROWS_OF_EVERY_BACKBONE - {"wae_cnn_low_stream"}
    assert {name.partition("/")[2] for name in now["code"].keys() - before.keys()} == {
        f"small-{word}" for word in trained
    }
    assert [name for name in before if name.partition("/")[2] and now["code"][name] != before[name]] == []


def test_a_new_backbone_ends_in_the_tables_of_rows_and_controls_and_in_the_figures(with_a_backbone):
    checkout, *_ = with_a_backbone
    checkout.edit("params.yaml", "\n- 0\n- 1\n", "\n- 0\n")
    checkout.stage("prepare", "--scale", "smoke", "--dataset", "objects")
    checkout.stage("wae", "--scale", "smoke", "--dataset", "objects", "--seed", "0")
    for stage, word in (("train", "full"), ("train", "half"), ("train", "wae_cnn_frozen"), ("finetune", "wae_cnn")):
        checkout.stage(stage, *PLACE, "small", "--method", word, "--seed", "0")
    checkout.stage("evaluate", *PLACE, "small")
    checkout.stage("complexity", "--scale", "smoke")
    checkout.stage("tables", "--scale", "smoke")
    results = checkout.folder / "results" / "smoke"
    rows = {row["method"]: row for row in paths.read_json(results / "rows.json")["rows"] if row["backbone"] == "small"}
    assert set(rows) == ROWS_OF_EVERY_BACKBONE
    assert all(0 <= row["top1_error_percent"] <= 100 for row in rows.values())
    assert rows["full"]["multiply_adds_billion"] > 3.9 * rows["half"]["multiply_adds_billion"]
    assert rows["full"]["label"] == "Small network"
    for name in ("rows.md", "controls.md"):
        assert "Small network" in (results / name).read_text(encoding="utf-8"), name
    figures = "from study.figures.catalogue import FIGURES\nprint(json.dumps([one.name for one in FIGURES]))"
    assert "error_small" in checkout.asked(figures)


def test_a_backbone_without_filters_to_narrow_says_that_it_cannot_be_pruned(with_a_backbone):
    checkout, *_ = with_a_backbone
    ran = checkout.run(
        sys.executable, "-c",
        "from study.models.build import build\nfrom study.models.plans import THINET_GAP\n"
        "from study.models.shape import Shape\nbuild('small', 'full', Shape(side=32, classes=7, plan=THINET_GAP))",
    )  # fmt: skip
    assert ran.stderr.strip().splitlines()[-1] == (
        "study.settings.errors.InvalidParameter: backbone: this one has no `filters` and `narrow`, which pruning needs"
    )


def test_the_data_set_that_the_page_adds_is_prepared(tmp_path, monkeypatch):
    (block,) = blocks("Add a data set", "yaml")
    params = (ROOT / "params.yaml").read_text(encoding="utf-8")
    photos = params.partition("\n  photos:\n")[2]
    old = photos[photos.index("      objects:\n") : photos.index("      faces:\n")]
    new = "".join(f"      {text}\n" for text in block.splitlines())
    (tmp_path / "params.yaml").write_text(params.replace(photos, photos.replace(old, new, 1)))
    random = np.random.default_rng(0)
    for name in ("cat", "dog"):
        for number in range(10):
            file = tmp_path / "photos" / name / f"{number}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(random.integers(0, 256, (140, 150, 3), dtype=np.uint8)).save(file)
    (tmp_path / "paper_tables").symlink_to(ROOT / "paper_tables")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STUDY_OBJECTS", str(tmp_path / "photos"))
    prepare.main("photos", "objects")
    manifest = paths.read_json(paths.prepared("photos", "objects") / "manifest.json")
    assert manifest["classes"] == ["cat", "dog"]


def test_every_file_that_the_page_names_exists():
    named = set(re.findall(r"`((?:study|tests)/[\w/]+\.\w+)`", PAGE)) - {
        "study/pruning/magnitude.py",
        "study/models/small.py",
    }
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
