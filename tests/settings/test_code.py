"""Which edits of the package make which stages run again, on a copy of it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from study.settings import code, paths
from study.settings.errors import InvalidParameter, StudyError
from study.settings.methods import METHODS, PLACES, trained

ROOT = Path(__file__).parents[2]
ROWS = {f"{METHODS[word].stage}/{place[1]}-{word}" for place in PLACES for word in trained(*place)}
TRAININGS = {"wae", *ROWS}


def rows(which: Callable) -> set[str]:
    """The digests of the rows whose records are like this."""
    return {name for name in ROWS if which(METHODS[name.partition("-")[2]])}


@pytest.fixture(autouse=True)
def copy(tmp_path, monkeypatch):
    """A copy of the package, whose digests are taken; a change of one of its files by `copy(file, old, new)`."""
    shutil.copytree(ROOT / "study", tmp_path / "study", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(code, "PACKAGE", tmp_path / "study")
    monkeypatch.chdir(tmp_path)
    code.forget()

    def change(file: str, old: str, new: str) -> None:
        source = (tmp_path / "study" / file).read_text(encoding="utf-8")
        assert old in source
        (tmp_path / "study" / file).write_text(source.replace(old, new, 1), encoding="utf-8")
        code.forget()

    yield change
    code.forget()


@pytest.fixture(scope="module")
def before():
    """The digests of the package as it is."""
    return code.listing()


def changed(before: dict[str, str]) -> set[str]:
    now = code.listing()
    assert now.keys() == before.keys()
    return {name for name in now if now[name] != before[name]}


def in_the_copy(program: str, **environment: str) -> subprocess.CompletedProcess:
    """Another process, which imports the copy."""
    return subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": ".", **environment},
        capture_output=True, text=True,
    )  # fmt: skip


def digests_of_the_copy() -> dict[str, str]:
    """The digests, by a process in which the copy's records are those in force."""
    ran = in_the_copy("from study.settings import code; print(*(f'{n} {d}' for n, d in code.listing().items()))")
    assert ran.returncode == 0, ran.stderr
    words = ran.stdout.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def test_every_row_that_a_stage_makes_has_a_digest_and_so_has_every_other_stage(before):
    stages = {file.stem for file in (ROOT / "study" / "stages").glob("[!_]*.py")} - {"entry"}
    assert before.keys() == ROWS | (stages - {METHODS[word].stage for word in METHODS})


def test_a_copy_in_another_folder_and_another_process_give_the_same_digests(before):
    assert code.listing() == digests_of_the_copy() == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("measures/losses.py", "Energy of the high-frequency channel", "The high-frequency channel's energy"),
        ("training/loop.py", "# The end of an epoch is saved anyhow.", "# An epoch's end is saved in any case."),
        ("training/run.py", "no finished training: {error}", "there is no training that was finished: {error}"),
        ("training/run.py", 'print(f"not trained: {reason}"', 'print(f"nothing was trained, since {reason}"'),
        ("models/wae.py", "    def __init__(self) -> None:", "    def __init__(\n        self,\n    ) -> None:"),
        ("settings/errors.py", "A fault of the input", "A mistake in the input"),
        ("settings/faults.py", "unknown key", "there is no such key"),
        ("settings/record.py", "set it back", "change it back"),
        ("stages/entry.py", "The seed of all that is drawn.", "Its seed."),
    ],
)
def test_words_leave_every_digest_as_it_was(copy, before, file, old, new):
    copy(file, old, new)
    assert changed(before) == set()


def test_a_new_figure_concerns_the_figures_alone(copy, before, tmp_path):
    (tmp_path / "study/figures/new.py").write_text("def figure():\n    return 1\n")
    copy("figures/catalogue.py", '"""\n\n', '"""\n\nfrom study.figures import new\n')
    assert changed(before) == {"figures"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"WAE+CNN",', '"Ours",'),
        ('colour="red",', 'colour="blue",'),
        ('marker="*",', 'marker="o",'),
        ("controls=(Control(HEADS, \"half\"),),", "controls=(),"),
    ],
)  # fmt: skip
def test_how_a_row_is_shown_concerns_those_that_show_it(copy, before, old, new):
    copy("settings/rows.py", old, new)
    now = digests_of_the_copy()
    assert {name for name in now if now[name] != before[name]} == {
        "bench",
        "figures",
        "report",
        "robustness_page",
        "tables",
    }


