"""What is known of a row of the tables, and of a backbone, before anything is run."""

from dataclasses import dataclass, fields
from typing import Literal

DATASETS = ("objects", "faces")
# A data set and a backbone.
Place = tuple[str, str]

OBJECTS_VGG16: Place = ("objects", "vgg16")
OBJECTS_RESNET50: Place = ("objects", "resnet50")
FACES_VGG16: Place = ("faces", "vgg16")

# What a network sees: the image, the low channel of its decomposer, or both channels.
Streams = Literal["image", "low", "both"]
Stage = Literal["train", "finetune", "joint", "extend", "prune", "recover", ""]

# Fields that decide no weight and no measured number: how a row is called and drawn, and what is asked of it.
PRESENTATION = frozenset({"label", "controls", "colour", "marker", "in_paper"})
# Fields that decide no weight of a row: where it is trained, and what is measured of it afterwards.
MEASUREMENT = frozenset({"places", "timed", "implementations"})


@dataclass(frozen=True)
class Control:
    """A question that a row answers by its difference from another row."""

    question: str
    against: str


@dataclass(frozen=True)
class Method:
    """One row: everything that the study knows of it, in one place.

    `word` names it in dvc.yaml, in paths and in results; `label` in tables, figures and text, with `{backbone}` for the
    backbone's label. `places` are where it is trained. `stage` is the file in study/stages that makes its weights; a
    row without one is only counted and timed, or is `part_of` another row's network.
    """

    word: str
    label: str
    places: tuple[Place, ...] = ()
    stage: Stage = "train"
    # The network.
    streams: Streams = "image"
    input_divisor: int = 1  # by how much the side of its input is smaller than the crop
    decomposer: str = ""  # dotted name of a module: image -> (low, high)
    narrow_heads: bool = False  # those of the released network in the place of the backbone's own
    channel_norm: bool = True  # as params.yaml says; False: never
    plan: str = ""  # dotted name of the layers that are kept of a narrow network
    plan_of: str = ""  # the row whose pruning leaves those layers
    # Its training.
    frozen_encoder: bool = False  # the decomposer is that of stage 1, and stays as it is
    averaged_loss: bool = False  # the mean of the streams' losses in the place of their sum
    starts_from: str = ""  # the row whose weights it starts from
    criterion: str = ""  # of a pruned row: dotted name of a function
    recovery: str = ""  # its block of params.yaml, prune.<recovery>
    budget_of: str = ""  # the pruned row whose number of updates it is given
    part_of: str = ""  # the row whose network it is a part of
    # What is measured of it.
    timed: tuple[str, ...] = ()  # on these backbones, at full size
    implementations: tuple[str, ...] = ()  # on these backbones in every implementation, not only as written
    # How it is shown.
    in_paper: bool = False  # whether the paper has this row
    controls: tuple[Control, ...] = ()
    colour: str = "grey"
    marker: str = "o"

    def named(self, backbone: str) -> str:
        """Its label with the backbone's label in it."""
        return self.label.format(backbone=backbone)

    def of_measuring(self) -> dict[str, object]:
        """The fields on which a measured number can depend, those alone that are not as in most rows: a field that is
        added later then changes nothing for rows that leave it as it is."""
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in PRESENTATION}
        usual = {field.name: field.default for field in fields(self)}
        return {name: value for name, value in values.items() if value != usual[name]}

    def of_training(self) -> dict[str, object]:
        """The fields on which its weights can depend."""
        return {name: value for name, value in self.of_measuring().items() if name not in MEASUREMENT}


@dataclass(frozen=True)
class Backbone:
    """A standard network: its word, its label, the dotted name of its study.models.backbone.Backbone, and the data sets
    on which the rows that every backbone has are trained with it."""

    word: str
    label: str
    network: str
    datasets: tuple[str, ...] = ("objects",)
