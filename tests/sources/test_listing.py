"""What is found in a folder outside of the project, what is passed over, what is refused, and when it has changed."""

import os
import socket
from unicodedata import normalize

import numpy as np
import pytest
from PIL import Image

from study.settings.errors import InvalidData
from study.sources import folders, listing


def picture(path, number: int, kind: str | None = None, mode: str = "RGB") -> None:
    """Noise that no other number gives, in the format of the suffix or of `kind`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(number).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    with open(path, "wb") as file:
        Image.fromarray(pixels).convert(mode).save(file, kind or path.suffix.removeprefix("."))


@pytest.fixture
def two(tmp_path):
    """Two classes of four images."""
    for number in range(8):
        picture(tmp_path / ("cat", "dog")[number // 4] / f"{number}.png", number)
    return tmp_path


def found(root, **settings):
    return folders.class_folders(root, **{"classes": None, "test_fraction": 0.25, "seed": 0, **settings})


def paths(root):
    collection = found(root)
    return sorted((*collection.train.paths, *collection.test.paths))


def fault(root, *words):
    with pytest.raises(InvalidData) as caught:
        found(root)
    message = str(caught.value)
    assert "\n" not in message
    message.encode()  # fit for any terminal
    for word in words:
        assert word in message


@pytest.mark.parametrize("name", ["photo.HEIC", "photo", "photo.jfif", "photo.jpg.bak", "photo.dat"])
def test_a_picture_is_known_by_its_content(two, name):
    picture(two / "cat" / name, 100, "JPEG")
    assert f"cat/{name}" in paths(two)


@pytest.mark.parametrize(("name", "mode"), [("a.pgm", "L"), ("a.pbm", "1"), ("a.ppm", "RGB"), ("a.gif", "P")])
def test_every_format_of_pixels_is_read(two, name, mode):
    picture(two / "cat" / name, 100, "PPM" if name[2] == "p" else None, mode)
    assert f"cat/{name}" in paths(two)


def test_the_first_picture_of_a_moving_one_is_read(tmp_path):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    from study.data.pictures import load_picture

    assert load_picture(tmp_path / "a.gif", 8, "warp")[4, 4].tolist() == [255, 0, 0]


def test_what_is_passed_over_is_counted_by_suffix(two, capsys):
    for name in ("a.txt", "b.TXT", "Thumbs.db", "notes", ".hidden"):
        (two / "cat" / name).write_text("no picture")
    paths(two)
    assert capsys.readouterr().out == f"{two}: passed over, no image: 4 files (1 .db, 2 .txt, 1 without a suffix)\n"


def test_nothing_is_printed_where_nothing_is_passed_over(two, capsys):
    paths(two)
    assert capsys.readouterr().out == ""


def test_pictures_in_folders_of_a_class_belong_to_it(two):
    picture(two / "cat" / "batch" / "deep" / "a.png", 100)
    assert "cat/batch/deep/a.png" in paths(two)


def test_no_program_is_started_for_a_picture(two):
    (two / "cat" / "a.jpg").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n")
    (two / "cat" / "b.eps").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n")
    assert "cat/b.eps" not in paths(two)
    from study.sources import decoding

    with pytest.raises(InvalidData, match=r"cannot be decoded to 8 bits a channel: cat/a\.jpg"):
        decoding.check_pictures(found(two), "refused")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in this file system")
def test_a_pipe_is_refused_and_not_waited_for(two):
    os.mkfifo(two / "cat" / "pipe.jpg")
    fault(two, "cat/pipe.jpg", "not a regular file")


def test_a_socket_is_refused(tmp_path, two, monkeypatch):
    monkeypatch.chdir(two / "cat")  # a socket's path may have 100 letters
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("s.jpg")
        fault(two, "cat/s.jpg", "not a regular file")


def test_a_link_is_followed_and_one_to_nothing_refused(two, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    picture(elsewhere / "a.png", 100)
    (two / "cat" / "linked.png").symlink_to(elsewhere / "a.png")
    assert "cat/linked.png" in paths(two)
    (elsewhere / "a.png").unlink()
    fault(two, "cat/linked.png", "a link to nothing")


def test_a_folder_that_leads_back_into_itself_is_refused(two):
    (two / "cat" / "again").symlink_to(two / "cat")
    fault(two, "again", "link")


@pytest.mark.parametrize("place", ["cat", ""])
def test_a_name_that_is_not_utf_8_is_refused_before_anything_is_decoded(two, place):
    folder = os.fsencode(two / place)
    if place:
        (two / "cat" / "0.png").rename(os.fsdecode(folder + b"/caf\xe9.png"))
    else:
        (two / "cat").rename(os.fsdecode(folder + b"/caf\xe9"))
    fault(two, r"caf\xe9", "not UTF-8")


def split(root, *names):
    for folder, place in enumerate(names):
        for number in range(4):
            picture(root / place / ("cat", "dog")[number // 2] / f"{number}.png", 10 * folder + number)
    return root


@pytest.mark.parametrize("testing", ["Val", "VALID", "validation", "Test"])
def test_the_names_of_the_splits_have_any_case(tmp_path, testing):
    collection = found(split(tmp_path, "Train", testing))
    assert collection.train.paths[0] == "Train/cat/0.png"
    assert collection.test.paths[0] == f"{testing}/cat/0.png"


def test_a_folder_that_is_not_used_is_named(tmp_path, capsys):
    found(split(tmp_path, "train", "val", "test"))
    assert capsys.readouterr().out == f"{tmp_path}: not used: test/\n"


def test_two_folders_of_one_split_are_refused(tmp_path):
    split(tmp_path, "train", "val", "Train")
    if (tmp_path / "TRAIN").exists():
        pytest.skip("a file system without case")
    fault(tmp_path, "both", "Train/", "train/", "keep one")


def test_an_accent_may_be_composed_in_another_way_in_each_split(tmp_path):
    for place, form, number in (("train", "NFC", 0), ("val", "NFD", 10)):
        picture(tmp_path / place / normalize(form, "café") / "0.png", number)
        picture(tmp_path / place / "dog" / "0.png", number + 1)
    collection = found(tmp_path)
    assert collection.classes == (normalize("NFC", "café"), "dog")
    assert collection.test.paths[0] == f"val/{normalize('NFD', 'café')}/0.png"


def test_two_classes_that_look_alike_are_refused_with_their_difference(two):
    for number, form in enumerate(("NFC", "NFD")):
        picture(two / normalize(form, "café") / "0.png", 100 + number)
    if len(list(two.iterdir())) == 3:
        pytest.skip("a file system that composes accents itself")
    fault(two, r"'caf\xe9'", r"'cafe\u0301'")


def tiny(root, annotations: str):
    for number in range(4):
        picture(root / "train" / ("n01", "n02")[number // 2] / "images" / f"{number}.JPEG", number)
        picture(root / "val" / "images" / f"val_{number}.JPEG", 10 + number)
    (root / "val" / "val_annotations.txt").write_text(annotations)
    return root


def test_tiny_imagenet_is_read_as_it_is_published(tmp_path):
    collection = found(
        tiny(tmp_path, "".join(f"val_{n}.JPEG\t{('n02', 'n01')[n % 2]}\t0\t0\t9\t9\n" for n in range(4)))
    )
    assert collection.classes == ("n01", "n02")
    assert collection.train.paths[0] == "train/n01/images/0.JPEG"
    assert [path[-6:] for path in collection.test.paths] == ["1.JPEG", "3.JPEG", "0.JPEG", "2.JPEG"]
    assert collection.test.labels.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("annotations", "fault_is"),
    [
        ("val_0.JPEG n01\n", "parted by tabs"),
        ("".join(f"val_{n}.JPEG\tn03\n" for n in range(4)), "lacks 2 classes: n01, n02"),
        ("".join(f"val_{n}.JPEG\t{('n01', 'n02')[n % 2]}\n" for n in range(3)), "val_3.JPEG"),
        ("".join(f"val_{n}.JPEG\t{('n01', 'n02')[n % 2]}\n" for n in range(5)), "val_4.JPEG"),
    ],
)
def test_annotations_that_do_not_fit_are_refused(tmp_path, annotations, fault_is):
    fault(tiny(tmp_path, annotations), fault_is)


def test_what_lies_in_a_folder_is_told_by_names_sizes_and_times(two):
    seen = [listing.contents(two)]
    assert seen[0].files == 8
    assert listing.contents(two) == seen[0]
    os.utime(two / "cat" / "0.png", (0, 0))
    seen.append(listing.contents(two))
    (two / "cat" / "0.png").rename(two / "cat" / "renamed.png")
    seen.append(listing.contents(two))
    picture(two / "cat" / "9.png", 9)
    seen.append(listing.contents(two))
    (two / "dog" / "7.png").unlink()
    seen.append(listing.contents(two))
    assert len({one.with_times for one in seen}) == len(seen)
    assert len({one.listing for one in seen}) == len(seen) - 1  # a time alone is no part of it


def test_the_place_of_a_folder_is_no_part_of_its_contents(two, tmp_path_factory):
    before = listing.contents(two)
    moved = two.rename(tmp_path_factory.mktemp("elsewhere") / "moved")
    assert listing.contents(moved) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_that_cannot_be_read_is_named(two):
    (two / "cat").chmod(0)
    with pytest.raises(InvalidData, match="cat: Permission denied"):
        listing.contents(two)
    (two / "cat").chmod(0o700)
