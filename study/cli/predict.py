"""`study predict`: what a trained network says of an image."""

from collections.abc import Callable
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from study.cli import terminal
from study.cli.options import Backbone, Dataset, Method, ScaleOption, Seed, chosen
from study.cli.pipeline import FULL, Run
from study.settings.errors import StudyError

if TYPE_CHECKING:
    from torch import Tensor

    from study.cli.trained import Trained

EPILOG = (
    "Examples:\n\n\b\n  study predict cat.jpg\n  study predict cat.jpg --method wavelet_cnn --top 3\n"
    "  study predict cat.jpg --channels channels/"
)
SECONDS = 2.0  # of timing


def predict(
    image: Annotated[Path, typer.Argument(help="An image file: JPEG, PNG and what else Pillow reads.")],
    method: Method = "wae_cnn",
    seed: Seed = 0,
    scale: ScaleOption = None,
    dataset: Dataset = "objects",
    backbone: Backbone = "vgg16",
    top: Annotated[int, typer.Option(min=1, help="How many classes to name.")] = 5,
    channels: Annotated[
        Path | None, typer.Option(help="A folder for the input, the channels and the reconstruction, as PNG.")
    ] = None,
) -> None:
    """Classify an image with a network that the pipeline trained, and take its time.

    The image is prepared as in evaluation. Probabilities are the softmax of the averaged logits. The time of the full
    network stands beside, if that is trained.
    """
    import torch

    from study.cli import trained
    from study.export.formats import Logits
    from study.export.preprocessing import as_input
    from study.rendering.table import headed

    run = Run(chosen(scale), dataset, backbone, method, seed)
    found = trained.find(run)
    pixels = found.preprocessing.picture(image)
    with torch.inference_mode():
        probabilities = Logits(found.network).eval()(as_input(pixels))[0].softmax(dim=0)
    best = probabilities.topk(min(top, len(probabilities)))
    rows = [["", "class", "probability, %"]]
    rows += [
        [str(rank), found.manifest["classes"][number], f"{100 * probability:.1f}"]
        for rank, (number, probability) in enumerate(zip(best.indices.tolist(), best.values.tolist(), strict=True), 1)
    ]
    with terminal.working("taking times"):
        times = _times(found, image)
    seen = f"Seen: {found.preprocessing.described()}."
    terminal.show(headed(f"{image}: {run}", rows, before=[seen], behind=times, left_columns=2))
    if channels is not None:
        _write_channels(channels, found, as_input(pixels))


def _times(found: "Trained", image: Path) -> list[str]:
    """Sentences on the time of one image through the network and the full one, in turns."""
    import torch

    from study.cli import trained
    from study.export.preprocessing import as_input
    from study.measures.timing import alternate, on_processor
    from study.settings.methods import label

    backbone = found.run.backbone
    networks, lacking = {found.run.method: found}, []
    if found.run.method != FULL:
        try:
            networks[FULL] = trained.find(found.run._replace(method=FULL))
        except StudyError as error:
            lacking = [f"No time of {label(FULL, backbone)}: {error}."]

    def call(one: "Trained") -> Callable[[], object]:
        pixels = as_input(one.preprocessing.picture(image))

        def forward() -> object:
            with torch.inference_mode():
                return one.network(pixels)

        return forward

    calls = {name: call(one) for name, one in networks.items()}
    pair = FULL if len(calls) > 1 else found.run.method, found.run.method
    with redirect_stderr(StringIO()):  # two seconds need no bar
        taken = alternate(calls, seconds=SECONDS, pairs=[pair], clock=on_processor, title="time")
    text = ", ".join(f"{label(name, backbone)} {taken.median(name):.2f} ms" for name in calls)
    if len(calls) > 1:
        ratio, low, high = taken.ratio(*pair)
        text += f"; {label(pair[1], backbone)} is {ratio:.2f} times as fast ({low:.2f} to {high:.2f})"
    threads = torch.get_num_threads()
    return [
        f"Time of one image, medians of {taken.rounds} turns, {threads} thread{'s' if threads > 1 else ''}: {text}.",
        *lacking,
        "That is the network as trained; the study's times are those at full size: study show timing.",
    ]


def _write_channels(folder: Path, found: "Trained", image: "Tensor") -> None:
    """The input, the channels and, where a decoder was trained with them, the reconstruction."""
    from study.cli import trained
    from study.export import channel_images
    from study.settings.methods import network_label

    decoder = trained.decoder(found.run)
    name_of_row = network_label(found.run.method, found.run.backbone)
    terminal.say("")
    for name, view in channel_images.write(folder, channel_images.views(found.network, decoder, image)).items():
        terminal.say(f"{folder / name}: {view.how}")
    if not hasattr(found.network, "decomposer"):
        terminal.say(f"{name_of_row} does not decompose its input, so there are no channels.")
    elif decoder is None:
        terminal.say(f"No decoder was trained with {name_of_row}, so there is no reconstruction.")