NEW_ROW = """ROWS = (
    Method(
        "magnitude", "Magnitude", (OBJECTS_VGG16,), stage="prune", starts_from="full", recovery="thinet",
        criterion="study.pruning.magnitude.magnitude", plan="study.models.plans.THINET_GAP", timed=("vgg16",),
    ),
"""


def test_a_new_row_leaves_every_training_as_it_was_and_has_a_digest_that_follows_its_criterion(copy, before, tmp_path):
    criterion = tmp_path / "study/pruning/magnitude.py"
    criterion.write_text("def magnitude(layer, keep, evidence):\n    return 1\n")
    copy("settings/rows.py", "ROWS = (\n", NEW_ROW)
    first = digests_of_the_copy()
    assert first.keys() - before.keys() == {"prune/vgg16-magnitude"}
    assert {name for name in TRAININGS if first[name] != before[name]} == set()
    assert first["evaluate"] != before["evaluate"]
    criterion.write_text("def magnitude(layer, keep, evidence):\n    return 2\n")
    second = digests_of_the_copy()
    assert first["prune/vgg16-magnitude"] != second["prune/vgg16-magnitude"]
    assert {name for name in TRAININGS if second[name] != before[name]} == set()


def test_a_row_that_is_measured_in_one_more_place_is_not_trained_anew(copy, before):
    copy(
        "settings/rows.py",
        '"cA alone", (OBJECTS_VGG16,),',
        '"cA alone", (OBJECTS_VGG16, FACES_VGG16), timed=("vgg16",),',
    )
    now = digests_of_the_copy()
    assert {name for name in TRAININGS if now[name] != before[name]} == set()
    assert now["evaluate"] != before["evaluate"]


def test_another_decomposer_concerns_its_row_and_those_that_measure_all_rows(copy, before):
    copy("settings/rows.py", 'streams="low", decomposer=CDF97', 'streams="low", decomposer=ENCODER')
    now = digests_of_the_copy()
    assert {name for name in TRAININGS if now[name] != before[name]} == {"train/vgg16-ca"}


ENCODED = rows(lambda row: "models.wae." in row.decomposer)
WAVELET = rows(lambda row: "models.wavelet." in row.decomposer)
# They train rows themselves, and measure them.
TRIALS = {"search", "robustness", "gate"}
# They read what a training leaves, by the functions that wrote it.
READING = {"reconstruct", "evaluate", "noise", "channels"} | TRIALS
# They look at every row, and so at all that a record names.
MEASURING = TRIALS | {
    *("evaluate", "noise", "channels", "complexity", "timing", "bench", "training_speed", "architecture")
}


@pytest.mark.parametrize(
    ("file", "old", "new", "stages"),
    [
        (
            "measures/losses.py",
            "dim=(1, 2, 3)",
            "dim=(2, 3)",
            TRAININGS | MEASURING | {"reconstruct"},
        ),
        ("models/wae.py", "CHANNELS = 16", "CHANNELS = 32", {"wae", "reconstruct"} | ENCODED | MEASURING),
        ("models/wavelet.py", '"bior4.4"', '"bior2.2"', WAVELET | MEASURING),
        ("models/resnet.py", "BLOCKS = (3,", "BLOCKS = (2,", ROWS | MEASURING),
        ("models/initialisation.py", 'kind: str = "xavier"', 'kind: str = "he"', TRAININGS | MEASURING),
        ("training/schedule.py", "FACTOR = 0.1", "FACTOR = 0.2", TRAININGS | READING | {"training_speed"}),
        (
            "pruning/thinet.py",
            "dtype=torch.float64",
            "dtype=torch.float32",
            rows(lambda row: "thinet" in row.criterion) | MEASURING,
        ),
        ("sources/face_shape.py", "DEPTH = 0.72", "DEPTH = 0.73", {"prepare"}),
        ("stages/extend.py", '"extend"', '"extended"', rows(lambda row: row.stage == "extend")),
        ("stages/wae.py", 'precision="fp32"', 'precision="bf16"', {"wae"}),
        ("evaluation/ranks.py", "BATCH = ", "BATCH = 1 + ", {"evaluate", "noise", "search", "robustness"}),
    ],
)
def test_what_decides_something_concerns_those_that_reach_it_and_no_other(copy, before, file, old, new, stages):
    copy(file, old, new)
    assert changed(before) == stages


