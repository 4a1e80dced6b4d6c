"""Make a data set ready: images packed or listed, with a manifest that is checked before every training."""

from typing import Annotated

from study.data import prepared
from study.data.collection import Collection, Listed, Packed, is_listed
from study.settings import config, paths
from study.settings.config import At, StageSettings
from study.settings.errors import InvalidData
from study.settings.parameters.data import CACD, Folder, ImageNet, Photographs, RenderedFaces, Source
from study.settings.record import Record
from study.sources import cacd, decoding, folders, listing, photographs, rendered_faces
from study.sources.listing import shown
from study.stages import entry


class Settings(StageSettings):
    """What this stage reads of params.yaml."""

    source: Annotated[Source, At("scales.{scale}.data.{dataset}")]


def collect(dataset: str, wanted: Source) -> Collection[Packed] | Collection[Listed]:
    """The collection that the settings of a data set describe. Raises InvalidData for whatever is wrong with it."""
    match wanted:
        case Photographs():
            return photographs.photographs(
                wanted.train_per_class, wanted.test_per_class, wanted.resize, wanted.reduce, wanted.split_seed
            )
        case RenderedFaces():
            return rendered_faces.rendered_faces(
                wanted.identities, wanted.train_per_identity, wanted.test_per_identity, wanted.resize, wanted.split_seed
            )
        case Folder():
            root = paths.outside(dataset)
            return folders.class_folders(
                root, classes=wanted.classes, test_fraction=wanted.test_fraction, seed=wanted.split_seed
            )
        case ImageNet():
            return folders.imagenet(paths.outside("imagenet"), classes=wanted.classes)
        case CACD():
            return cacd.cacd(
                paths.outside("cacd"),
                identities=wanted.identities,
                train_fraction=cacd.PAPER_TRAIN_FRACTION,
                seed=wanted.split_seed,
            )


def main(scale: entry.Scale, dataset: entry.Dataset) -> None:
    settings = config.load(Settings, scale, dataset)
    record = Record("prepare", settings)
    wanted = settings.source
    outside = paths.outside_name(dataset, wanted.source)
    before = listing.contents(paths.outside(outside)) if outside else None
    folder = paths.prepared(scale, dataset)
    with prepared.unfinished(folder) as beside:
        collection = collect(dataset, wanted)
        looked = None
        if is_listed(collection):
            looked = decoding.check_pictures(
                collection, wanted.equal_images if isinstance(wanted, Folder) else "allowed"
            )
            if isinstance(wanted, Folder | ImageNet | CACD) and wanted.packed:
                collection = decoding.pack(collection, wanted.resize, wanted.aspect, wanted.upright, beside)
            if listing.contents(collection.root) != before:
                raise InvalidData(
                    f"{shown(collection.root)}: its files changed while they were read; nothing is stored; "
                    "prepare again"
                )
        record.check()
        manifest = prepared.write(
            folder,
            collection,
            source=wanted.source,
            side=wanted.resize,
            crop=wanted.crop,
            aspect=getattr(wanted, "aspect", "warp"),
            upright=wanted.upright,
            listing=before.listing if before else None,
            median_side=looked.median_side if looked else None,
            tested_as_trained=looked.tested_as_trained if looked else None,
        )
    counts = {name: split["images"] for name, split in manifest["splits"].items()}
    print(f"{dataset}: {len(manifest['classes'])} classes, {counts['train']} training and {counts['test']} test images")


if __name__ == "__main__":
    entry.run(main)
