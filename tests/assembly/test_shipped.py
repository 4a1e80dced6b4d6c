"""Networks in the repository."""

import pytest
import torch
from safetensors.torch import save_file

from study.assembly import shipped
from study.models.wae import WaveletLikeAutoEncoder
from study.settings import paths
from study.settings.errors import InvalidData

MANIFEST = {"source": "photographs", "crop": 32, "classes": ["cat", "dog"]}


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """An auto-encoder as the pipeline leaves it."""
    monkeypatch.chdir(tmp_path)
    network = WaveletLikeAutoEncoder()
    folder = paths.auto_encoder("quick", "objects", 0)
    folder.mkdir(parents=True)
    save_file(network.state_dict(), folder / "weights.safetensors")
    paths.write_json(folder / "outcome.json", {"outcome": "trained", "reason": None, "settings": {}})
    return folder


def test_a_shipped_network_is_the_trained_one_in_half_precision(trained):
    size = shipped.store(shipped.AUTO_ENCODER, "quick", 0, MANIFEST, "# Card")
    found = shipped.read(shipped.AUTO_ENCODER)
    assert (found.scale, found.seed, found.manifest) == ("quick", 0, MANIFEST)
    exact = shipped.auto_encoder("quick", 0)  # that of the pipeline, as long as it is there
    assert found.weights.keys() == exact.keys()
    for name, value in exact.items():
        assert torch.equal(found.weights[name], value.half().float()), name
    assert size < (trained / "weights.safetensors").stat().st_size
    text = (shipped.FOLDER / shipped.AUTO_ENCODER / shipped.CARD).read_text(encoding="utf-8")
    assert text.startswith("# Card")
    assert "SHA-256" in text


def test_a_fresh_clone_falls_back_to_the_shipped_network_of_its_scale_and_seed_alone(trained):
    shipped.store(shipped.AUTO_ENCODER, "quick", 0, MANIFEST, "# Card")
    trained.rename(trained.with_name("elsewhere"))
    assert shipped.auto_encoder("quick", 0).keys() == WaveletLikeAutoEncoder().state_dict().keys()
    for scale, seed in (("quick", 1), ("desk", 0)):
        with pytest.raises(InvalidData, match="dvc repro"):
            shipped.auto_encoder(scale, seed)
    assert shipped.stands_for("full", "quick", "objects", "vgg16", 0) is None
    assert shipped.stands_for(shipped.AUTO_ENCODER, "quick", "faces", "vgg16", 0) is None


def test_a_damaged_network_is_one_line_with_the_way_back(trained):
    shipped.store(shipped.AUTO_ENCODER, "quick", 0, MANIFEST, "# Card")
    file = shipped.FOLDER / shipped.AUTO_ENCODER / shipped.TENSORS
    file.write_bytes(file.read_bytes()[:-1] + b"\1")
    with pytest.raises(InvalidData, match="get it back with: git restore weights/auto_encoder"):
        shipped.read(shipped.AUTO_ENCODER)
