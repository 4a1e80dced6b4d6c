"""The rows of the tables, by one word each: in dvc.yaml, paths, metrics and paper_tables/."""

# Which methods are trained on which data set and backbone. dvc.yaml lists the same (a test compares them).
TRAINED = {
    ("objects", "vgg16"): (
        "full",
        "half",
        "ca",
        "low",
        "wavelet_cnn",
        "decomposition_cnn",
        "wae_cnn_frozen",
        "wae_cnn",
        "taylor_1",
        "taylor_2",
        "thinet_tiny",
        "thinet_gap",
        # Controls that the paper lacks.
        "half_narrow_heads",
        "full_extended",
        "decomposition_cnn_extended",
        "wae_cnn_frozen_unnormalised",
        "taylor_1_scratch",
        "taylor_2_scratch",
        "thinet_tiny_scratch",
        "thinet_gap_scratch",
        "taylor_1_same_budget",
        "taylor_2_same_budget",
        "thinet_tiny_same_budget",
        "thinet_gap_same_budget",
        "full_same_budget",
    ),
    ("objects", "resnet50"): (
        "full",
        "wae_cnn_frozen",
        "wae_cnn",
        "thinet_30",
        "thinet_30_scratch",
        "thinet_30_same_budget",
        "full_same_budget",
    ),
    ("faces", "vgg16"): ("full", "wavelet_cnn", "decomposition_cnn", "wae_cnn_frozen", "wae_cnn"),
}
# Rows without a training of their own: the weights of another row's network, and only a part of that network.
PART_OF = {"wae_cnn_low_stream": "wae_cnn"}
# Rows whose layers are known only when another row, on the right, has been pruned.
PLAN_OF = {"taylor_1_scratch": "taylor_1", "taylor_2_scratch": "taylor_2"}
# Rows with the updates that a pruned network has had: what they start from, and the pruned network.
TRAINED_ON_LIKE = {
    "vgg16": {
        "taylor_1_same_budget": ("taylor_1_scratch", "taylor_1"),
        "taylor_2_same_budget": ("taylor_2_scratch", "taylor_2"),
        "thinet_tiny_same_budget": ("thinet_tiny_scratch", "thinet_tiny"),
        "thinet_gap_same_budget": ("thinet_gap_scratch", "thinet_gap"),
        "full_same_budget": ("full", "thinet_tiny"),
    },
    "resnet50": {
        "thinet_30_same_budget": ("thinet_30_scratch", "thinet_30"),
        "full_same_budget": ("full", "thinet_30"),
    },
}
# Whose operations are counted and whose time is taken.
MEASURED_AT_FULL_SIZE = {
    "vgg16": (
        "full",
        "full_narrow_heads",
        "half",
        "half_narrow_heads",
        "wavelet_cnn",
        "decomposition_cnn",
        "wae_cnn",
        "taylor_1",
        "taylor_2",
        "thinet_tiny",
        "thinet_gap",
    ),
    "resnet50": ("full", "wae_cnn", "thinet_30"),
}

# Of these, the networks that are timed in every implementation, and the two that are taken apart.
TIMED_IN_EVERY_IMPLEMENTATION = (
    ("vgg16", "full"),
    ("vgg16", "half"),
    ("vgg16", "wae_cnn"),
    ("resnet50", "full"),
    ("resnet50", "wae_cnn"),
)
TAKEN_APART = (("vgg16", "full"), ("vgg16", "wae_cnn"))


def evaluated(dataset: str, backbone: str) -> tuple[str, ...]:
    """Every method with predictions on a data set and backbone: the trained ones, and the parts of those."""
    trained = TRAINED[dataset, backbone]
    return (*trained, *(method for method, source in PART_OF.items() if source in trained))


def input_divisor(method: str) -> int:
    """By how much a method's input is smaller than the picture: 2 for those that work on the resized image, else 1."""
    return 2 if method in ("half", "half_narrow_heads") else 1
