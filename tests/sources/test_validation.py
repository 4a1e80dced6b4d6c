"""ImageNet's validation images in every layout that people have."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from study.settings.errors import InvalidData
from study.sources.validation import Validation, validation

WNIDS = ("n01440764", "n01443537", "n02102040")
LABELS = (2, 0, 1, 0)  # of the images in the order of their names
# The development kit numbers the classes in an order of its own, and goes on with synsets that are none.
KIT = ((1, WNIDS[1], 0), (2, WNIDS[2], 0), (3, WNIDS[0], 0), (4, "n00001740", 3))
KIT_NUMBERS = ("2", "3", "1", "3")
TRUTH = "ILSVRC2012_validation_ground_truth.txt"


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (6, 4)).save(path, format="JPEG")
    return path


def name(number: int) -> str:
    return f"ILSVRC2012_val_{number:08d}.JPEG"


def put_flat(folder: Path, count: int = len(LABELS)) -> Path:
    for number in range(1, count + 1):
        put(folder / name(number))
    return folder


def put_lines(file: Path, *lines: object) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def put_kit(folder: Path, rows=KIT) -> Path:
    kinds = [("ILSVRC2012_ID", object), ("WNID", object), ("num_children", object)]
    savemat(folder / "meta.mat", {"synsets": np.array(list(rows), dtype=kinds)})
    return folder


def read(found: Validation) -> tuple[tuple[str, ...], list[int], tuple[str, ...]]:
    assert len(found.collection.train) == 0
    assert all((found.collection.root / path).is_file() for path in found.collection.test.paths)
    return found.collection.classes, found.collection.test.labels.tolist(), found.collection.test.paths


FLAT = (WNIDS, list(LABELS), tuple(map(name, range(1, 5))))


@pytest.mark.parametrize("inside", ["", "val", "ILSVRC2012_img_val"])
def test_class_folders_give_their_names(tmp_path, inside):
    for label, wnid in enumerate(WNIDS):
        put(tmp_path / inside / wnid / name(9 - label))
    (tmp_path / inside / WNIDS[0] / "notes.txt").write_text("no image", encoding="utf-8")
    found = validation(tmp_path)
    paths = tuple(f"{wnid}/{name(9 - label)}" for label, wnid in enumerate(WNIDS))
    assert read(found) == (WNIDS, [0, 1, 2], paths)
    assert found.layout == "class folders"


def test_lines_of_wordnet_ids_belong_to_images_in_order(tmp_path):
    put_flat(tmp_path)
    truth = put_lines(tmp_path / "labels.txt", *(WNIDS[label] for label in LABELS))
    assert read(validation(tmp_path, truth)) == FLAT


def test_caffes_own_list_names_images_and_numbers_classes_from_0(tmp_path):
    put_flat(tmp_path)
    lines = [f"{name(number)} {LABELS[number - 1]}" for number in (3, 1, 4, 2)]
    put_lines(tmp_path / "val.txt", *lines)
    put_lines(tmp_path / "synsets.txt", *WNIDS)
    found = validation(tmp_path)
    assert read(found) == FLAT
    assert found.layout == "one folder, with val.txt (numbers from 0, WordNet ids in synsets.txt)"


@pytest.mark.parametrize("words", ["synset_words.txt", "LOC_synset_mapping.txt"])
def test_numbers_from_0_are_of_sorted_classes(tmp_path, words):
    truth = put_lines(put_flat(tmp_path) / TRUTH, *LABELS)
    assert read(validation(tmp_path))[:2] == (("0", "1", "2"), list(LABELS))
    put_lines(tmp_path / words, *(f"{wnid} a fish, or a dog" for wnid in WNIDS))
    assert read(validation(tmp_path, truth)) == FLAT


@pytest.mark.parametrize("place", ["", "ILSVRC2012_devkit_t12/data", "val"])
def test_the_development_kits_numbers_are_translated_by_its_table(tmp_path, place):
    put_flat(tmp_path / "val")
    put_lines(tmp_path / place / TRUTH, *KIT_NUMBERS)
    put_kit(tmp_path / place)
    found = validation(tmp_path)
    assert read(found) == FLAT
    assert "the development kit's numbers" in found.layout


def fault(tmp_path: Path, *words: str, truth: Path | None = None) -> None:
    with pytest.raises(InvalidData) as found:
        validation(tmp_path, truth)
    for word in words:
        assert word in str(found.value)
    assert "\n" not in str(found.value)


def test_numbers_from_1_without_the_kits_table_are_refused(tmp_path):
    put_lines(put_flat(tmp_path) / TRUTH, 3, 1, 2, 1)
    fault(tmp_path, "numbers from 1: those of the development kit need its meta.mat beside the file")


def test_numbers_that_the_kit_has_for_no_class_are_refused(tmp_path):
    put_lines(put_flat(tmp_path) / TRUTH, 3, 1, 4, 1)
    put_kit(tmp_path)
    fault(tmp_path, "[4]: numbers that are no class in", "meta.mat")


@pytest.mark.parametrize("content", [b"", b"no MATLAB" * 50])
def test_a_damaged_table_of_the_kit_is_named(tmp_path, content):
    put_lines(put_flat(tmp_path) / TRUTH, *KIT_NUMBERS)
    (tmp_path / "meta.mat").write_bytes(content)
    fault(tmp_path, str(tmp_path / "meta.mat"), "not the development kit's table of classes")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((WNIDS[0], WNIDS[1], "2", "0"), "'n01440764': neither all WordNet ids nor all numbers of classes"),
        (("0", "1", "-1", "0"), "'-1': neither all"),
        (("0", "1", "1"), "4 images, and 3 lines"),
        ((f"{name(1)} 0", f"{name(2)} 1", f"{name(3)} 1", "other.JPEG 0"), f"{name(4)} is not once there"),
        ((f"{name(1)} 0", f"{name(2)} 1", f"{name(3)} 1", f"{name(3)} 0"), f"{name(4)} is not once there"),
        ((), "empty; needs a line for each image"),
        (("0", "0", "0", "0"), "images of 1 class; needs two or more"),
    ],
)
def test_lines_that_leave_a_question_are_refused(tmp_path, lines, words):
    put_lines(put_flat(tmp_path) / "val.txt", *lines)
    fault(tmp_path, words)


def test_a_list_of_classes_that_is_not_sorted_is_refused(tmp_path):
    put_lines(put_flat(tmp_path) / "val.txt", *LABELS)
    put_lines(tmp_path / "synsets.txt", *reversed(WNIDS))
    fault(tmp_path, str(tmp_path / "synsets.txt"), "not 3 or more WordNet ids, sorted")


def test_images_with_a_gap_do_not_fit_lines_without_names(tmp_path):
    put_lines(put_flat(tmp_path) / "val.txt", *LABELS)
    (tmp_path / name(2)).rename(tmp_path / name(7))
    fault(tmp_path, "images are not numbered from 1 to 4: 2 is wrong")


def test_several_files_of_classes_have_to_be_chosen_from(tmp_path):
    put_flat(tmp_path / "val")
    first = put_lines(tmp_path / "val" / "val.txt", *LABELS)
    put_lines(tmp_path / TRUTH, *LABELS)
    fault(tmp_path, "several files of classes; name one with --truth")
    assert read(validation(tmp_path, first))[1] == list(LABELS)


def test_what_could_be_read_in_two_ways_or_in_none_is_refused(tmp_path):
    fault(tmp_path / "nowhere", "no such folder")
    fault(tmp_path, "neither class folders (n and eight digits) nor images called ILSVRC2012_val_00000001.JPEG")
    put_flat(tmp_path)
    fault(tmp_path, "images without class folders, and no ILSVRC2012_validation_ground_truth.txt or val.txt")
    put(tmp_path / WNIDS[0] / "a.JPEG")
    fault(tmp_path, "1 class folders and 4 images beside them")
    for number in range(1, 5):
        (tmp_path / name(number)).unlink()
    fault(tmp_path, "images of 1 class; needs two or more")
    (tmp_path / WNIDS[1]).mkdir()
    fault(tmp_path, str(tmp_path / WNIDS[1]), "no image; put some there")
    (tmp_path / "dogs").mkdir()
    fault(tmp_path, str(tmp_path / "dogs"), "not a WordNet id")


def test_a_file_of_classes_that_is_no_text_is_named(tmp_path):
    truth = put(put_flat(tmp_path) / "picture.txt")
    fault(tmp_path, str(truth), "not a readable text", truth=truth)
    fault(tmp_path, "no.txt", "not a readable text", truth=tmp_path / "no.txt")
