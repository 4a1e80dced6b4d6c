"""OpenVINO, the engine that people reach for to run a network on a processor: export and compilation.

It is imported where it is used: a machine without it, one with a GPU for example, measures everything else.
"""

import warnings
from collections.abc import Callable
from importlib import import_module, metadata
from typing import Any

import torch
from torch import Tensor, nn

Model = Any  # openvino.Model
Arguments = tuple[Tensor, ...]


def version() -> str | None:
    """The installed OpenVINO's version, or None."""
    try:
        return metadata.version("openvino")
    except metadata.PackageNotFoundError:
        return None


def exported(network: nn.Module, inputs: Arguments) -> Model:
    """A network as OpenVINO's graph, for inputs of exactly these shapes.

    Through the front end itself: `openvino.convert_model` does the same and reports its use over the network.
    """
    frontends = import_module("openvino.frontend")
    decoders = import_module("openvino.frontend.pytorch.ts_decoder")
    with warnings.catch_warnings(), torch.no_grad():
        # The front end reads traces; its reader of torch.export's programs is not finished.
        warnings.filterwarnings("ignore", ".*torch.jit.*deprecated.*", DeprecationWarning)
        # A name of its own: the model that the front end loads refers to the decoder without keeping it alive.
        decoder = decoders.TorchScriptPythonDecoder(network, example_input=inputs)
    frontend = frontends.FrontEndManager().load_by_framework("pytorch")
    model = frontend.convert(frontend.load(decoder))
    model.reshape({port: list(value.shape) for port, value in zip(model.inputs, inputs, strict=True)})
    return model


def compiled(model: Model, inputs: Arguments, *, bf16: bool, threads: int) -> Callable[[], Arguments]:
    """A call that runs the graph on `inputs`, in bf16 or fp32, on so many threads, and gives its outputs in fp32.

    Inputs are read, and outputs written, in place: the outputs of one graph can be the inputs of another.
    """
    openvino = import_module("openvino")
    options = {
        "INFERENCE_PRECISION_HINT": "bf16" if bf16 else "f32",
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY",
    }
    request = openvino.Core().compile_model(model, "CPU", options).create_infer_request()
    for number, value in enumerate(inputs):
        request.set_input_tensor(number, openvino.Tensor(value.contiguous().numpy(), shared_memory=True))
    outputs = tuple(torch.from_numpy(request.get_output_tensor(number).data) for number in range(len(model.outputs)))

    def call() -> Arguments:
        request.infer(share_outputs=True)
        return outputs

    return call
