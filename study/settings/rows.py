"""The rows of the tables and the backbones, a record each, in the order in which they are shown.

A new row is one record here, and for a new network, decomposer or pruning criterion one file that the record names.
"""

from dataclasses import replace

from study.settings.records import DATASETS, FACES_VGG16, OBJECTS_RESNET50, OBJECTS_VGG16, Backbone, Control, Method

ENCODER = "study.models.wae.Encoder"
CDF97 = "study.models.wavelet.CDF97"
HAAR = "study.models.wavelet.Haar"
SPACE_TO_DEPTH = "study.models.rearrangement.SpaceToDepth"
THINET = "study.pruning.thinet.thinet"
TAYLOR = "study.pruning.taylor.taylor"

BACKBONES = (
    Backbone("vgg16", "VGG16", "study.models.vgg.VGG16", ("objects", "faces")),
    Backbone("resnet50", "ResNet-50", "study.models.resnet.RESNET50"),
)
EVERYWHERE = tuple((dataset, one.word) for dataset in DATASETS for one in BACKBONES if dataset in one.datasets)
EVERY_BACKBONE = tuple(one.word for one in BACKBONES)

HEADS = "Do the narrow heads explain the gain over half resolution?"
HIGH_STREAM = "Does the trained network need its high stream?"
NORM = "What does BatchNorm behind the encoder do?"
LENGTH = "Is it the longer training of WAE+CNN?"
PRUNING = "Is it pruning, or the training that comes with it?"
FILTERS = "What does a fixed low-pass filter keep?"
REARRANGED = "Does a lossless rearrangement without an encoder do as well?"
WAVELETS = "Does it need this wavelet?"
WEIGHTS = "Does it matter that shared features get the gradient of both losses?"
LIKE_FOR_LIKE = "What is I_H worth, both without fine-tuning?"
FROM_SCRATCH = "Is joint training from scratch inferior to three stages?"

# The compared pruning methods.
PRUNED = (
    Method(
        "taylor_1",
        "Taylor-1",
        (OBJECTS_VGG16,),
        stage="prune",
        starts_from="full",
        criterion=TAYLOR,
        recovery="taylor",
        timed=("vgg16",),
        in_paper=True,
        controls=(Control(PRUNING, "full_taylor_1_budget"),),
        colour="pink",
        marker="P",
    ),
    Method(
        "taylor_2",
        "Taylor-2",
        (OBJECTS_VGG16,),
        stage="prune",
        starts_from="full",
        criterion=TAYLOR,
        recovery="taylor",
        timed=("vgg16",),
        in_paper=True,
        controls=(Control(PRUNING, "full_taylor_2_budget"),),
        colour="pink",
        marker="X",
    ),
    Method(
        "thinet_tiny",
        "ThiNet-Tiny",
        (OBJECTS_VGG16,),
        stage="prune",
        starts_from="full",
        criterion=THINET,
        plan="study.models.plans.THINET_TINY",
        recovery="thinet",
        timed=("vgg16",),
        in_paper=True,
        controls=(Control(PRUNING, "full_thinet_tiny_budget"),),
        colour="green",
        marker="<",
    ),
    Method(
        "thinet_gap",
        "ThiNet-GAP",
        (OBJECTS_VGG16,),
        stage="prune",
        starts_from="full",
        criterion=THINET,
        plan="study.models.plans.THINET_GAP",
        recovery="thinet",
        timed=("vgg16",),
        in_paper=True,
        controls=(Control(PRUNING, "full_thinet_tiny_budget"),),
        colour="green",
        marker=">",
    ),
    Method(
        "thinet_30",
        "ThiNet-30",
        (OBJECTS_RESNET50,),
        stage="prune",
        starts_from="full",
        criterion=THINET,
        plan="study.models.plans.THINET_30",
        recovery="thinet",
        timed=("resnet50",),
        in_paper=True,
        controls=(Control(PRUNING, "full_thinet_30_budget"),),
        colour="green",
        marker="d",
    ),
)


def _from_scratch(pruned: Method) -> Method:
    """The control that has the layers which pruning leaves, from first weights."""
    return Method(
        f"{pruned.word}_scratch",
        f"{pruned.label} from scratch",
        pruned.places,
        plan=pruned.plan,
        plan_of="" if pruned.plan else pruned.word,
        colour=pruned.colour,
        marker=pruned.marker,
    )


