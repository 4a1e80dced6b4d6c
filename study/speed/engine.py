"""OpenVINO, the engine that people reach for to run a network on a processor: export and compilation."""

import warnings
from collections.abc import Callable

import openvino
import torch
from openvino import Core, Model
from openvino.frontend import FrontEndManager
from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder
from torch import Tensor, nn

Arguments = tuple[Tensor, ...]


def exported(network: nn.Module, inputs: Arguments) -> Model:
    """A network as OpenVINO's graph, for inputs of exactly these shapes.

    Through the front end itself: `openvino.convert_model` does the same and reports its use over the network.
    """
    with warnings.catch_warnings(), torch.no_grad():
        # The front end reads traces; its reader of torch.export's programs is not finished.
        warnings.filterwarnings("ignore", ".*torch.jit.*deprecated.*", DeprecationWarning)
        # A name of its own: the model that the front end loads refers to the decoder without keeping it alive.
        decoder = TorchScriptPythonDecoder(network, example_input=inputs)
    frontend = FrontEndManager().load_by_framework("pytorch")
    model = frontend.convert(frontend.load(decoder))
    model.reshape({port: list(value.shape) for port, value in zip(model.inputs, inputs, strict=True)})
    return model


def compiled(model: Model, inputs: Arguments, *, bf16: bool, threads: int) -> Callable[[], Arguments]:
    """A call that runs the graph on `inputs`, in bf16 or fp32, on so many threads, and gives its outputs in fp32.

    Inputs are read, and outputs written, in place: the outputs of one graph can be the inputs of another.
    """
    options = {
        "INFERENCE_PRECISION_HINT": "bf16" if bf16 else "f32",
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY",
    }
    request = Core().compile_model(model, "CPU", options).create_infer_request()
    for number, value in enumerate(inputs):
        request.set_input_tensor(number, openvino.Tensor(value.contiguous().numpy(), shared_memory=True))
    outputs = tuple(torch.from_numpy(request.get_output_tensor(number).data) for number in range(len(model.outputs)))

    def call() -> Arguments:
        request.infer(share_outputs=True)
        return outputs

    return call
