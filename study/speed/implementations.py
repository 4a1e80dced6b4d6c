"""The ways in which a network can be run, by the words that params.yaml and the tables use."""

import copy
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from study.models.layout import lay_out
from study.speed import engine
from study.speed.folding import FoldedTwoStream, Streams, copy_of, folded

Arguments = tuple[Tensor, ...]
Call = Callable[[], Arguments]

FP32, TF32, BF16, FP16 = "fp32", "tf32", "bf16", "fp16"
DTYPES = {FP32: torch.float32, BF16: torch.bfloat16, FP16: torch.float16}
NCHW, NHWC = torch.contiguous_format, torch.channels_last


class NotHere(Exception):
    """Why an implementation cannot be run on this machine, or not for this network."""


class Subject:
    """A network in fp32 with its inputs, on the device where both lie, and what its implementations share.

    `network` may be any module; where only a part of a network is run, it stands for that part.
    """

    def __init__(self, network: nn.Module, inputs: Arguments) -> None:
        self.network = network.eval()
        self.inputs = inputs

    @cached_property
    def outputs(self) -> Arguments:
        """What the network itself gives, as it is written."""
        return call_of(self.network, self.inputs)()

    @cached_property
    def folded(self) -> nn.Module:
        """The network with its norms folded (study.speed.folding)."""
        return folded(self.network)

    @cached_property
    def exported(self) -> engine.Model:
        """The folded network in the engine's form. Raises NotHere without the engine."""
        _engine_is_installed()
        return engine.exported(self.folded, self.inputs)

    def difference(self, call: Call) -> float:
        """Largest difference of a call's outputs from the network's own, relative to the largest of these."""
        pairs = zip(self.outputs, call(), strict=True)
        return max(float((found.float() - own).abs().max() / own.abs().max()) for own, found in pairs)


