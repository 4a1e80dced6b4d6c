from collections.abc import Callable
from pathlib import Path
from shutil import copy

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from typer.testing import CliRunner

from study.cli.app import app
from study.cli.pipeline import Run
from study.data import prepared
from study.data.collection import Collection, Packed
from study.models.build import build
from study.models.shape import Shape
from study.models.wae import Decoder
from study.settings import paths, runs

ROOT = Path(__file__).parents[2]
CLASSES = ("cat", "dog", "fox")
SHAPE = Shape(32, len(CLASSES), 1 / 16, batch_norm=True)


@pytest.fixture
def study() -> Callable:
    """The program, called with words; its result has stdout, stderr and exit_code."""
    # A line of help must not be broken where a test looks for it.
    return lambda *words: CliRunner(env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"}).invoke(
        app, [str(w) for w in words]
    )


@pytest.fixture(scope="session")
def smoke(tmp_path_factory) -> Path:
    """params.yaml as `study use smoke` leaves it."""
    file = tmp_path_factory.mktemp("smoke") / "params.yaml"
    copy(ROOT / "params.yaml", file)
    runs.apply(runs.read(str(ROOT / "runs/smoke.yaml")), file)
    return file


@pytest.fixture
def checkout(tmp_path, monkeypatch, smoke) -> Path:
    """The working folder of a fresh clone at scale smoke, without results."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in ("dvc.yaml", "pyproject.toml"):
        copy(ROOT / name, folder / name)
    copy(smoke, folder / "params.yaml")
    (folder / "paper_tables").symlink_to(ROOT / "paper_tables")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))  # no repository around that of the test
    for variable in ("DVC_ROOT", "STUDY_OBJECTS", "STUDY_FACES", "STUDY_IMAGENET", "STUDY_CACD"):
        monkeypatch.delenv(variable, raising=False)
    return folder


@pytest.fixture
def data(checkout) -> Path:
    """A prepared data set of ten random patches a class, and an image beside the checkout's files."""
    random = np.random.default_rng(0)
    labels = np.repeat(np.arange(len(CLASSES)), 10)
    images = random.integers(0, 256, (len(labels), 36, 36, 3), dtype=np.uint8)
    collection = Collection(CLASSES, Packed(images, labels), Packed(images, labels))
    folder = paths.prepared("smoke", "objects")
    prepared.write(
        folder, collection, source="photographs", side=36, crop=32, aspect="warp", upright=True, listing=None
    )
    Image.fromarray(random.integers(0, 256, (60, 80, 3), dtype=np.uint8)).save(checkout / "picture.png")
    return folder


@pytest.fixture
def trained(data) -> Callable[[str], Path]:
    """Leaves a network as a training would, with random weights; gives its folder."""

    def leave(method: str) -> Path:
        run = Run("smoke", "objects", "vgg16", method, 0)
        torch.manual_seed(0)
        parts = {"classifier": build("vgg16", method, SHAPE)} | ({"decoder": Decoder()} if method == "wae_cnn" else {})
        weights = {f"{name}.{key}": value for name, part in parts.items() for key, value in part.state_dict().items()}
        run.folder.mkdir(parents=True)
        save_file(weights, run.folder / "weights.safetensors")
        network = {
            "width": SHAPE.width,
            "batch_norm": SHAPE.batch_norm,
            "dropout": {"others": 0.5},
            "initialisation": "xavier",
        }
        settings = {"method": method, "channel_norm": SHAPE.channel_norm, "network": network}
        outcome = {"outcome": "trained", "reason": None, "settings": settings}
        paths.write_json(run.folder / "outcome.json", outcome)
        paths.write_json(paths.record(run.folder), {"code_commit": "0123456789ab", "finished": "today"})
        return run.folder

    return leave
