"""Folders outside of the project: what lies in them decides whether `prepare` runs again, and nothing else of them."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from study.settings import paths
from study.settings.errors import InvalidData
from study.sources import decoding
from study.stages import preflight, prepare

ROOT = Path(__file__).parents[2]


def put(root: Path, start: int) -> Path:
    for number in range(start, start + 8):
        file = root / ("cat", "dog")[number % 2] / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(number).integers(0, 256, (80, 90, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(file)
    return root


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A working folder at scale photos, with a folder of images for either data set."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "paper_tables").symlink_to(ROOT / "paper_tables")
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    assert "\nscale: quick " in text
    (folder / "params.yaml").write_text(text.replace("\nscale: quick ", "\nscale: photos "), encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(preflight.code, "write", lambda: None)  # the digests of the code are another test's
    monkeypatch.setenv("STUDY_OBJECTS", str(put(tmp_path / "one", 0)))
    monkeypatch.setenv("STUDY_FACES", str(put(tmp_path / "faces", 100)))
    return folder


def seen() -> str:
    """What `prepare` depends on, after a look at the folder."""
    preflight.main()
    return paths.contents("photos", "objects").read_text()


def manifest() -> dict:
    prepare.main("photos", "objects")
    return json.loads((paths.prepared("photos", "objects") / "manifest.json").read_text())


def test_a_folder_is_looked_at_and_named_by_its_digest(checkout, capsys):
    digest, _, files = seen().split()
    assert files == "8"
    assert f"objects: 8 files outside of the project, listing digest {digest[:12]}" in capsys.readouterr().out
    assert str(checkout.parent) not in paths.contents("photos", "objects").read_text()


def test_another_folder_and_another_picture_are_seen(checkout, monkeypatch):
    found = [seen(), seen()]
    assert found[0] == found[1]
    put(checkout.parent / "one", 8)
    found.append(seen())
    os.utime(checkout.parent / "one" / "cat" / "0.png", (0, 0))
    found.append(seen())
    monkeypatch.setenv("STUDY_OBJECTS", str(put(checkout.parent / "other", 200)))
    found.append(seen())
    assert len(set(found)) == len(found) - 1
    shutil.move(checkout.parent / "other", checkout.parent / "moved")
    monkeypatch.setenv("STUDY_OBJECTS", str(checkout.parent / "moved"))
    assert seen() == found[-1]


def test_times_decide_whether_it_is_prepared_again_but_are_no_part_of_what_is_prepared(checkout):
    before, contents = manifest(), seen()
    os.utime(checkout.parent / "one" / "cat" / "0.png", (0, 0))
    assert seen() != contents
    assert seen().split()[0] == contents.split()[0] == before["listing_sha256"]
    assert manifest() == before


def test_images_inside_the_package_depend_on_nothing_outside(checkout):
    text = Path("params.yaml").read_text(encoding="utf-8")
    Path("params.yaml").write_text(text.replace("\nscale: photos ", "\nscale: smoke "), encoding="utf-8")
    preflight.main()
    assert {path.read_text() for path in Path("data/outside").iterdir()} == {"inside the package\n"}


def test_a_folder_that_changes_while_it_is_read_leaves_nothing(checkout, monkeypatch):
    pack = decoding.pack

    def packed(*arguments):
        put(checkout.parent / "one", 8)
        return pack(*arguments)

    monkeypatch.setattr(decoding, "pack", packed)
    with pytest.raises(InvalidData, match="changed while they were read; nothing is stored"):
        manifest()
    assert not paths.prepared("photos", "objects").exists()


def test_test_images_that_are_trained_on_are_refused_or_counted(checkout, monkeypatch):
    for split, numbers in (("train", range(8)), ("val", range(4))):
        for number in numbers:
            file = checkout.parent / "one" / ("cat", "dog")[number % 2] / f"{number}.png"
            target = checkout.parent / "split" / split / file.parent.name / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
    monkeypatch.setenv("STUDY_OBJECTS", str(checkout.parent / "split"))
    with pytest.raises(InvalidData, match="4 images occur once more, 4 of them to train and to test with"):
        manifest()
    text = Path("params.yaml").read_text(encoding="utf-8")
    Path("params.yaml").write_text(text.replace("equal_images: refused", "equal_images: allowed"), encoding="utf-8")
    assert manifest()["tested_as_trained"] == 4
