"""Real image folders: what is found, how it is split, what is refused, how an image is decoded."""

import tarfile
from pathlib import Path
from unicodedata import normalize

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from study.data.collection import Collection, Listed
from study.data.pictures import ASPECTS, load_picture
from study.settings.errors import InvalidData, InvalidParameter
from study.sources import cacd, decoding, folders, listing

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def put(path: Path, size=(6, 4), colour=(200, 100, 50), mode="RGB") -> Path:
    """Write a plain image; `size` is (width, height)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).convert(mode).save(path)
    return path


def put_classes(root: Path, counts: dict[str, int]) -> Path:
    for name, count in counts.items():
        for number in range(count):
            put(root / name / f"{number:02d}.png")
    return root


def listed(root: Path, *paths: str) -> Collection:
    """All paths for training, the first one for testing."""
    zeros = np.zeros(len(paths), dtype=int)
    return Collection(("only",), Listed(paths, zeros), Listed(paths[:1], zeros[:1]), root)


def flat(root: Path, *, classes=None, test_fraction=0.25, seed=0) -> Collection:
    return folders.class_folders(root, classes=classes, test_fraction=test_fraction, seed=seed)


# Class folders


@pytest.mark.parametrize("testing", ["val", "test"])
def test_pictures_are_listed_by_class_and_name(tmp_path, testing):
    put_classes(tmp_path / "train", {"b": 2, "a": 1})
    put_classes(tmp_path / testing, {"a": 1, "b": 1})
    found = flat(tmp_path)
    assert found.classes == ("a", "b")
    assert found.root == tmp_path
    assert found.train.paths == ("train/a/00.png", "train/b/00.png", "train/b/01.png")
    assert found.train.labels.tolist() == [0, 1, 1]
    assert found.test.paths == (f"{testing}/a/00.png", f"{testing}/b/00.png")
    assert found.test.labels.tolist() == [0, 1]


def test_val_is_taken_where_test_is_there_too(tmp_path):
    for folder in ("train", "val", "test"):
        put_classes(tmp_path / folder, {"a": 1, "b": 1})
    assert flat(tmp_path).test.paths[0] == "val/a/00.png"


def test_one_folder_of_classes_is_split_the_same_way_each_time(tmp_path):
    put_classes(tmp_path, {"a": 9, "b": 9})
    first, again, other = flat(tmp_path), flat(tmp_path), flat(tmp_path, seed=1)
    assert first.train.paths == again.train.paths
    assert first.test.paths == again.test.paths
    assert first.test.paths != other.test.paths


def test_the_two_sides_of_a_split_are_disjoint_and_complete(tmp_path):
    put_classes(tmp_path, {"a": 9, "b": 7})
    found = flat(tmp_path)
    everything = {f"{name}/{number:02d}.png" for name, count in (("a", 9), ("b", 7)) for number in range(count)}
    assert set(found.train.paths) | set(found.test.paths) == everything
    assert len(found.train) + len(found.test) == len(everything)


def test_each_class_gives_its_share_to_testing(tmp_path):
    put_classes(tmp_path, {"a": 8, "b": 4, "c": 2})
    found = flat(tmp_path)
    assert np.bincount(found.test.labels).tolist() == [2, 1, 1]
    assert np.bincount(found.train.labels).tolist() == [6, 3, 1]


def test_another_class_does_not_change_the_split_of_those_before_it(tmp_path):
    put_classes(tmp_path, {"a": 9, "b": 9})
    before = flat(tmp_path)
    put_classes(tmp_path, {"c": 9})
    after = flat(tmp_path)
    assert after.test.paths[: len(before.test)] == before.test.paths


@pytest.mark.parametrize(("count", "fraction", "expected"), [(2, 0.01, 1), (2, 0.99, 1), (10, 0.3, 3), (60, 0.2, 12)])
def test_both_sides_of_a_class_have_a_picture(count, fraction, expected):
    assert folders.test_count(count, fraction) == expected


def test_every_extension_counts_and_other_files_do_not(tmp_path):
    names = [f"{number}.{extension}" for number, extension in enumerate((*listing.EXTENSIONS, "JPEG", "Png"))]
    for name in (*names, ".hidden.jpg", "notes.txt", "jpg"):
        (tmp_path / "a").mkdir(exist_ok=True)
        (tmp_path / "a" / name).touch()
    (tmp_path / ".cache").mkdir()
    (tmp_path / "readme.md").touch()
    put_classes(tmp_path, {"b": 2})
    found = flat(tmp_path)
    assert found.classes == ("a", "b")
    assert sorted(p for p in (*found.train.paths, *found.test.paths) if p[0] == "a") == sorted(f"a/{n}" for n in names)


def fault(work, *words: str) -> None:
    """The work raises InvalidData, in one line that holds all the words."""
    with pytest.raises(InvalidData) as caught:
        work()
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message


def test_a_missing_root_is_named(tmp_path):
    fault(lambda: flat(tmp_path / "gone"), str(tmp_path / "gone"), "no such folder")
    fault(lambda: folders.imagenet(tmp_path / "gone", classes=2), str(tmp_path / "gone"), "no such folder")


def test_a_folder_without_classes_is_refused(tmp_path):
    put(tmp_path / "loose.png")
    fault(lambda: flat(tmp_path), str(tmp_path), "0 class folders", "two or more")


@pytest.mark.parametrize("empty", ["train/b", "val/b"])
def test_an_empty_class_is_named(tmp_path, empty):
    put_classes(tmp_path / "train", {"a": 1, "b": 1})
    put_classes(tmp_path / "val", {"a": 1, "b": 1})
    (tmp_path / empty / "00.png").unlink()
    (tmp_path / empty / "00.txt").write_text("no image")
    fault(lambda: flat(tmp_path), str(tmp_path / empty), "no image among its 1 files")


def test_a_class_with_one_picture_cannot_be_split(tmp_path):
    put_classes(tmp_path, {"a": 2, "b": 1})
    fault(lambda: flat(tmp_path), str(tmp_path / "b"), "1 image;", "two or more")


def test_classes_that_differ_between_the_folders_are_named(tmp_path):
    put_classes(tmp_path / "train", {"a": 1, "b": 1})
    put_classes(tmp_path / "val", {"a": 1})
    fault(lambda: flat(tmp_path), str(tmp_path / "val"), "lacks 1 classes: b;")
    put_classes(tmp_path / "val", {"b": 1, "c": 1})
    fault(lambda: flat(tmp_path), str(tmp_path / "val"), "beyond those of the training folder, 1 classes: c;")


def test_a_wrong_number_of_classes_is_refused(tmp_path):
    put_classes(tmp_path, {"a": 2, "b": 2})
    assert len(flat(tmp_path, classes=2).classes) == 2
    fault(lambda: flat(tmp_path, classes=3), "2 class folders, but classes is 3")


@pytest.mark.parametrize(("only", "lacks"), [("train", "neither val/ nor test/"), ("val", "no train/")])
def test_half_a_split_is_refused(tmp_path, only, lacks):
    put_classes(tmp_path / only, {"a": 2, "b": 2})
    fault(lambda: flat(tmp_path), lacks)


# ImageNet


def put_imagenet(root: Path) -> Path:
    for folder in ("train", "val"):
        for wnid in ("n01440764", "n02102040"):
            put(root / folder / wnid / f"{folder}_1.JPEG")
    return root


def test_imagenet_lies_in_folders_named_by_wordnet_ids(tmp_path):
    found = folders.imagenet(put_imagenet(tmp_path), classes=2)
    assert found.classes == ("n01440764", "n02102040")
    assert found.train.paths == ("train/n01440764/train_1.JPEG", "train/n02102040/train_1.JPEG")
    assert found.test.paths == ("val/n01440764/val_1.JPEG", "val/n02102040/val_1.JPEG")


def test_a_flat_validation_folder_comes_with_its_remedy(tmp_path):
    put(put_imagenet(tmp_path) / "val" / "ILSVRC2012_val_00000001.JPEG")
    fault(lambda: folders.imagenet(tmp_path, classes=2), "1 images outside", "val/<wnid>/", "torchvision")


def test_a_folder_that_is_no_wordnet_id_is_named(tmp_path):
    put(put_imagenet(tmp_path) / "train" / "n123" / "a.JPEG")
    fault(lambda: folders.imagenet(tmp_path, classes=3), str(tmp_path / "train" / "n123"), "not a WordNet id")


def test_imagenet_without_val_or_with_too_few_classes_is_refused(tmp_path):
    put_imagenet(tmp_path)
    fault(lambda: folders.imagenet(tmp_path, classes=1000), "2 class folders, but classes is 1000")
    (tmp_path / "val").rename(tmp_path / "validation")
    fault(lambda: folders.imagenet(tmp_path, classes=2), str(tmp_path / "val"), "no such folder")


# CACD: identity numbers 1..4; ranks make 2, 4 the best, then 1, 3 by number

RANKS = {1: 5, 2: 1, 3: 5, 4: 2}


def put_cacd(root: Path, per_identity: int = 5, version: str = "celebrity2000_meta.mat") -> Path:
    """CACD as it is published: images in one folder, 1 x 1 structs of column fields, names in a cell column."""
    owners = np.repeat(list(RANKS), per_identity)
    names = np.empty((len(owners), 1), dtype=object)
    for number, owner in enumerate(owners):
        names[number, 0] = f"{20 + number}_Somé_Name{owner}_{number:04d}.jpg"
        put(root / cacd.PICTURES / names[number, 0])
    column = owners.reshape(-1, 1).astype(float)
    people = np.array(list(RANKS), dtype=float).reshape(-1, 1)
    person_names = np.array([f"Some Name{number}" for number in RANKS], dtype=object).reshape(-1, 1)
    ranks = np.array(list(RANKS.values()), dtype=float).reshape(-1, 1)
    celebrities = {"name": person_names, "identity": people, "birth": people, "rank": ranks, "lfwDup": people}
    images = {"age": column, "identity": column, "year": column, "rank": column, "lfwDup": column, "birth": column}
    savemat(root / version, {"celebrityData": celebrities, "celebrityImageData": {**images, "name": names}})
    return root


def subset(root: Path, identities=2, train_fraction=cacd.PAPER_TRAIN_FRACTION, seed=0) -> Collection:
    return cacd.cacd(root, identities=identities, train_fraction=train_fraction, seed=seed)


def test_the_share_for_training_gives_the_papers_number():
    assert cacd.training_size(56_138, cacd.PAPER_TRAIN_FRACTION) == 44_798
    assert 56_138 - 44_798 == 11_340


@pytest.mark.parametrize(("identities", "chosen"), [(2, ("2", "4")), (3, ("1", "2", "4")), (4, ("1", "2", "3", "4"))])
def test_the_best_ranks_are_chosen_and_ties_fall_by_number(tmp_path, identities, chosen):
    assert subset(put_cacd(tmp_path), identities).classes == chosen


@pytest.mark.parametrize("version", cacd.METADATA)
def test_every_picture_of_the_chosen_is_on_one_side_under_its_identity(tmp_path, version):
    found = subset(put_cacd(tmp_path, version=version))
    assert (len(found.train), len(found.test)) == (8, 2)
    both = [*found.train.paths, *found.test.paths]
    assert len(set(both)) == 10
    for split in (found.train, found.test):
        for path, label in zip(split.paths, split.labels, strict=True):
            assert (tmp_path / path).is_file()
            assert f"Name{found.classes[label]}_" in path


def test_no_name_of_a_person_is_a_class(tmp_path):
    assert all(name.isdigit() for name in subset(put_cacd(tmp_path)).classes)


def test_the_split_depends_on_the_seed_alone(tmp_path):
    put_cacd(tmp_path, per_identity=12)
    assert subset(tmp_path).test.paths == subset(tmp_path).test.paths
    assert subset(tmp_path).test.paths != subset(tmp_path, seed=1).test.paths


@pytest.mark.parametrize("seed", range(20))
def test_every_identity_is_on_both_sides_and_the_size_is_kept(seed):
    labels = np.repeat([0, 1, 2], [2, 30, 2])
    training = cacd.split_at_random(labels, 4, seed)
    assert training.sum() == 4
    assert set(labels[training]) == set(labels[~training]) == {0, 1, 2}


def test_where_nobody_is_left_out_the_split_is_a_plain_random_one():
    labels = np.repeat([0, 1], 500)
    expected = np.random.default_rng(3).permutation(1000)[:800]
    assert np.array_equal(np.flatnonzero(cacd.split_at_random(labels, 800, 3)), np.sort(expected))


def test_missing_metadata_is_named(tmp_path):
    (put_cacd(tmp_path) / "celebrity2000_meta.mat").unlink()
    fault(lambda: subset(tmp_path), str(tmp_path), "celebrity2000_meta.mat", "celebrity2000.mat")


def test_a_missing_picture_folder_is_named(tmp_path):
    fault(lambda: subset(tmp_path), str(tmp_path / "CACD2000"), "no such folder")


def test_missing_pictures_are_counted_and_the_first_is_named(tmp_path):
    put_cacd(tmp_path)
    for path in sorted((tmp_path / "CACD2000").glob("*Name2*"))[1:3]:
        path.unlink()
    fault(lambda: subset(tmp_path), "2 of 10 images", "first is 26_Somé_Name2_0006.jpg")


def test_an_accent_on_disk_may_be_composed_in_another_way(tmp_path):
    whole = sorted((put_cacd(tmp_path) / cacd.PICTURES).glob("*Name2*"))[0]
    parted = whole.rename(whole.with_name(normalize("NFD", whole.name)))
    found = subset(tmp_path)
    assert parted.name != whole.name
    assert f"CACD2000/{parted.name}" in (*found.train.paths, *found.test.paths)


def test_the_hdf5_form_of_the_metadata_comes_with_its_remedy(tmp_path):
    header = b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM"
    (put_cacd(tmp_path) / "celebrity2000_meta.mat").write_bytes(header + bytes(512))
    fault(lambda: subset(tmp_path), "MATLAB 7.3 (HDF5)", "celebrity2000_meta.mat", "-v7")


@pytest.mark.parametrize("damage", [lambda whole: b"", lambda whole: whole[:300], lambda whole: b"not MATLAB" * 100])
def test_damaged_metadata_is_named(tmp_path, damage):
    path = put_cacd(tmp_path) / "celebrity2000_meta.mat"
    path.write_bytes(damage(path.read_bytes()))
    fault(lambda: subset(tmp_path), str(path))


def test_metadata_without_a_field_is_refused(tmp_path):
    put_cacd(tmp_path)
    savemat(tmp_path / "celebrity2000_meta.mat", {"celebrityData": {"identity": [[1.0]]}})
    fault(lambda: subset(tmp_path), "no celebrityData.rank")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"identity": np.array([[np.nan], [1.0]])}, "celebrityImageData.identity is no column of whole numbers"),
        ({"identity": np.array([[1.5], [1.0]])}, "celebrityImageData.identity is no column of whole numbers"),
        ({"identity": np.array([[1e300], [1.0]])}, "celebrityImageData.identity is no column of whole numbers"),
        ({"identity": np.array(["one", "two"], dtype=object)}, "celebrityImageData.identity is no column of whole"),
        ({"identity": np.ones((3, 1))}, "celebrityImageData has 3 of identity and 2 of name"),
        ({"identity": np.array([[9.0], [1.0]])}, r"a\x1b.jpg belongs to identity 9, which celebrityData lacks"),
    ],
)
def test_metadata_of_another_form_is_one_line(tmp_path, changed, said):
    (tmp_path / cacd.PICTURES).mkdir()
    people = {"identity": np.array([[1.0], [2.0]]), "rank": np.array([[1.0], [2.0]])}
    images = {"identity": np.ones((2, 1)), "name": np.array(["a\x1b.jpg", "b.jpg"], dtype=object).reshape(-1, 1)}
    file = tmp_path / "celebrity2000_meta.mat"
    savemat(file, {"celebrityData": people, "celebrityImageData": {**images, **changed}})
    fault(lambda: subset(tmp_path), str(file), said)


def test_more_identities_than_there_are_is_refused(tmp_path):
    fault(lambda: subset(put_cacd(tmp_path), identities=5), "identities is 5", "has 4")


def test_too_few_pictures_for_both_sides_are_refused(tmp_path):
    fault(lambda: subset(put_cacd(tmp_path, per_identity=2), train_fraction=0.8), "3 of 4", "both sides")
    fault(lambda: subset(put_cacd(tmp_path / "one", per_identity=1)), "identity 2", "fewer than 2 images")


# Images


def test_sound_pictures_pass_the_check(tmp_path):
    put(tmp_path / "a.png"), put(tmp_path / "b.jpg")
    assert decoding.check_pictures(listed(tmp_path, "a.png", "b.jpg"), "allowed").median_side == 4


def test_broken_pictures_are_counted_and_five_are_named(tmp_path):
    whole = put(tmp_path / "0.jpg", size=(64, 64)).read_bytes()
    (tmp_path / "1.jpg").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "2.png").write_text("not an image")
    (tmp_path / "3.jpg").touch()
    Image.fromarray(np.zeros((4, 4), np.uint16)).save(tmp_path / "4.png")
    crc = bytearray(put(tmp_path / "5.png").read_bytes())
    crc[-20] ^= 255
    (tmp_path / "5.png").write_bytes(crc)
    names = [f"{number}.{'png' if number in (2, 4, 5) else 'jpg'}" for number in range(7)]
    fault(
        lambda: decoding.check_pictures(listed(tmp_path, *names), "allowed"),
        "6 of 8 images",
        ", ".join(names[1:6]) + ", ...",
    )


def test_a_broken_picture_is_named_when_it_is_loaded(tmp_path):
    whole = put(tmp_path / "a.jpg", size=(64, 64)).read_bytes()
    (tmp_path / "a.jpg").write_bytes(whole[: len(whole) // 2])
    fault(lambda: load_picture(tmp_path / "a.jpg", 8, "warp"), str(tmp_path / "a.jpg"), "cannot be decoded")


def test_more_than_8_bits_are_refused(tmp_path):
    Image.fromarray(np.zeros((4, 4), np.uint16)).save(tmp_path / "deep.png")
    fault(lambda: load_picture(tmp_path / "deep.png", 8, "warp"), "deep.png", "8 bits")


KINDS = "L.png P.png RGBA.png LA.png 1.png RGB.bmp L.jpg CMYK.jpg CMYK.tif"


@pytest.mark.parametrize("kind", KINDS.split())
def test_every_kind_of_picture_becomes_rgb(tmp_path, kind):
    path = put(tmp_path / kind, colour=(255, 255, 255), mode=kind.partition(".")[0])
    picture = load_picture(path, 8, "warp")
    assert picture.shape == (8, 8, 3)
    assert picture.dtype == np.uint8
    assert picture.min() >= 250


def test_colours_stay_in_the_order_red_green_blue(tmp_path):
    assert load_picture(put(tmp_path / "a.png"), 8, "keep")[4, 4].tolist() == [200, 100, 50]


def bars(path: Path) -> Path:
    """30 x 10 pixels: a red, a green and a blue square from left to right."""
    Image.fromarray(np.repeat(np.eye(3, dtype=np.uint8) * 255, 10, axis=0)[None].repeat(10, axis=0)).save(path)
    return path


def test_warp_shows_all_of_the_picture(tmp_path):
    picture = load_picture(bars(tmp_path / "a.png"), 10, "warp")
    assert picture[5, [0, 5, 9]].argmax(axis=1).tolist() == [0, 1, 2]


def test_keep_shows_the_central_square(tmp_path):
    picture = load_picture(bars(tmp_path / "a.png"), 10, "keep")
    assert np.array_equal(picture, np.full((10, 10, 3), (0, 255, 0)))


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_square_picture_at_its_own_side_is_unchanged(tmp_path, aspect):
    pixels = np.random.default_rng(0).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert np.array_equal(load_picture(tmp_path / "a.png", 12, aspect), pixels)


@pytest.mark.parametrize("size", [(7, 100), (100, 7), (3, 5), (333, 500)])
@pytest.mark.parametrize("aspect", ASPECTS)
def test_any_size_gives_the_square_that_was_asked_for(tmp_path, size, aspect):
    assert load_picture(put(tmp_path / "a.png", size=size), 9, aspect).shape == (9, 9, 3)


def test_reducing_averages_instead_of_skipping_pixels(tmp_path):
    pixels = np.indices((64, 64)).sum(axis=0).astype(np.uint8) % 2 * 255
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert np.abs(load_picture(tmp_path / "a.png", 8, "warp").astype(int) - 127).max() < 12


def test_the_exif_orientation_is_not_applied(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 3  # turned by 180 degrees
    Image.open(bars(tmp_path / "a.png")).save(tmp_path / "b.png", exif=exif)
    plain, turned = (load_picture(tmp_path / name, 10, "warp") for name in ("a.png", "b.png"))
    assert np.array_equal(plain, turned)


def test_the_exif_orientation_is_applied_where_it_is_wanted(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # a portrait, stored lying: to be turned by 90 degrees clockwise
    Image.open(bars(tmp_path / "a.png")).save(tmp_path / "b.png", exif=exif)
    turned = load_picture(tmp_path / "b.png", 10, "warp", upright=True)
    assert turned[[0, 5, 9], 5].argmax(axis=1).tolist() == [0, 1, 2]


def test_an_unknown_aspect_is_refused(tmp_path):
    with pytest.raises(InvalidParameter, match="warp, keep, got 'crop'"):
        load_picture(put(tmp_path / "a.png"), 8, "crop")


# Packing and the listing


def test_packed_pictures_are_the_loaded_ones_in_order(tmp_path):
    names = [f"{number:03d}.png" for number in range(decoding.BLOCK + 3)]
    for number, name in enumerate(names):
        put(tmp_path / name, colour=(number % 256, number // 256, 7))
    packed = decoding.pack(listed(tmp_path, *names), 5, "warp", False, tmp_path / "packed")
    assert packed.train.images.shape == (len(names), 5, 5, 3)
    assert packed.train.images[:, 0, 0, 0].tolist() == [number % 256 for number in range(len(names))]
    assert np.array_equal(packed.test.images[0], load_picture(tmp_path / names[0], 5, "warp"))
    assert packed.train.labels.tolist() == [0] * len(names)


def test_packing_stops_at_a_broken_picture(tmp_path):
    (tmp_path / "a.png").touch()
    fault(
        lambda: decoding.pack(listed(tmp_path, "a.png"), 5, "warp", False, tmp_path / "packed"), str(tmp_path / "a.png")
    )


def test_the_listing_does_not_depend_on_where_the_pictures_lie(tmp_path):
    here, there = (flat(put_classes(tmp_path / place, {"a": 4, "b": 4})) for place in ("here", "there"))
    assert listing.listing_digest(here) == listing.listing_digest(there)


def test_the_listing_sees_a_name_a_size_a_label_and_the_side_of_a_split(tmp_path):
    put(tmp_path / "a.png"), put(tmp_path / "b.png")
    zero = np.zeros(1, dtype=int)
    a, b = Listed(("a.png",), zero), Listed(("b.png",), zero)
    variants = [(a, b), (b, a), (a, a), (Listed(("a.png",), zero + 1), b)]
    digests = [listing.listing_digest(Collection(("x", "y"), *splits, tmp_path)) for splits in variants]
    put(tmp_path / "a.png", size=(60, 40))
    digests.append(listing.listing_digest(Collection(("x", "y"), a, b, tmp_path)))
    assert len(set(digests)) == len(digests)


def test_the_listing_names_a_picture_that_is_gone(tmp_path):
    put(tmp_path / "a.png")
    fault(lambda: listing.listing_digest(listed(tmp_path, "a.png", "gone.png")), str(tmp_path / "gone.png"))


# Real images, where they are at hand


def unpack_some(archive: str, root: Path, per_class: int = 3) -> Path:
    """The first images of each class folder; skips the test where the archive is absent. Returns the top folder."""
    path = SHARED / archive
    if not path.is_file():
        pytest.skip(f"optional images: {path} is absent")
    counts: dict[str, int] = {}
    with tarfile.open(path) as tar:
        for member in tar:
            folder = member.name.rpartition("/")[0]
            counts[folder] = counts.get(folder, 0) + 1
            if member.isfile() and counts[folder] <= per_class:
                tar.extract(member, root, filter="data")
    return next(root.iterdir())


def test_real_photographs_are_read_as_imagenet(tmp_path):
    root = unpack_some("imagenette128-0.tar", tmp_path)
    found = folders.imagenet(root, classes=5)
    assert (len(found.train), len(found.test)) == (15, 15)
    decoding.check_pictures(found, "refused")
    packed = decoding.pack(found, 56, "warp", False, tmp_path / "packed")
    assert packed.train.images.shape == (15, 56, 56, 3)
    assert packed.train.images.std() > 30


def test_real_faces_are_split_by_person(tmp_path):
    found = flat(unpack_some("lfw158.tar", tmp_path), classes=158, test_fraction=1 / 3)
    assert np.bincount(found.train.labels).tolist() == [2] * 158
    assert np.bincount(found.test.labels).tolist() == [1] * 158
    grey = load_picture(found.root / found.train.paths[0], 128, "keep")
    assert np.array_equal(grey[..., 0], grey[..., 2])