@dataclass(frozen=True)
class Implementation:
    """One way to run a network: what it is, the precision it computes in, whether it runs the folded network, and
    how a call is made. `tolerance` is the largest difference from the network's own outputs that is still rounding,
    relative to the largest output."""

    title: str
    precision: str
    folds: bool
    tolerance: float
    prepare: Callable[[Subject], Call]
    compiles: bool = False  # needs a compiler, and minutes

    def checked(self, subject: Subject) -> tuple[Call, float]:
        """A call, and how far its outputs are from the network's own (see `Subject.difference`).

        Raises NotHere if it cannot be made or run on this machine, or if its outputs are not the network's.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # compilers comment on the machine
                call = self.prepare(subject)
                difference = subject.difference(call)
        except NotHere:
            raise
        except Exception as error:  # whatever a compiler or an engine raises on a machine that it cannot serve
            first = re.sub(r"\S*/\S+", "...", (str(error).strip().splitlines() or [""])[0])  # no paths of the machine
            raise NotHere(f"{type(error).__name__}: {first}") from error
        if not difference <= self.tolerance:
            raise NotHere(f"outputs differ by {difference:.2g} of the largest, more than {self.tolerance:g}")
        return call, difference


def call_of(network: Callable[..., Tensor | Arguments], inputs: Arguments) -> Call:
    """A forward pass in inference mode; its outputs as a tuple."""

    def call() -> Arguments:
        with torch.inference_mode():
            outputs = network(*inputs)
        return (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)

    return call


def _cast(
    network: nn.Module, inputs: Arguments, precision: str, layout: torch.memory_format
) -> tuple[nn.Module, Arguments]:
    """A copy of a network, and its inputs, in another precision and layout."""
    # A change of precision writes into the weights, so that then none can be shared.
    network = copy_of(network) if precision == FP32 else copy.deepcopy(network).to(DTYPES[precision])
    lay_out(network, layout)
    return network, tuple(
        value.to(DTYPES[precision]).contiguous(memory_format=layout if value.dim() == 4 else NCHW) for value in inputs
    )


def _as_written(subject: Subject) -> Call:
    return call_of(subject.network, subject.inputs)


def _folded(subject: Subject) -> Call:
    return call_of(subject.folded, subject.inputs)


def _eager(precision: str, layout: torch.memory_format) -> Callable[[Subject], Call]:
    return lambda subject: call_of(*_cast(subject.folded, subject.inputs, precision, layout))


def _compiled(precision: str) -> Callable[[Subject], Call]:
    """torch.compile with the weights as constants, which it lays out once and for all."""

    def prepare(subject: Subject) -> Call:
        # Networks and their parts share code, and each is compiled; beyond the limit torch would run them uncompiled.
        torch._dynamo.config.recompile_limit = 1000
        network, inputs = _cast(subject.folded, subject.inputs, precision, NCHW)
        call = call_of(torch.compile(network), inputs)
        # Compiled at the first call. As an option of torch.compile `freezing` changes nothing (torch 2.11).
        with torch._inductor.config.patch(freezing=True):
            call()
        return call

    return prepare


def _engine_is_installed() -> None:
    if engine.version() is None:
        raise NotHere("OpenVINO is not installed")


def _engine(*, bf16: bool) -> Callable[[Subject], Call]:
    return lambda subject: engine.compiled(subject.exported, subject.inputs, bf16=bf16, threads=torch.get_num_threads())


def _engine_in_two_precisions(subject: Subject) -> Call:
    _engine_is_installed()
    if not isinstance(subject.folded, FoldedTwoStream):
        raise NotHere("no encoder whose precision could be another")
    threads = torch.get_num_threads()
    encoder = subject.folded.encoder
    encode = engine.compiled(engine.exported(encoder, subject.inputs), subject.inputs, bf16=False, threads=threads)
    channels = encode()  # the engine's own memory, which the second graph reads in place
    streams = engine.exported(subject.folded.streams, channels)
    classify = engine.compiled(streams, channels, bf16=True, threads=threads)

    def call() -> Arguments:
        encode()
        return classify()

    return call


def _tf32(subject: Subject) -> Call:
    inner = call_of(*_cast(subject.folded, subject.inputs, FP32, NHWC))

    def call() -> Arguments:
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = True
        try:
            return inner()
        finally:
            torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False

    return call


class _StreamsAtOnce(nn.Module):
    """Both streams on two CUDA streams: the high one runs where the low one leaves room."""

    def __init__(self, streams: Streams) -> None:
        super().__init__()
        self.streams = streams
        self.side = torch.cuda.Stream()

    def forward(self, channels: Tensor) -> tuple[Tensor, Tensor]:
        main = torch.cuda.current_stream()
        self.side.wait_stream(main)
        with torch.cuda.stream(self.side):
            high = self.streams.high_features(channels)
        low = self.streams.low_features(channels)
        main.wait_stream(self.side)
        scores, fused = self.streams.heads(low, high)
        return scores, fused


def _graph(precision: str, layout: torch.memory_format, *, at_once: bool = False) -> Callable[[Subject], Call]:
    """A CUDA graph: every kernel launched by one call, so that the launches cost no time."""

    def prepare(subject: Subject) -> Call:
        network, inputs = _cast(subject.folded, subject.inputs, precision, layout)
        if at_once:
            if not isinstance(network, FoldedTwoStream):
                raise NotHere("one stream alone")
            network = nn.Sequential(network.encoder, _StreamsAtOnce(network.streams))
        forward = call_of(network, inputs)
        side = torch.cuda.Stream()  # where libraries choose their kernels before the capture
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                forward()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            outputs = forward()

        def call() -> Arguments:
            graph.replay()
            return outputs

        return call

    return prepare


AS_WRITTEN = "eager"  # in which every network of the tables is timed, as the paper's were
ON_PROCESSOR = {
    AS_WRITTEN: Implementation("eager, fp32, NCHW", FP32, False, 1e-3, _as_written),
    "folded": Implementation("eager, fp32, NCHW, folded", FP32, True, 1e-3, _folded),
    "channels_last": Implementation("eager, fp32, channels last, folded", FP32, True, 1e-3, _eager(FP32, NHWC)),
    "bf16": Implementation("eager, bf16, channels last, folded", BF16, True, 0.1, _eager(BF16, NHWC)),
    "compile": Implementation("torch.compile, fp32, folded", FP32, True, 1e-3, _compiled(FP32), True),
    "compile_bf16": Implementation("torch.compile, bf16, folded", BF16, True, 0.1, _compiled(BF16), True),
    "openvino": Implementation("OpenVINO, fp32, folded", FP32, True, 1e-3, _engine(bf16=False)),
    "openvino_mixed": Implementation(
        "OpenVINO, bf16 behind an fp32 encoder, folded", BF16, True, 0.1, _engine_in_two_precisions
    ),
    "openvino_bf16": Implementation("OpenVINO, bf16, folded", BF16, True, 0.1, _engine(bf16=True)),
}
ON_GPU = {
    AS_WRITTEN: Implementation("eager, fp32, NCHW", FP32, False, 1e-3, _as_written),
    "channels_last": Implementation("eager, fp32, channels last, folded", FP32, True, 1e-3, _eager(FP32, NHWC)),
    "tf32": Implementation("eager, TF32, channels last, folded", TF32, True, 0.02, _tf32),
    "bf16": Implementation("eager, bf16, channels last, folded", BF16, True, 0.1, _eager(BF16, NHWC)),
    "fp16": Implementation("eager, fp16, channels last, folded", FP16, True, 0.02, _eager(FP16, NHWC)),
    "compile": Implementation("torch.compile, fp16, folded", FP16, True, 0.02, _compiled(FP16), True),
    "graph": Implementation("CUDA graph, fp32, channels last, folded", FP32, True, 1e-3, _graph(FP32, NHWC)),
    "graph_fp16": Implementation("CUDA graph, fp16, channels last, folded", FP16, True, 0.02, _graph(FP16, NHWC)),
    "graph_fp16_at_once": Implementation(
        "CUDA graph, fp16, both streams at once, folded", FP16, True, 0.02, _graph(FP16, NHWC, at_once=True)
    ),
}
