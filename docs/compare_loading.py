"""Formats in which pictures of 256 pixels can be kept, by bytes and by pictures a second and core:

    pip install '.[loading]' && python -m docs.compare_loading FOLDER

FOLDER holds class folders of JPEG files of 128 pixels or more (Imagenette). Twelve of them side by side are one picture
of 512 x 384 pixels, as large and as full of detail as ImageNet's files; the pictures of 256 pixels are made from these.
Every format is gone through in a random order with random crops of 224 and reflections, in rounds, in one process; by
the plan of an epoch where it can be. Seconds are those of the processor, not of the clock.
"""

import io
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import datasets
import lmdb
import numpy as np
import psutil
import torch
import webdataset
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from PIL import Image
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

from study.data.batches import Picks, Pictures, training_plan
from study.data.collection import Collection, Listed, Packed
from study.data.loading import Loader
from study.data.pictures import load_picture
from study.rendering import markdown
from study.rendering.table import left, right, table

COUNT, SIDE, CROP, BATCH, ROUNDS = 1024, 256, 224, 64, 3
SECONDS = 2.0  # of a measurement, at least
TILE, ACROSS, DOWN = 128, 4, 3
QUALITY = 95  # of the stored JPEG; Pillow's highest recommended
MARGIN = SIDE - CROP
Read = Callable[[int], NDArray[np.uint8]]  # a picture (side, side, 3) by its number


