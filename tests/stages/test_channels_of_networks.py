"""Which encoders the stage `channels` finds: missing, failed and trained ones are three things."""

import pytest
import torch
from safetensors.torch import save_file

from study.models.build import build
from study.models.shape import Shape
from study.models.wae import Decoder, WaveletLikeAutoEncoder
from study.settings import paths
from study.stages.channels import trained

SHAPE = Shape(32, 3, width=0.125, batch_norm=True)


@pytest.fixture
def leave(tmp_path, monkeypatch):
    """Leaves what a training leaves, in an empty working folder."""
    monkeypatch.chdir(tmp_path)

    def write(folder, outcome, weights=None):
        paths.write_json(folder / "outcome.json", {"outcome": outcome, "reason": None, "settings": {}})
        if weights is not None:
            save_file(weights, folder / "weights.safetensors")

    return write


def test_a_network_that_was_not_trained_yet_is_missing(leave):
    assert trained("smoke", "wae_cnn", 0, SHAPE) == (
        {"outcome": "missing", "reason": "not trained yet"}, None, None
    )  # fmt: skip


def test_a_network_that_diverged_has_its_outcome_and_no_encoder(leave):
    leave(paths.auto_encoder("smoke", "objects", 0), "diverged")
    assert trained("smoke", "auto_encoder", 0, SHAPE) == ({"outcome": "diverged", "reason": None}, None, None)


def test_a_trained_network_has_its_encoder_and_the_decoder_that_it_was_tuned_with(leave):
    network, decoder = build("vgg16", "wae_cnn", SHAPE), Decoder()
    weights = {f"classifier.{name}": value for name, value in network.state_dict().items()}
    weights |= {f"decoder.{name}": value for name, value in decoder.state_dict().items()}
    leave(paths.classifier("smoke", "objects", "vgg16", "wae_cnn", 1), "trained", weights)
    outcome, encoder, found = trained("smoke", "wae_cnn", 1, SHAPE)
    assert outcome["outcome"] == "trained"
    assert torch.equal(encoder.to_low.weight, network.decomposer.to_low.weight)
    assert torch.equal(found.from_high[0].weight, decoder.from_high[0].weight)


def test_an_auto_encoder_has_both_of_its_parts(leave):
    auto_encoder = WaveletLikeAutoEncoder()
    leave(paths.auto_encoder("smoke", "objects", 0), "trained", auto_encoder.state_dict())
    _, encoder, decoder = trained("smoke", "auto_encoder", 0, SHAPE)
    assert torch.equal(encoder.to_high.weight, auto_encoder.encoder.to_high.weight)
    assert torch.equal(decoder.from_low[0].weight, auto_encoder.decoder.from_low[0].weight)
