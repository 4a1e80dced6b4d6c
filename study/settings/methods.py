"""The rows of the tables, by one word each: in dvc.yaml, paths, metrics and paper_tables/."""

# Which methods are trained on which data set and backbone. dvc.yaml lists the same (a test compares them).
TRAINED = {
    ("objects", "vgg16"): (
        "standard",
        "half",
        "ca",
        "low",
        "wavelet",
        "decomposition",
        "ours_fixed",
        "ours",
        "taylor_1",
        "taylor_2",
        "thinet_tiny",
        "thinet_gap",
        # Controls that the paper lacks.
        "half_narrow",
        "standard_longer",
        "decomposition_longer",
        "ours_fixed_unnormalised",
        "taylor_1_scratch",
        "taylor_2_scratch",
        "thinet_tiny_scratch",
        "thinet_gap_scratch",
        "taylor_1_scratch_longer",
        "taylor_2_scratch_longer",
        "thinet_tiny_scratch_longer",
        "thinet_gap_scratch_longer",
        "standard_recovered",
    ),
    ("objects", "resnet50"): (
        "standard",
        "ours_fixed",
        "ours",
        "thinet_30",
        "thinet_30_scratch",
        "thinet_30_scratch_longer",
        "standard_recovered",
    ),
    ("faces", "vgg16"): ("standard", "wavelet", "decomposition", "ours_fixed", "ours"),
}
# Rows without a training of their own: the weights of another row's network, and only a part of that network.
PART_OF = {"ours_cut": "ours"}
# Rows whose layers are known only when another row, on the right, has been pruned.
PLAN_OF = {"taylor_1_scratch": "taylor_1", "taylor_2_scratch": "taylor_2"}
# Rows with the updates that a pruned network has had: what they start from, and the pruned network.
TRAINED_ON_LIKE = {
    "vgg16": {
        "taylor_1_scratch_longer": ("taylor_1_scratch", "taylor_1"),
        "taylor_2_scratch_longer": ("taylor_2_scratch", "taylor_2"),
        "thinet_tiny_scratch_longer": ("thinet_tiny_scratch", "thinet_tiny"),
        "thinet_gap_scratch_longer": ("thinet_gap_scratch", "thinet_gap"),
        "standard_recovered": ("standard", "thinet_tiny"),
    },
    "resnet50": {
        "thinet_30_scratch_longer": ("thinet_30_scratch", "thinet_30"),
        "standard_recovered": ("standard", "thinet_30"),
    },
}
# Whose operations are counted and whose time is taken.
MEASURED_AT_FULL_SIZE = {
    "vgg16": (
        "standard",
        "standard_narrow",
        "half",
        "half_narrow",
        "wavelet",
        "decomposition",
        "ours",
        "taylor_1",
        "taylor_2",
        "thinet_tiny",
        "thinet_gap",
    ),
    "resnet50": ("standard", "ours", "thinet_30"),
}

# Of these, the networks that are timed in every implementation, and the two that are taken apart.
TIMED_IN_EVERY_IMPLEMENTATION = (
    ("vgg16", "standard"),
    ("vgg16", "half"),
    ("vgg16", "ours"),
    ("resnet50", "standard"),
    ("resnet50", "ours"),
)
TAKEN_APART = (("vgg16", "standard"), ("vgg16", "ours"))


def evaluated(dataset: str, backbone: str) -> tuple[str, ...]:
    """Every method with predictions on a data set and backbone: the trained ones, and the parts of those."""
    trained = TRAINED[dataset, backbone]
    return (*trained, *(method for method, source in PART_OF.items() if source in trained))


def input_divisor(method: str) -> int:
    """By how much a method's input is smaller than the picture: 2 for those that work on the resized image, else 1."""
    return 2 if method in ("half", "half_narrow") else 1