def put_originals(source: Path, folder: Path) -> list[Path]:
    """Pictures of 512 x 384 pixels as JPEG files, in two class folders."""
    files = sorted(source.glob("*/*"))
    found = []
    for number in range(COUNT):
        picture = Image.new("RGB", (TILE * ACROSS, TILE * DOWN))
        for tile in range(ACROSS * DOWN):
            part = Image.open(files[(number * ACROSS * DOWN + tile) % len(files)]).convert("RGB").resize((TILE, TILE))
            picture.paste(part, (tile % ACROSS * TILE, tile // ACROSS * TILE))
        file = folder / "ab"[number % 2] / f"{number:05d}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        picture.save(file, quality=QUALITY)
        found.append(file)
    return found


def bytes_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def opened(content: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def as_lmdb(folder: Path, contents: list[bytes]) -> Read:
    with lmdb.open(str(folder), map_size=1 << 34) as environment, environment.begin(write=True) as transaction:
        for number, content in enumerate(contents):
            transaction.put(f"{number:08d}".encode(), content)
    (folder / "lock.mdb").unlink()
    reader = lmdb.open(str(folder), readonly=True, lock=False, readahead=False).begin(buffers=True)
    return lambda number: opened(bytes(reader.get(f"{number:08d}".encode())))


def as_arrow(folder: Path, contents: list[bytes]) -> Read:
    features = datasets.Features({"image": datasets.Image()})
    rows = {"image": [{"bytes": content, "path": None} for content in contents]}
    datasets.Dataset.from_dict(rows, features=features).save_to_disk(str(folder))
    stored = datasets.load_from_disk(str(folder))
    return lambda number: np.asarray(stored[number]["image"].convert("RGB"))


def by_plan(read: Read) -> Callable[[], Iterable[object]]:
    """The batches of an epoch from a format with pictures by number."""

    def epoch() -> Iterable[object]:
        for picks in training_plan(COUNT, BATCH, MARGIN, seed=0, epoch=1):
            crops = np.empty((BATCH, CROP, CROP, 3), np.uint8)
            images = torch.from_numpy(crops)
            for place, (number, top, left_, mirrored) in enumerate(
                zip(picks.numbers, picks.tops, picks.lefts, picks.mirrored, strict=True)
            ):
                crops[place] = read(int(number))[top : top + CROP, left_ : left_ + CROP]
                if mirrored:
                    images[place] = images[place].flip(1)
            yield images.permute(0, 3, 1, 2)

    return epoch


def as_tar(folder: Path, contents: list[bytes]) -> Callable[[], Iterable[object]]:
    folder.mkdir()
    with webdataset.ShardWriter(f"{folder}/%04d.tar", maxcount=256, verbose=0) as writer:
        for number, content in enumerate(contents):
            writer.write({"__key__": f"{number:08d}", "jpg": content})
    random = np.random.default_rng(0)

    def cropped(sample: dict[str, bytes]) -> NDArray[np.uint8]:
        top, left_ = random.integers(0, MARGIN + 1, 2)
        crop = torch.from_numpy(opened(sample["jpg"])[top : top + CROP, left_ : left_ + CROP].copy())
        return (crop.flip(1) if random.random() < 0.5 else crop).numpy()

    shards = sorted(map(str, folder.glob("*.tar")))
    stream = webdataset.WebDataset(shards, shardshuffle=False, empty_check=False).shuffle(256).map(cropped)
    return lambda: stream.batched(BATCH, collation_fn=np.stack)


def by_image_folder(folder: Path, *resizing: object) -> Callable[[], Iterable[object]]:
    steps = [*resizing, transforms.RandomCrop(CROP), transforms.RandomHorizontalFlip(), transforms.PILToTensor()]
    return lambda: DataLoader(ImageFolder(folder, transforms.Compose(steps)), batch_size=BATCH, shuffle=True)


def by_study(pictures: Pictures, workers: int) -> Callable[[], Iterable[object]]:
    plan = training_plan(COUNT, BATCH, MARGIN, seed=0, epoch=1)
    loader = Loader[Picks](pictures, workers)
    return lambda: loader.batches(plan)


def processor_seconds() -> float:
    """Of this process and of the helping ones that it has."""
    own = psutil.Process()
    return sum(sum(each.cpu_times()[:2]) for each in (own, *own.children()))


def main(source: Path) -> None:
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory(dir="/dev/shm") as shared:
        room = Path(made)
        originals = put_originals(source, room / "originals")
        labels = np.arange(COUNT, dtype=np.int64) % 2
        raw = open_memmap(room / "raw.npy", "w+", np.uint8, (COUNT, SIDE, SIDE, 3))
        contents = []
        for number, file in enumerate(originals):
            raw[number] = load_picture(file, SIDE, "warp")
            small = room / "files" / file.parent.name / file.name
            small.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(raw[number]).save(small, quality=QUALITY)
            contents.append(small.read_bytes())
        raw.flush()
        np.save(Path(shared) / "raw.npy", raw)

        def packed(file: Path) -> Pictures:
            split = Packed(np.load(file, mmap_mode="r"), labels)
            return Pictures(Collection(("a", "b"), split, split), "train", SIDE, CROP)

        names = tuple(str(file.relative_to(room / "originals")) for file in originals)
        listed = Listed(names, labels)
        listing = Pictures(Collection(("a", "b"), listed, listed, room / "originals"), "train", SIDE, CROP)
        jpeg = sum(map(len, contents))
        exact, lossy = "the pixels of the files", "JPEG once more"
        kept = "yes"
        candidates: list[tuple[str, str, str, int, Callable[[], Iterable[object]]]] = [
            ("ImageFolder, files as they come, resized", exact, "no", bytes_of(room / "originals"),
             by_image_folder(room / "originals", transforms.Resize((SIDE, SIDE)))),
            ("ImageFolder, JPEG files of 256 pixels", lossy, "no", jpeg, by_image_folder(room / "files")),
            ("this study, listed: files as they come", exact, kept, bytes_of(room / "originals"), by_study(listing, 0)),
            ("JPEG in tar shards (WebDataset)", lossy, "no: a stream", 0, as_tar(room / "tar", contents)),
            ("JPEG in LMDB", lossy, kept, 0, by_plan(as_lmdb(room / "lmdb", contents))),
            ("JPEG in Arrow (Hugging Face datasets)", lossy, kept, 0, by_plan(as_arrow(room / "arrow", contents))),
            ("this study, packed: .npy, mapped", exact, kept, raw.nbytes, by_study(packed(room / "raw.npy"), 0)),
            ("the same, one helping process", exact, kept, raw.nbytes, by_study(packed(room / "raw.npy"), 1)),
            ("the same, none, in /dev/shm", exact, kept, raw.nbytes, by_study(packed(Path(shared) / "raw.npy"), 0)),
        ]  # fmt: skip
        folders = {3: "tar", 4: "lmdb", 5: "arrow"}
        rates: list[list[float]] = [[] for _ in candidates]
        for _ in range(ROUNDS + 1):  # the first one fills the caches
            for place, (*_, epoch) in enumerate(candidates):
                before, epochs, used = processor_seconds(), 0, 0.0
                while used < SECONDS:
                    for _batch in epoch():
                        pass
                    epochs, used = epochs + 1, processor_seconds() - before
                rates[place].append(epochs * COUNT / used)
        rows = []
        for place, (name, pixels, plan, size, _) in enumerate(candidates):
            size = bytes_of(room / folders[place]) if place in folders else size
            found = rates[place][1:]
            rows.append((name, f"{size / COUNT / 1000:.1f}", f"{statistics.median(found):,.0f}",
                         f"{min(found):,.0f} to {max(found):,.0f}", pixels, plan))  # fmt: skip
        columns = [
            *left("format"),
            *right("kB a picture", "pictures a second and core", "range"),
            *left("pixels", "any batch of the plan"),
        ]
        print(markdown.table(table(columns, rows)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
