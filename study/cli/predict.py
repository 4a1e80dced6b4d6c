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
TOP = 5  # classes that are named
EMBEDDED = ("photographs", "rendered_faces")  # sources whose classes are no kinds of things


def predict(
    image: Annotated[Path, typer.Argument(help="An image file: JPEG, PNG and what else Pillow reads.")],
    method: Method = "wae_cnn",
    seed: Seed = 0,
    scale: ScaleOption = None,
    dataset: Dataset = "objects",
    backbone: Backbone = "vgg16",
    top: Annotated[
        int | None, typer.Option(min=1, help="How many classes to name; 5 where they can be those of your image.")
    ] = None,
    channels: Annotated[
        Path | None, typer.Option(help="A folder for the input, the channels and the reconstruction, as PNG.")
    ] = None,
) -> None:
    """What a trained network sees of an image: its classes, what its channels keep, and its time.

    The image is prepared as in evaluation. Probabilities are the softmax of the averaged logits. A network that tells
    the embedded photographs or drawn faces apart knows no other classes, so it names none unless --top asks. The time
    of the full network stands beside, if that is trained. In a fresh clone the network is that of weights/.
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
    best = probabilities.topk(min(top or TOP, len(probabilities)))
    own, classes = found.manifest["source"] not in EMBEDDED, found.manifest["classes"]
    rows = [["", "class", "probability, %"]]
    rows += [
        [str(rank), found.manifest["classes"][number], f"{100 * probability:.1f}"]
        for rank, (number, probability) in enumerate(zip(best.indices.tolist(), best.values.tolist(), strict=True), 1)
    ]
    with terminal.working("taking times"):
        times = _times(found, image)
    before = [f"Seen: {found.preprocessing.described()}."]
    columns = 2
    if not own:
        named = ", ".join(classes[:3])
        before.append(f"It was trained to tell {len(classes)} classes apart ({named} ...), and your image is of none.")
        if top is None:
            rows, columns = [["", ""], *_channels(found, as_input(pixels))], 1
    terminal.show(headed(f"{image}: {run}", rows, before=before, behind=times, left_columns=columns))
    if channels is not None:
        _write_channels(channels, found, as_input(pixels))


def _channels(found: "Trained", image: "Tensor") -> list[list[str]]:
    """What the channels keep of an image, a row each; that there are none, of a network that does not decompose."""
    import torch

    from study.cli import trained
    from study.measures.losses import energy_loss
    from study.measures.metrics import psnr_db

    decomposer = getattr(found.network, "decomposer", None)
    if decomposer is None:
        return [["channels", "none: it sees the image itself"]]
    with torch.inference_mode():
        low, high = decomposer(image)
        rows = [["energy of I_H / energy of I_L", f"{float(energy_loss(high) / energy_loss(low)):.2g}"]]
        decoder = trained.decoder(found.run)
        if decoder is not None:
            rows.append(["put together again, PSNR", f"{float(psnr_db(decoder(low, high), image).mean()):.1f} dB"])
    return [*rows, ["as images", "study predict ... --channels folder"]]


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
