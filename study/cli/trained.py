"""A trained network of the pipeline, with what is needed to run it."""

from dataclasses import dataclass
from typing import Any

from torch import nn

from study.assembly import shipped
from study.assembly.networks import trained_network
from study.assembly.shipped import Shipped
from study.cli import pipeline
from study.cli.pipeline import Run
from study.data import prepared
from study.data.prepared import Manifest
from study.export import preprocessing
from study.export.preprocessing import Preprocessing
from study.models import plans
from study.models.build import build
from study.models.shape import Shape
from study.models.wae import Decoder
from study.settings import params, paths
from study.settings.errors import InvalidData, InvalidParameter
from study.settings.methods import METHODS, check_place, evaluated
from study.settings.parameters.training import Network
from study.training.run import OUTCOME, part, read_outcome, read_weights


@dataclass(frozen=True)
class Trained:
    """A network of a run, in eval mode on the processor, what its training came to, and how it sees an image."""

    run: Run
    network: nn.Module
    outcome: dict[str, Any]  # of its training: outcome.json
    shape: Shape
    manifest: Manifest  # of the data that it was trained on
    preprocessing: Preprocessing


def find(run: Run) -> Trained:
    """The network that the pipeline trained, of the size that it was trained at; where it has not, that of weights/.

    Raises InvalidParameter for a place or method that the study does not know, and InvalidData for a network or data
    that are not there, with the command that makes them.
    """
    scale, dataset, backbone, method, _ = run
    check_place(dataset, backbone)
    known = evaluated(dataset, backbone)
    if method not in known:
        raise InvalidParameter(f"method: must be one of {', '.join(known)} on {dataset}-{backbone}, got {method!r}")
    folder, data, stored = run.folder, paths.prepared(scale, dataset), None
    if not (folder / OUTCOME).is_file():
        stored = shipped.stands_for(run.source.method, scale, dataset, backbone, run.seed)
        if stored is None:
            raise InvalidData(f"{folder}: no trained network; to train it: {pipeline.trained(run)}")
    elif not (data / "manifest.json").is_file():
        raise InvalidData(f"{data}: not prepared; prepare it with: {pipeline.prepared(scale, dataset)}")
    manifest = stored.manifest if stored else prepared.read_manifest(data)
    outcome = stored.outcome if stored else read_outcome(folder)
    if outcome["outcome"] != "trained":
        raise InvalidData(f"{folder}: {outcome['outcome']}: {outcome['reason']}")
    size = Network(**outcome["settings"]["network"])
    shape = Shape(
        manifest["crop"],
        len(manifest["classes"]),
        size.width,
        size.batch_norm,
        size.dropout_of(method),
        size.initialisation,
        outcome["settings"]["channel_norm"],
        None if stored else plans.read(folder),
    )
    try:
        network = _of(stored, run, shape) if stored else trained_network(*run, shape)[1]
    except RuntimeError:  # of load_state_dict
        again = f"to train it again: {pipeline.trained(run)}"
        raise InvalidData(f"{folder}: weights of another size than {data}; {again}") from None
    if network is None:
        raise InvalidData(f"{folder}: holds no weights; to train it again: {pipeline.trained(run)}")
    source = getattr(params.read().at(scale).data, dataset)
    seen = preprocessing.of(manifest, METHODS[method].input_divisor, getattr(source, "reduce", None))
    return Trained(run, network.eval(), outcome, shape, manifest, seen)


def _of(stored: Shipped, run: Run, shape: Shape) -> nn.Module:
    """The network of the repository, or the part of it that a row is."""
    network = build(run.backbone, run.method, shape)
    weights = part(stored.weights, "classifier")
    network.load_state_dict({name: weights[name] for name in network.state_dict()})
    return network


def decoder(run: Run) -> Decoder | None:
    """The decoder that was trained with the network's encoder, in eval mode; None where there was none, or is none."""
    folder = run.folder
    if METHODS[run.method].frozen_encoder:
        folder = paths.auto_encoder(run.scale, run.dataset, run.seed)
    if folder.exists():
        weights = part(read_weights(folder) or {}, "decoder")
    else:
        row = shipped.AUTO_ENCODER if METHODS[run.method].frozen_encoder else run.source.method
        stored = shipped.stands_for(row, run.scale, run.dataset, run.backbone, run.seed)
        weights = part(stored.weights, "decoder") if stored else {}
    if not weights:
        return None
    found = Decoder()
    found.load_state_dict(weights)
    return found.eval()
