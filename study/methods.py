"""The rows of the paper's tables, by one word each: in dvc.yaml, paths, metrics and paper_tables/."""

# Which methods are trained on which data set and backbone. dvc.yaml lists the same (a test compares them).
TRAINED = {
    ("objects", "vgg16"): ("standard", "half", "ours_fixed", "ours"),
}
MEASURED_AT_FULL_SIZE = ("standard", "half", "ours")  # whose operations are counted and whose time is taken


def input_divisor(method: str) -> int:
    """By how much a method's input is smaller than the picture: 2 for those that work on the resized image, else 1."""
    return 2 if method == "half" else 1
