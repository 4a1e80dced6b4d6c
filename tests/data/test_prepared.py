import json

import numpy as np
import pytest

from study.data import prepared
from study.data.collection import Collection, Listed, Packed
from study.settings.errors import InvalidData


@pytest.fixture
def packed() -> Collection:
    random = np.random.default_rng(0)

    def split(count):
        return Packed(random.integers(0, 256, (count, 4, 4, 3), dtype=np.uint8), np.arange(count) % 2)

    return Collection(("cat", "dog"), split(6), split(4))


def write(folder, collection, **changes):
    described = {
        "source": "photographs",
        "side": 4,
        "crop": 2,
        "aspect": "warp",
        "upright": True,
        "listing": None,
        **changes,
    }
    return prepared.write(folder, collection, **described)


def test_what_was_written_is_read_bit_for_bit(tmp_path, packed):
    write(tmp_path, packed)
    data = prepared.read(tmp_path, "objects")
    assert np.array_equal(data.collection.train.images, packed.train.images)
    assert np.array_equal(data.collection.test.labels, packed.test.labels)
    assert data.collection.classes == ("cat", "dog")
    assert (data.side, data.crop) == (4, 2)


def test_listed_pictures_are_read_with_the_root_that_the_environment_names(tmp_path, monkeypatch):
    listed = Listed(("a/1, left.jpg", "b/2.jpg"), np.array([0, 1]))
    write(tmp_path, Collection(("a", "b"), listed, listed), source="folder", listing="0" * 64)
    root = tmp_path / "elsewhere"
    (root / "a").mkdir(parents=True)
    monkeypatch.setenv("STUDY_OBJECTS", str(root))
    with pytest.raises(InvalidData, match="1, left.jpg: not there; set STUDY_OBJECTS to where the images lie"):
        prepared.read(tmp_path, "objects")
    (root / "a" / "1, left.jpg").touch()
    data = prepared.read(tmp_path, "objects")
    assert data.collection.train.paths == listed.paths
    assert data.collection.root == root


def test_another_crop_or_aspect_is_another_data_set(tmp_path, packed):
    digests = set()
    for changes in ({}, {"crop": 4}, {"aspect": "keep"}, {"listing": "0" * 64}):
        write(tmp_path, packed, **changes)
        digests.add(prepared.read(tmp_path, "objects").digest)
    assert len(digests) == 4


def test_the_manifest_counts_every_class(tmp_path, packed):
    manifest = write(tmp_path, packed)
    assert manifest["splits"]["train"]["per_class"] == [3, 3]
    assert manifest["splits"]["test"]["images"] == 4


def test_a_single_changed_pixel_is_refused(tmp_path, packed):
    write(tmp_path, packed)
    images = packed.train.images.copy()
    images[3, 2, 1, 0] ^= 1
    np.save(tmp_path / "train_images.npy", images)
    with pytest.raises(InvalidData, match="train split: sha256 is .* the manifest says .* dvc repro -f prepare"):
        prepared.read(tmp_path, "objects")


def test_a_missing_file_is_named(tmp_path, packed):
    write(tmp_path, packed)
    (tmp_path / "test_labels.npy").unlink()
    with pytest.raises(InvalidData, match=r"test split: .*test_labels\.npy"):
        prepared.read(tmp_path, "objects")


def test_a_truncated_file_is_refused(tmp_path, packed):
    write(tmp_path, packed)
    file = tmp_path / "train_images.npy"
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(InvalidData, match="train split"):
        prepared.read(tmp_path, "objects")


@pytest.mark.parametrize("content", [b"", b"text", b"\x93NUMPY\x01\x00\xff\xff{", b"\x80\x04cos\nsystem\n."])
@pytest.mark.parametrize("name", ["train_images", "test_labels"])
def test_a_file_that_holds_anything_else_is_one_line(tmp_path, packed, name, content):
    write(tmp_path, packed)
    (tmp_path / f"{name}.npy").write_bytes(content)
    with pytest.raises(InvalidData, match=f"{name.partition('_')[0]} split: .*make it again") as caught:
        prepared.read(tmp_path, "objects")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("labels", [np.array([-1, 0, 1, 1]), np.array([0.5, 0, 1, 1]), np.array([["a"]])])
def test_labels_that_are_none_are_one_line(tmp_path, packed, labels):
    write(tmp_path, packed)
    np.save(tmp_path / "test_labels.npy", labels)
    with pytest.raises(InvalidData, match="test split: "):
        prepared.read(tmp_path, "objects")


def test_an_edited_manifest_is_refused(tmp_path, packed):
    write(tmp_path, packed)
    file = tmp_path / "manifest.json"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"aspect": "warp"', '"aspect": "keep"'), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != text
    with pytest.raises(InvalidData, match=r"manifest\.json: damaged or edited, its checksum is another"):
        prepared.read(tmp_path, "objects")


def test_a_manifest_that_is_no_json_is_refused(tmp_path, packed):
    write(tmp_path, packed)
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(InvalidData, match=r"manifest\.json: no JSON: .* delete it and make it again with: dvc repro"):
        prepared.read(tmp_path, "objects")


def test_the_manifest_depends_on_nothing_but_the_pictures(tmp_path, packed):
    first, second = write(tmp_path / "a", packed), write(tmp_path / "b", packed)
    assert json.dumps(first) == json.dumps(second)


@pytest.mark.parametrize("content", ["[]", "null", "{}", '{"source": 3}'])
def test_a_manifest_of_another_kind_is_refused_in_one_line(tmp_path, packed, content):
    write(tmp_path, packed)
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidData, match=r"manifest\.json: .*make it again with: dvc repro -f prepare$"):
        prepared.read(tmp_path, "objects")


def test_packed_images_are_mapped_from_their_file_and_not_copied(tmp_path, packed):
    write(tmp_path, packed)
    images = prepared.read(tmp_path, "objects").collection.train.images
    assert isinstance(images, np.memmap)
    assert not images.flags.writeable


def test_a_set_that_is_prepared_again_leaves_who_has_the_old_one_mapped_with_the_old_one(tmp_path, packed):
    write(tmp_path, packed)
    before = prepared.read(tmp_path, "objects").collection.train.images
    other = Packed(255 - packed.train.images[:2], packed.train.labels[:2])
    write(tmp_path, Collection(packed.classes, other, packed.test))
    assert np.array_equal(before, packed.train.images)
    assert len(prepared.read(tmp_path, "objects").collection.train) == 2


def test_images_that_were_packed_into_a_file_are_moved_and_nothing_stays_beside(tmp_path, packed):
    folder = tmp_path / "objects"
    with prepared.unfinished(folder) as beside:
        beside.mkdir()
        np.save(beside / "train.npy", packed.train.images)
        mapped = Packed(np.load(beside / "train.npy", mmap_mode="r"), packed.train.labels)
        manifest = write(folder, Collection(packed.classes, mapped, packed.test))
        assert not (beside / "train.npy").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["objects"]
    assert manifest == write(tmp_path / "again", packed)
    assert sorted(path.name for path in folder.iterdir()) == sorted(p.name for p in (tmp_path / "again").iterdir())
