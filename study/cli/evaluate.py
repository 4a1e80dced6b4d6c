"""`study evaluate`: a network that others trained, on ImageNet's validation images."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from study.cli import terminal
from study.settings import paths
from study.settings.errors import InvalidParameter

EPILOG = (
    "Examples:\n\n\b\n  study evaluate --weights wae_vgg_classification.caffemodel --data imagenet/val\n"
    "  study evaluate --weights vgg16-397923af.pth --data imagenet --resize warp\n"
    "  study evaluate --weights resnet50.safetensors --data flat --truth ILSVRC2012_validation_ground_truth.txt"
)
RESULTS = paths.results("weights")
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")


class Resize(StrEnum):
    """How an image becomes 256 x 256."""

    CAFFE = "caffe"
    WARP = "warp"
    KEEP = "keep"


class Colours(StrEnum):
    """In which order a file's first layer takes them."""

    BGR = "bgr"
    RGB = "rgb"


def evaluate(
    weights: Annotated[Path, typer.Option(help="A .caffemodel, or a state dict of torchvision (.pth, .safetensors).")],
    data: Annotated[Path, typer.Option(help="ImageNet's validation images: class folders, or one folder.")],
    truth: Annotated[
        Path | None, typer.Option(help="The classes of images in one folder, a line an image; looked for if not given.")
    ] = None,
    resize: Annotated[
        Resize | None,
        typer.Option(
            help="To a side of 256 as Caffe's tool does (caffe), smoothed (warp), or the shorter side (keep); if not "
            "given, caffe for Caffe's files and keep for torchvision's."
        ),
    ] = None,
    colours: Annotated[
        Colours | None,
        typer.Option(help="The order that the first layer takes; if not given, Caffe's bgr or torchvision's rgb."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What the result is called; as the file if not given.")] = None,
) -> None:
    """Evaluate the authors' released network, or a published VGG16 or ResNet-50, on ImageNet's validation images.

    Nothing is trained, and a GPU is used where there is one. Both errors stand with their intervals beside the printed
    numbers. The result is results/weights/<name>.json, with a page beside it; an interrupted run leaves neither.
    """
    called = name or weights.stem
    if not NAME.fullmatch(called):
        raise InvalidParameter(
            f"--name: must be 1 to 100 letters, digits, dots, dashes and underscores, got {called[:120]!r}"
        )
    from study.judging import published as judged
    from study.published import evaluation, record
    from study.published import weights as files
    from study.rendering import markdown, published, stored
    from study.sources.validation import validation
    from study.stages import entry

    started = record.start()
    entry.keep_freed_memory()
    entry.keep_to_cores()
    network = files.read(weights, colours.value if colours else None)
    found = validation(data, truth)
    evaluation.need_classes(network, found.collection)
    file = {"file": weights.name, "bytes": weights.stat().st_size, "sha256": files.digest(weights)}
    outcome = evaluation.evaluate(network, found.collection, resize.value if resize else network.resize, called)
    described, facts = network.described(), {**outcome.data, "layout": found.layout}
    unlike = judged.unlike_the_paper(described, facts)
    errors = judged.errors(outcome.ranks, outcome.units, network.backbone, network.method, unlike)
    result = judged.Evaluated(
        called, file, described, facts, outcome.seen, errors, unlike, record.provenance(started)
    )  # fmt: skip
    page = published.page(result)
    paths.write_text(RESULTS / f"{called}.md", markdown.page(page))
    paths.write_text(RESULTS / f"{called}.json", stored.as_json(result))  # what counts, so it comes last
    terminal.show_page(page)
    terminal.say(f"\n{RESULTS / called}.json, {RESULTS / called}.md", style="dim")
