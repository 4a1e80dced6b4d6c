"""Files damaged on disk: one bit, a page of zeros, cut short, replaced by text, empty.

Survived: the stage that reads the file ends in the bits that it would have had without the damage, or with exit code 1
and a line that names the file.
"""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from study.settings import arrays, paths
from trials import checkout
from trials.checkout import CLASSIFIER, DATA, MODELS, OBJECTS, ROOT, SEED
from trials.trial import Trial, difference, digests, not_one_line_each
from trials.warm import Warm

PAGE = 4096


def _one_bit(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _zeros(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(max(1, len(content) - PAGE))
    return content[:start] + bytes(min(PAGE, len(content) - start)) + content[start + PAGE :]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


WAYS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "one bit": _one_bit,
    "zeros": _zeros,
    "cut": _cut,
    "text": lambda content, chance: b"hello world\n",
    "empty": lambda content, chance: b"",
}


@dataclass(frozen=True)
class Reader:
    """A stage, files that it reads, and the folder that it makes of them. One that is `interrupted` is first killed
    halfway, so that checkpoints lie there. A message may name what is in `also` in the place of the file."""

    stage: str
    arguments: tuple[str, ...]
    reads: tuple[str, ...]  # globs
    makes: Path
    interrupted: bool = False
    also: tuple[str, ...] = ()


READERS = (
    Reader(
        "train",
        (*CLASSIFIER, "full", *SEED),
        (f"{DATA}/manifest.json", f"{DATA}/*.npy"),
        MODELS / "vgg16/full/seed0",
        also=(str(DATA),),
    ),
    Reader(
        "train",
        (*CLASSIFIER, "full", *SEED),
        ("checkpoints/*/state.pt", "checkpoints/*/previous.pt", "checkpoints/*/key.json"),
        MODELS / "vgg16/full/seed0",
        interrupted=True,
    ),
    Reader(
        "train",
        (*CLASSIFIER, "wae_cnn_frozen", *SEED),
        (f"{MODELS}/wae/seed0/weights.safetensors", f"{MODELS}/wae/seed0/outcome.json"),
        MODELS / "vgg16/wae_cnn_frozen/seed0",
        also=(f"{MODELS}/wae/seed0",),
    ),
    Reader(
        "tables",
        ("--scale", "desk"),
        (
            "results/desk/evaluation/*.json",
            "results/desk/predictions/*.npz",
            "results/desk/complexity.json",
            "results/desk/timing/*.json",
            "results/desk/reconstruction/*.json",
        ),
        Path("results/desk"),
    ),
)


def trials(count: int, seed: int, scratch: Path) -> Iterator[Trial]:
    """So many damaged files, spread over the stages that read them."""
    folder = checkout.make(scratch / "damage", "desk")
    _make_what_is_read(folder)
    shares = [count // len(READERS) + (number < count % len(READERS)) for number in range(len(READERS))]
    for reader, share in zip(READERS, shares, strict=True):
        with Warm(reader.stage) as warm:
            yield from _of_one(reader, share, random.Random(f"{seed} {reader.reads}"), warm, folder)


def _make_what_is_read(folder: Path) -> None:
    """Data, an auto-encoder, and the results of this checkout, sealed as a run now leaves them."""
    for stage, arguments in (("prepare", OBJECTS), ("wae", (*OBJECTS, *SEED))):
        with Warm(stage) as warm:
            made = warm.run(folder, *arguments)
            assert made.code == 0, made.stderr
    shutil.copytree(ROOT / "results/desk", folder / "results/desk")
    for pattern in READERS[-1].reads:
        for file in folder.glob(pattern):
            if file.suffix == ".json":
                paths.write_json(file, paths.read_json(file))
            else:
                file.write_bytes(arrays.archive(arrays.read_archive(file)))


def _of_one(reader: Reader, count: int, chance: random.Random, warm: Warm, folder: Path) -> Iterator[Trial]:
    def forget() -> None:
        if reader.stage != "tables":
            shutil.rmtree(folder / reader.makes, ignore_errors=True)
        shutil.rmtree(folder / "checkpoints", ignore_errors=True)

    whole = warm.run(folder, *reader.arguments)
    assert whole.code == 0, whole.stderr
    expected = digests(folder / reader.makes)
    half = warm.changes(folder, *reader.arguments) // 2 if reader.interrupted else 0
    if reader.interrupted:
        forget()
        warm.run(folder, *reader.arguments, dies_at=half)
        shutil.copytree(folder / "checkpoints", folder / "interrupted")
    for number in range(count):
        forget()
        if reader.interrupted:
            shutil.copytree(folder / "interrupted", folder / "checkpoints")
        way = list(WAYS)[number % len(WAYS)]
        files = sorted(file for pattern in reader.reads for file in folder.glob(pattern))
        file = files[number % len(files)]
        content = file.read_bytes()
        file.write_bytes(WAYS[way](content, chance))
        found = warm.run(folder, *reader.arguments)
        if file.parent.exists():  # a finished run leaves no checkpoint
            file.write_bytes(content)
        name = str(file.relative_to(folder))
        wrong = difference(expected, digests(folder / reader.makes))
        if found.code != 0:
            named = next((other for other in (name, *reader.also) if other in found.stderr), name)
            wrong = not_one_line_each(found.code, found.stderr, [named])
        yield Trial("damaged files", f"{name}: {way}", wrong)
