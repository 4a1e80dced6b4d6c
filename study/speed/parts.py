"""A network taken apart where the paper does: encoder, low stream, high stream, heads."""

from torch import Tensor, nn

from study.measures.complexity import ENCODER, HEADS, HIGH_STREAM, LOW_STREAM
from study.models.classifiers import OneStream, TwoStream
from study.speed.folding import FoldedTwoStream, Heads
from study.speed.implementations import Subject


def parts(network: nn.Module, inputs: tuple[Tensor, ...]) -> dict[str, Subject]:
    """Part -> that part alone, on what it receives when the network runs on `inputs`.

    A norm belongs to the stream that it stands before. Raises TypeError for a network without such parts.
    """
    if isinstance(network, OneStream):
        stream = Subject(nn.Sequential(network.norm, network.features), inputs)
        return {LOW_STREAM: stream, HEADS: Subject(network.head, stream.outputs)}
    if isinstance(network, FoldedTwoStream):
        encoder = Subject(network.encoder, inputs)
        low, high = (
            Subject(features, encoder.outputs)
            for features in (network.streams.low_features, network.streams.high_features)
        )
        heads = network.streams.heads
    elif isinstance(network, TwoStream):
        encoder = Subject(network.decomposer, inputs)
        low, high = (
            Subject(nn.Sequential(norm, features), (channel,))
            for norm, features, channel in zip(
                (network.low_norm, network.high_norm),
                (network.low_features, network.high_features),
                encoder.outputs,
                strict=True,
            )
        )
        heads = Heads(network.low_head, network.fused_head)
    else:
        raise TypeError(f"a {type(network).__name__} has no parts that are told apart")
    return {
        ENCODER: encoder,
        LOW_STREAM: low,
        HIGH_STREAM: high,
        HEADS: Subject(heads, (*low.outputs, *high.outputs)),
    }
