"""The rows of the paper's tables, by one word each: in dvc.yaml, paths, metrics and paper_tables/."""

# Which methods are trained on which data set and backbone. dvc.yaml lists the same (a test compares them).
TRAINED = {
    ("objects", "vgg16"): ("standard", "half", "ours_fixed", "ours"),
}
LABELS = {
    "standard": "the network at full resolution",
    "half": "the same network on the resized image",
    "ours_fixed": "ours without joint fine-tuning",
    "ours": "ours",
}
HALF_RESOLUTION = ("half",)  # methods whose input is the picture at half its side