def _same_budget(pruned: Method) -> Method:
    """That control with as many further updates as the pruned network has had."""
    scratch = _from_scratch(pruned)
    return replace(
        scratch,
        word=f"{pruned.word}_same_budget",
        label=f"{scratch.label}, same budget",
        stage="recover",
        starts_from=scratch.word,
        budget_of=pruned.word,
    )


def _full_with_budget(word: str, marker: str = "o") -> Method:
    """The full network, of which nothing is removed, with as many further updates as a pruned one has had."""
    (pruned,) = (row for row in PRUNED if row.word == word)
    return Method(
        f"full_{word}_budget",
        f"{{backbone}}, budget of {pruned.label}",
        pruned.places,
        stage="recover",
        starts_from="full",
        budget_of=word,
        controls=(Control(PRUNING, "full"),),
        colour="black",
        marker=marker,
    )


ROWS = (
    Method(
        "full",
        "{backbone}",
        EVERYWHERE,
        timed=EVERY_BACKBONE,
        implementations=EVERY_BACKBONE,
        in_paper=True,
        colour="black",
    ),
    Method(
        "half",
        "{backbone} at half side",
        EVERYWHERE,
        input_divisor=2,
        timed=EVERY_BACKBONE,
        implementations=("vgg16",),
        in_paper=True,
        colour="black",
        marker="s",
    ),
    Method(
        "ca", "cA alone", (OBJECTS_VGG16,), streams="low", decomposer=CDF97, in_paper=True, colour="sky", marker="<"
    ),
    Method(
        "low",
        "I_L alone",
        (OBJECTS_VGG16,),
        streams="low",
        decomposer=ENCODER,
        frozen_encoder=True,
        in_paper=True,
        controls=(Control(LIKE_FOR_LIKE, "wae_cnn_frozen"),),
        colour="orange",
        marker="<",
    ),
    Method(
        "wavelet_cnn",
        "Wavelet+CNN",
        (OBJECTS_VGG16, FACES_VGG16),
        streams="both",
        decomposer=CDF97,
        narrow_heads=True,
        timed=("vgg16",),
        in_paper=True,
        colour="sky",
        marker="^",
    ),
    Method(
        "decomposition_cnn",
        "Decomposition+CNN",
        (OBJECTS_VGG16, FACES_VGG16),
        streams="both",
        decomposer=ENCODER,
        narrow_heads=True,
        timed=("vgg16",),
        in_paper=True,
        colour="blue",
        marker="v",
    ),
    Method(
        "wae_cnn_frozen",
        "WAE+CNN without fine-tuning",
        EVERYWHERE,
        streams="both",
        decomposer=ENCODER,
        narrow_heads=True,
        frozen_encoder=True,
        in_paper=True,
        controls=(Control(HEADS, "half_narrow_heads"),),
        colour="orange",
        marker="D",
    ),
    Method(
        "wae_cnn",
        "WAE+CNN",
        EVERYWHERE,
        stage="finetune",
        streams="both",
        decomposer=ENCODER,
        narrow_heads=True,
        starts_from="wae_cnn_frozen",
        timed=EVERY_BACKBONE,
        implementations=EVERY_BACKBONE,
        in_paper=True,
        controls=(Control(LENGTH, "full_extended"), Control(LENGTH, "decomposition_cnn_extended")),
        colour="red",
        marker="*",
    ),
    *PRUNED,
    # Controls that the paper lacks: other ways to half the side.
    Method(
        "space_to_depth",
        "Space-to-depth",
        (OBJECTS_VGG16,),
        streams="low",
        decomposer=SPACE_TO_DEPTH,
        timed=("vgg16",),
        controls=(Control(REARRANGED, "wae_cnn"), Control(REARRANGED, "half")),
        colour="grey",
        marker="h",
    ),
    Method(
        "space_to_depth_cnn",
        "Space-to-depth+CNN",
        (OBJECTS_VGG16,),
        streams="both",
        decomposer=SPACE_TO_DEPTH,
        narrow_heads=True,
        controls=(Control(REARRANGED, "space_to_depth"), Control(REARRANGED, "wavelet_cnn")),
        colour="grey",
        marker="H",
    ),
    Method(
        "haar_cnn",
        "Haar+CNN",
        (OBJECTS_VGG16,),
        streams="both",
        decomposer=HAAR,
        narrow_heads=True,
        controls=(Control(WAVELETS, "wavelet_cnn"),),
        colour="sky",
        marker="p",
    ),
    Method(
        "box",
        "2x2 mean alone",
        (OBJECTS_VGG16,),
        streams="low",
        decomposer="study.models.rearrangement.Box",
        controls=(Control(FILTERS, "half"),),
        colour="grey",
        marker="s",
    ),
    Method(
        "lanczos",
        "Lanczos alone",
        (OBJECTS_VGG16,),
        streams="low",
        decomposer="study.models.rearrangement.Lanczos",
        controls=(Control(FILTERS, "half"),),
        colour="grey",
        marker="D",
    ),
    # Controls of the method itself.
    Method(
        "wae_cnn_joint",
        "WAE+CNN, joint from scratch",
        (OBJECTS_VGG16,),
        stage="joint",
        streams="both",
        decomposer=ENCODER,
        narrow_heads=True,
        controls=(Control(FROM_SCRATCH, "wae_cnn"),),
        colour="red",
        marker="P",
    ),
    Method(
        "wae_cnn_frozen_averaged_loss",
        "WAE+CNN without fine-tuning, averaged losses",
        (OBJECTS_VGG16,),
        streams="both",
        decomposer=ENCODER,
        narrow_heads=True,
        frozen_encoder=True,
        averaged_loss=True,
        controls=(Control(WEIGHTS, "wae_cnn_frozen"),),
        colour="orange",
        marker="s",
    ),
    Method(
        "full_narrow_heads", "{backbone}, narrow heads", stage="", narrow_heads=True, timed=("vgg16",), colour="black"
    ),
    Method(
        "half_narrow_heads",
        "{backbone} at half side, narrow heads",
        (OBJECTS_VGG16,),
        input_divisor=2,
        narrow_heads=True,
        timed=("vgg16",),
        controls=(Control(HEADS, "half"),),
        colour="black",
        marker="D",
    ),
    Method(
        "full_extended",
        "{backbone}, extended training",
        (OBJECTS_VGG16,),
        stage="extend",
        starts_from="full",
        controls=(Control(LENGTH, "full"),),
        colour="black",
    ),
    Method(
        "decomposition_cnn_extended",
        "Decomposition+CNN, extended training",
        (OBJECTS_VGG16,),
        stage="extend",
        streams="both",
        decomposer=ENCODER,
        narrow_heads=True,
        starts_from="decomposition_cnn",
        controls=(Control(LENGTH, "decomposition_cnn"),),
        colour="blue",
        marker="v",
    ),
    Method(
        "wae_cnn_frozen_unnormalised",
        "WAE+CNN without fine-tuning, no channel norm",
        (OBJECTS_VGG16,),
        streams="both",
        decomposer=ENCODER,
        narrow_heads=True,
        channel_norm=False,
        frozen_encoder=True,
        controls=(Control(NORM, "wae_cnn_frozen"),),
        colour="orange",
        marker="d",
    ),
    Method(
        "wae_cnn_low_stream",
        "WAE+CNN, low stream only",
        EVERYWHERE,
        stage="",
        streams="low",
        decomposer=ENCODER,
        narrow_heads=True,
        part_of="wae_cnn",
        controls=(Control(HIGH_STREAM, "wae_cnn"),),
        colour="red",
        marker="<",
    ),
    # Controls of pruning.
    *map(_from_scratch, PRUNED),
    *map(_same_budget, PRUNED),
    _full_with_budget("thinet_tiny"),  # that of ThiNet-GAP too
    _full_with_budget("taylor_1", "P"),
    _full_with_budget("taylor_2", "X"),
    Method(
        "wae_cnn_thinet_tiny_budget",
        "WAE+CNN, budget of ThiNet-Tiny",
        (OBJECTS_VGG16,),
        stage="recover",
        streams="both",
        decomposer=ENCODER,
        narrow_heads=True,
        starts_from="wae_cnn",
        budget_of="thinet_tiny",
        controls=(Control(PRUNING, "wae_cnn"),),
        colour="red",
        marker="^",
    ),
    _full_with_budget("thinet_30"),
)