def test_a_module_that_is_named_by_a_string_alone_is_found(copy, tmp_path):
    copy(
        "stages/extend.py",
        "from study.settings import config, paths\n",
        "from study.settings import config, paths\nEXTRA = 'study.models.extra.Extra'\n",
    )
    before = code.listing()
    extra = tmp_path / "study/models/extra.py"
    for text in ("RATE = 1", "RATE = 2"):
        extra.write_text(text)
        code.forget()
        assert changed(before) == rows(lambda row: row.stage == "extend"), text
        before = code.listing()


def test_what_a_package_holds_beside_its_modules_is_found(copy, before, tmp_path):
    (tmp_path / "study/sources/__init__.py").write_text("from . import extra\n")
    (tmp_path / "study/sources/extra.py").write_text("")
    code.forget()
    first = code.listing()
    assert {name for name in first if first[name] != before[name]} == {"preflight", "prepare", "channels", "search"}
    (tmp_path / "study/sources/extra.py").write_text("RATE = 1")
    code.forget()
    assert changed(first) == {"preflight", "prepare", "channels", "search"}


STAGE = '''"""A stage for a test."""

from importlib import import_module

from study.stages import entry


def main() -> None:
    import_module({})


if __name__ == "__main__":
    entry.run(main)
'''


@pytest.mark.parametrize(
    ("name", "code_", "said"),
    [
        ('"study.paper.extra"', 0, ""),
        (
            '"study.paper." + "extra"', 1,
            "error: study.paper.extra: loaded by stage tiny, and its digest of the code does not cover it; "
            "import it in a module of the stage, or name it by a whole string\n",
        ),
    ],
)  # fmt: skip
def test_a_module_that_is_imported_by_a_composed_name_is_found_at_the_end_of_the_stage(tmp_path, name, code_, said):
    (tmp_path / "study/paper/extra.py").write_text("")
    (tmp_path / "study/stages/tiny.py").write_text(STAGE.replace("{}", name))
    ran = subprocess.run(
        [sys.executable, "-m", "study.stages.tiny"],
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (code_, said)


def test_a_stage_that_there_is_not_and_a_source_that_is_no_python_are_one_line(copy):
    with pytest.raises(InvalidParameter, match=r"^stage: there is no study\.stages\.trian$"):
        code.of_stage("trian")
    copy("measures/losses.py", "return (image - ", "return (image -- ")
    copy("measures/losses.py", "def energy_loss(", "def energy_loss(:")
    with pytest.raises(StudyError, match=r"losses\.py: line \d+: [^\n]+$"):
        code.of_stage("wae")


def test_what_stays_the_same_is_not_written_again_and_what_is_of_no_stage_goes(copy, before):
    code.write()
    files = {name: paths.CODE / f"{name}.txt" for name in before}
    assert {name: file.read_text().strip() for name, file in files.items()} == before
    written = {name: file.stat().st_mtime_ns for name, file in files.items()}
    (paths.CODE / "train/vgg16-of_old.txt").write_text("digest")
    copy("sources/face_shape.py", "DEPTH = 0.72", "DEPTH = 0.73")
    code.write()
    assert {name for name, file in files.items() if file.stat().st_mtime_ns != written[name]} == {"prepare"}
    assert set(paths.CODE.rglob("*.txt")) == set(files.values())
