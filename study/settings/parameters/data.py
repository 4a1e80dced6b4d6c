"""Where images come from."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from study.settings.parameters.types import Block, ClassNumber, Fraction, Pixels, Seed

Aspect = Literal["warp", "keep"]
ForEach = Annotated[int, Field(ge=1, le=100_000)]  # images that are made, for each class: all are held in memory


class Pictures(Block):
    """What every data set has."""

    resize: Pixels
    """side after resizing, in pixels"""
    crop: Pixels
    """side of the crop that a network sees, in pixels; at most `resize`"""


class Photographs(Pictures):
    """Patches of the photographs inside scikit-image and PyWavelets; a class is a photograph."""

    upright: ClassVar = True  # of a photograph that a user shows to a network

    source: Literal["photographs"]
    """the photographs inside scikit-image and PyWavelets, cut into patches; a class is a photograph"""
    train_per_class: ForEach
    """training patches of every photograph"""
    test_per_class: ForEach
    """test patches of every photograph"""
    reduce: Annotated[int, Field(ge=1, le=64)]
    """by how much the photographs are made smaller before they are cut"""
    split_seed: Seed
    """seed of the places of the patches"""


class RenderedFaces(Pictures):
    """Faces drawn by a seeded renderer."""

    upright: ClassVar = True

    source: Literal["rendered_faces"]
    """faces drawn by a seeded renderer; a class is an identity"""
    identities: Annotated[int, Field(ge=20, le=10_000)]
    """faces that are told apart"""
    train_per_identity: ForEach
    """training images of every face"""
    test_per_identity: ForEach
    """test images of every face"""
    split_seed: Seed
    """seed of all that is drawn"""


class Folder(Pictures):
    """A folder of images, one folder a class."""

    source: Literal["folder"]
    """a folder of images, one folder a class"""
    aspect: Aspect
    """what resizing does to an image that is not square: `warp` it, or `keep` the ratio and cut"""
    upright: bool
    """whether images are turned as their EXIF data say"""
    packed: bool
    """whether the resized images are kept in one file, which trainings map into memory"""
    equal_images: Literal["refused", "allowed"]
    """what happens if images of both splits, or of several classes, are equal pixel by pixel"""
    classes: ClassNumber | None
    """how many classes must be found; null for any number"""
    test_fraction: Fraction
    """share of the images that is tested with, where there is no folder `val`"""
    split_seed: Seed
    """seed of that choice"""


class ImageNet(Pictures):
    """ImageNet (ILSVRC2012) in class folders, its images as they are stored."""

    upright: ClassVar = False  # Caffe's tools pass over EXIF data

    source: Literal["imagenet"]
    """ILSVRC2012 in class folders"""
    aspect: Aspect
    """what resizing does to an image that is not square: `warp` it, or `keep` the ratio and cut"""
    packed: bool
    """whether the resized images are kept in one file, which trainings map into memory: 262 GB"""
    classes: ClassNumber
    """how many classes must be found"""


class CACD(Pictures):
    """The Cross-Age Celebrity Dataset with its metadata file, its images as they are stored."""

    upright: ClassVar = False

    source: Literal["cacd"]
    """the Cross-Age Celebrity Dataset with its metadata file"""
    aspect: Aspect
    """what resizing does to an image that is not square: `warp` it, or `keep` the ratio and cut"""
    packed: bool
    """whether the resized images are kept in one file, which trainings map into memory: 11 GB"""
    identities: ClassNumber
    """how many identities, the best-ranked first"""
    split_seed: Seed
    """seed of the choice of test images"""


Source = Annotated[Photographs | RenderedFaces | Folder | ImageNet | CACD, Field(discriminator="source")]


class Data(Block):
    """Where images come from, by data set."""

    objects: Source
    """images of objects (Tables 1 to 5)"""
    faces: Source
    """images of faces (Tables 6 and 7)"""
