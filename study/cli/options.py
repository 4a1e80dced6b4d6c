"""The options that commands share, and what a shell completes them with."""

from enum import StrEnum
from typing import Annotated

import typer

from study.settings import methods
from study.settings.methods import BACKBONES, PLACES
from study.settings.records import DATASETS


class Scale(StrEnum):
    """The scales of params.yaml, whose reader takes longer to load than this program to answer."""

    SMOKE = "smoke"
    QUICK = "quick"
    DESK = "desk"
    PHOTOS = "photos"
    PAPER = "paper"


def _methods(ctx: typer.Context) -> list[str]:
    place = ctx.params.get("dataset") or DATASETS[0], ctx.params.get("backbone") or next(iter(BACKBONES))
    return list(methods.evaluated(*place)) if place in PLACES else []


ScaleOption = Annotated[Scale | None, typer.Option(help="The scale; that of params.yaml if none is given.")]
Dataset = Annotated[str, typer.Option(help="What it was trained on.", autocompletion=lambda: list(DATASETS))]
Backbone = Annotated[
    str, typer.Option(help="The network that it is made from.", autocompletion=lambda: list(BACKBONES))
]
Method = Annotated[
    str, typer.Option(help="A row of the tables, by its word: wae_cnn, full, wavelet_cnn ...", autocompletion=_methods)
]
Seed = Annotated[int, typer.Option(help="The seed that it was trained with.", min=0)]


def chosen(scale: Scale | None) -> str:
    """The scale that is given, or that of params.yaml. Raises InvalidParameter if that cannot be read."""
    from study.settings import params

    return params.read().scale if scale is None else scale.value
