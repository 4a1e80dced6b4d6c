"""The data that errors were measured on, as a page."""

from study.judging.data import Data, Described, OfClass
from study.judging.number import number
from study.rendering.table import Page, Table, left, right, table
from study.settings.methods import BACKBONES

MOST = 50  # classes of which all are shown; of more, those with the highest error
NAMES = "Classes go by number in what is stored: their names may be people's."


def page(stored: Data) -> Page:
    """A part for every data set and backbone."""
    return Page(
        f"The data at scale {stored.scale}",
        (NAMES, *(place_page(one) for one in stored.places)),
    )


def place_page(one: Described) -> Page:
    """Counts, what guessing gives, and the error of every class."""
    return Page(f"{one.dataset}, {BACKBONES[one.backbone].label}", (counts(one), guessing(one), _of_classes(one)))


def counts(one: Described) -> str:
    """How much there is, and how evenly."""
    trained = (
        "number of training images not recorded" if one.train_images is None else f"{one.train_images:,} for training"
    )
    if one.train_per_class:
        trained += " ({:,} to {:,} in a class)".format(*one.train_per_class)
    of = "from the user's own folder" if one.own else "inside the package"
    even = (
        f"as many test images in each class ({one.smallest:,})"
        if one.smallest == one.largest
        else f"{one.smallest:,} to {one.largest:,} test images in a class, {number(one.imbalance)} to 1"
    )
    return (
        f"Source: {one.source}, {of}. {len(one.classes):,} classes; {trained}, {one.test_images:,} for testing, in "
        f"{one.units:,} independent units ({one.unit}); {even}.{_folder(one)}"
    )


def _folder(one: Described) -> str:
    """Which folder it was, where it lies outside of the project."""
    equal = one.tested_as_trained
    return (
        f" Listing digest of the folder: `{one.listing[:12]}`, as `study doctor` names it." if one.listing else ""
    ) + (f" {equal:,} test images are equal to a training image, pixel by pixel." if equal else "")


def guessing(one: Described) -> str:
    """What can be had without looking, and which networks do no better."""
    errors = "; ".join(
        f"{metric.replace('top', 'top-')} {number(one.chance_percent[metric])} % by guessing, "
        f"{number(one.majority_percent[metric])} % by always naming the most frequent"
        for metric in one.chance_percent
    )
    worse = ", ".join(one.not_better_than_majority)
    return f"Error without looking: {errors}." + (f" No better than the most frequent class: {worse}." if worse else "")


def _of_classes(one: Described) -> Table:
    names = list(dict.fromkeys(name for of in one.classes for name in of.error_percent))

    def worst(of: OfClass) -> float:
        return -max(of.error_percent.values(), default=0.0)

    many = len(one.classes) > MOST
    shown = sorted(one.classes, key=worst)[:MOST] if many else one.classes
    error = one.error.replace("top", "top-")
    return table(
        [*left("class"), *right("test images", *(f"{name}, {error} error, %" for name in names))],
        [[of.name, f"{of.test_images:,}", *(number(of.error_percent.get(name)) for name in names)] for of in shown],
        "Error of every class, mean over seeds",
        [f"The {MOST} of {len(one.classes):,} classes with the highest error."] if many else (),
    )
