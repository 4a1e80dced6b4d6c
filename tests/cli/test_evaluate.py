"""`study evaluate` on tiny trees of images and tiny files of weights."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from study.models.classifiers import averaged
from study.published import weights
from tests.published import graphs

WNIDS = ("n01440764", "n01443537", "n02102040")
RESULT = Path("results/weights/released.json")


@pytest.fixture
def released(checkout) -> Path:
    """The released network at a sixteenth of its width, for three classes."""
    return graphs.authors().save(checkout / "released.caffemodel")


@pytest.fixture
def images(checkout) -> Path:
    """Four random images of each class, in class folders."""
    random = np.random.default_rng(0)
    for wnid in WNIDS:
        (checkout / "imagenet" / "val" / wnid).mkdir(parents=True)
        for number in range(4):
            pixels = random.integers(0, 256, (9 + number, 14, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(checkout / "imagenet" / "val" / wnid / f"{number}.JPEG", quality=95)
    return checkout / "imagenet"


def expected_errors(file: Path, folder: Path) -> dict[str, float]:
    """The errors by the shortest way: Caffe's definition on images that OpenCV's rule resizes."""
    graph, ranks = graphs.authors(), []
    for label, wnid in enumerate(WNIDS):
        for path in sorted((folder / "val" / wnid).iterdir()):
            pixels = torch.from_numpy(np.array(Image.open(path))).permute(2, 0, 1)[None].float()
            whole = torch.nn.functional.interpolate(pixels, size=(256, 256), mode="bilinear").round()
            scores = graph.scores_of(whole[:, :, 16:240, 16:240].flip(1).double())[0]
            ranks.append(int((scores > scores[label]).sum()))
    return {"top1_error_percent": 100 * float(np.mean(np.array(ranks) > 0)), "top5_error_percent": 0.0}


@pytest.mark.slow
def test_the_result_holds_errors_and_all_that_they_depend_on(study, released, images):
    said = study("evaluate", "--weights", released, "--data", images)
    assert said.exit_code == 0, said.stderr
    stored = json.loads(RESULT.read_text(encoding="utf-8"))
    errors = {one["quantity"]: one["value"] for one in stored["errors"]}
    assert errors == pytest.approx(expected_errors(released, images))
    for one in stored["errors"]:
        assert one["interval"][0] <= one["value"] <= one["interval"][1]
    beside = {one["who"]: (one["text"], one["word"]) for one in stored["errors"][1]["printed"]}
    assert beside == {"the paper": ("11.87", "not comparable"), "the authors' page": ("11.73", "not comparable")}
    assert stored["weights"] == {
        "file": "released.caffemodel",
        "bytes": released.stat().st_size,
        "sha256": weights.digest(released),
    }
    assert (stored["network"]["method"], stored["network"]["colours"]) == ("wae_cnn", "bgr")
    assert (stored["seen"]["resize"], stored["seen"]["crop"]) == ("caffe", 224)
    assert (stored["data"]["test_images"], stored["data"]["classes"], stored["data"]["layout"]) == (
        12, 3, "class folders",
    )  # fmt: skip
    assert stored["data"]["median_side"] == 10
    assert set(stored["provenance"]) >= {"code_commit", "protocol_digest", "packages", "hardware", "seconds"}
    page = RESULT.with_suffix(".md").read_text(encoding="utf-8")
    assert "# WAE+CNN as published: released" in page
    for words in ("11.87", "11.73", weights.digest(released), "as Caffe's tool does by OpenCV", "takes BGR"):
        assert words in page
    assert "11.87" in said.stdout
    assert sorted(path.name for path in RESULT.parent.iterdir()) == ["released.json", "released.md"]


def test_choices_are_recorded(study, released, images):
    words = ("--resize", "keep", "--colours", "rgb", "--name", "other")
    assert study("evaluate", "--weights", released, "--data", images / "val", *words).exit_code == 0
    stored = json.loads(RESULT.with_name("other.json").read_text(encoding="utf-8"))
    assert (stored["seen"]["resize"], stored["network"]["colours"]) == ("keep", "rgb")


@pytest.mark.slow
def test_one_folder_with_a_file_of_classes_gives_the_same_errors(study, released, images, checkout):
    assert study("evaluate", "--weights", released, "--data", images).exit_code == 0
    before = json.loads(RESULT.read_text(encoding="utf-8"))
    flat, lines = checkout / "flat", []
    flat.mkdir()
    for number, path in enumerate(sorted((images / "val").glob("*/*")), start=1):
        path.rename(flat / f"ILSVRC2012_val_{number:08d}.JPEG")
        lines.append(path.parent.name)
    (checkout / "labels.txt").write_text("\n".join(lines), encoding="utf-8")
    said = study("evaluate", "--weights", released, "--data", flat, "--truth", checkout / "labels.txt")
    assert said.exit_code == 0, said.stderr
    after = json.loads(RESULT.read_text(encoding="utf-8"))
    assert after["errors"] == before["errors"]
    assert after["data"]["layout"] == "one folder, with labels.txt (WordNet ids)"


def fault(said, *words: str) -> None:
    assert said.exit_code == 2
    *progress, line = said.stderr.splitlines()
    assert all(not text or text.startswith("check:") for text in progress)
    for word in words:
        assert word in line
    assert not RESULT.parent.exists()


def test_a_fault_is_one_line_and_leaves_no_result(study, released, images, checkout):
    run = ("evaluate", "--weights", released, "--data")
    fault(study("evaluate", "--weights", "no.pth", "--data", images), "error: no.pth: no such file")
    fault(study(*run, checkout / "nowhere"), "nowhere: no such folder")
    fault(study(*run, images, "--name", "../up"), "error: --name: must be 1 to 100 letters", "got '../up'")
    (images / "val" / WNIDS[0]).rename(images / "moved")
    fault(study(*run, images), "images of 2 classes, where the network of the file has 3")
    (images / "moved").rename(images / "val" / WNIDS[0])
    whole = next((images / "val" / WNIDS[1]).iterdir())
    whole.write_bytes(whole.read_bytes()[:200])
    fault(study(*run, images), "1 of 12 images cannot be decoded")


def test_an_interruption_leaves_no_result(study, released, images, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("study.evaluation.ranks.ranks", interrupted)
    assert study("evaluate", "--weights", released, "--data", images).exit_code != 0
    assert not RESULT.parent.exists()


def test_a_network_that_was_read_keeps_its_logits_in_the_layout_of_evaluations(released):
    from study.models.layout import lay_out

    image = torch.rand(1, 3, 224, 224)
    network = weights.read(released).network
    before = averaged(network(image))
    lay_out(network)
    torch.testing.assert_close(averaged(network(image)), before)
