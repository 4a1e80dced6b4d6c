"""Folders of images as they come: good ones, wrong layouts, broken and hostile files and names, metadata of all kinds.

Survived: prepared, or one line for each fault, within ten seconds, and nothing is executed.
"""

import io
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from scipy.io import savemat

from trials import checkout
from trials.parameters import CANARY
from trials.trial import Trial, not_one_line_each
from trials.warm import Warm

NAMES = (
    "cat", "caf\u00e9", "cafe\u0301", "\u732b", "a b", "-rf", "$(touch executed)", "; touch executed; #", "`id`", "a'b",
    'a"b', "<script>", "\x1b[31mred", "\u202egnp", "a\nb", "a\tb", "n01440764", "CON", "x" * 200, "%s", "{0}", "\\",
    "*", "?", "#", "~", "=1+1", "a,b",
)  # fmt: skip
PATIENCE = 30  # seconds for a folder, on a processor that others share
Maker = Callable[[Path, random.Random], None]


def picture(chance: random.Random, size: tuple[int, int] | None = None, mode: str = "RGB") -> Image.Image:
    """Noise of some size."""
    width, height = size or (chance.randint(1, 60), chance.randint(1, 60))
    pixels = np.random.default_rng(chance.randrange(2**32)).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels).convert(mode)


def put(folder: Path, chance: random.Random, count: int = 4, suffix: str = "png", mode: str = "RGB") -> None:
    """Write so many images into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for _ in range(count):
        picture(chance, mode=mode).save(folder / f"{chance.randrange(10**9)}.{suffix}")


def two(root: Path, chance: random.Random) -> Path:
    """A folder of two classes; returns that of one of them."""
    put(root / "cat", chance)
    put(root / "dog", chance)
    return root / "cat"


def names(root: Path, chance: random.Random) -> None:
    """Classes and files called as no one would call them."""
    for name in chance.sample(NAMES, chance.randint(2, 6)):
        put(root / name, chance, 3)
        picture(chance).save(root / name / f"{chance.choice(NAMES)[:100]}.png")


def suffixes(root: Path, chance: random.Random) -> None:
    """Images under other endings, and other files under those of images."""
    folder = two(root, chance)
    for suffix in ("jfif", "HEIC", "", "txt", "JPG.bak"):
        content = io.BytesIO()
        picture(chance).save(content, chance.choice(["JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF"]))
        (folder / f"x{chance.randrange(99)}.{suffix}").write_bytes(content.getvalue())
    for name in ("notes.txt", "Thumbs.db", ".DS_Store", "a.mp4", "b.pdf"):
        (root / "dog" / name).write_bytes(chance.randbytes(50))


def kinds(root: Path, chance: random.Random) -> None:
    """Kinds of pixels: grey, palette, transparency, CMYK, 16 bits, floats, several frames."""
    two(root, chance)
    for mode, suffix in chance.sample(
        [("L", "pgm"), ("1", "pbm"), ("P", "gif"), ("RGBA", "png"), ("LA", "png"), ("CMYK", "jpg"), ("I;16", "png"),
         ("I", "tiff"), ("F", "tiff"), ("YCbCr", "jpg"), ("LAB", "tiff")], 3,
    ):  # fmt: skip
        base = picture(chance, mode="L" if mode in ("I;16", "I", "F", "1") else "RGB")
        if mode == "I;16":
            image = Image.fromarray(np.array(base, dtype=np.uint16) * 200)
        elif mode in ("LA", "P"):
            image = base.convert("L").convert(mode)
        elif mode == "LAB":
            image = Image.new("LAB", (9, 9))
        else:
            image = base.convert(mode)
        image.save(root / "cat" / f"{mode.replace(';', '')}.{suffix}")


def broken(root: Path, chance: random.Random) -> None:
    """Files that are cut, flipped, empty, of zeros, or bombs."""
    folder = two(root, chance)
    for number in range(3):
        content = io.BytesIO()
        picture(chance, (64, 64)).save(content, chance.choice(["JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "PPM"]))
        whole = bytearray(content.getvalue())
        match chance.choice(["cut", "bits", "empty", "zeros", "svg", "bomb", "pickle"]):
            case "cut":
                whole = whole[: chance.randrange(len(whole))]
            case "bits":
                for _ in range(chance.randint(1, 20)):
                    whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
            case "empty":
                whole = bytearray()
            case "zeros":
                whole = bytearray(len(whole))
            case "svg":
                whole = bytearray(b"<svg onload='alert(1)'/>")
            case "bomb":
                bomb = io.BytesIO()
                Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
                whole = bytearray(bomb.getvalue())
            case "pickle":
                whole = bytearray(f"cos\nsystem\n(S'touch {CANARY}'\ntR.".encode())
        (folder / f"broken{number}.{chance.choice(['jpg', 'png', 'gif', 'tif', ''])}").write_bytes(whole)


def special(root: Path, chance: random.Random) -> None:
    """What is no regular file: pipes, links to nothing, to itself, to devices, a folder in a ring, no permission."""
    folder = two(root, chance)
    match chance.choice(["fifo", "dangling", "self", "device", "ring", "folder", "outside", "socket"]):
        case "fifo":
            os.mkfifo(folder / "pipe.jpg")
        case "dangling":
            (folder / "gone.png").symlink_to("nowhere.png")
        case "self":
            (folder / "self.png").symlink_to("self.png")
        case "device":
            (folder / "zero.png").symlink_to("/dev/zero")
        case "ring":
            (folder / "ring").symlink_to(root, target_is_directory=True)
        case "folder":
            (folder / "folder.png").mkdir()
        case "outside":
            (folder / "passwd.png").symlink_to("/etc/passwd")
        case "socket":
            os.mknod(folder / "socket.png", 0o140600)


def encodings(root: Path, chance: random.Random) -> None:
    """Names in other encodings, or that differ in how an accent is stored alone."""
    if chance.random() < 0.5:
        two(root, chance)
        first = next((root / "cat").iterdir())
        first.rename(os.fsdecode(os.fsencode(root / "cat") + b"/caf\xe9.png"))
        return
    for split, one in (("train", "caf\u00e9"), ("val", "cafe\u0301")):
        put(root / split / one, chance)
        put(root / split / "dog", chance)
        if chance.random() < 0.3:
            put(root / split / "cafe\u0301", chance)


def splits(root: Path, chance: random.Random) -> None:
    """Splits under all their names, with classes and splits lacking, doubled, empty."""
    for split in chance.sample(["train", "Train", "val", "Val", "valid", "test", "TEST", "extra", "validation"], 3):
        for name in chance.sample(["cat", "dog", "bird"], chance.randint(1, 3)):
            put(root / split / name, chance, chance.randint(0, 3))


def equal(root: Path, chance: random.Random) -> None:
    """Equal images in both splits or in several classes."""
    for split in ("train", "val"):
        for name in ("cat", "dog"):
            put(root / split / name, chance)
    first = next((root / "train" / "cat").iterdir())
    shutil.copy(first, root / chance.choice(["train", "val"]) / chance.choice(["cat", "dog"]) / "again.png")


def sideways(root: Path, chance: random.Random) -> None:
    """Images with EXIF data, sound and not."""
    folder = two(root, chance)
    exif = Image.Exif()
    exif[0x0112] = chance.choice([1, 3, 6, 8, 0, 99, 65535])
    picture(chance, (64, 32)).save(folder / "turned.jpg", exif=exif)
    picture(chance, (64, 32)).save(folder / "odd.jpg", exif=b"Exif\x00\x00" + chance.randbytes(30))


def annotated(root: Path, chance: random.Random) -> None:
    """Tiny ImageNet's layout, its annotations right or wrong."""
    for name in ("n01", "n02"):
        put(root / "train" / name / "images", chance)
    put(root / "val" / "images", chance)
    files = sorted(path.name for path in (root / "val/images").iterdir())
    lines = [f"{name}\t{('n01', 'n02')[number % 2]}\t0\t0\t9\t9" for number, name in enumerate(files)]
    match chance.choice(["right", "lacking", "unknown", "no tabs", "binary", "twice"]):
        case "lacking":
            lines.pop()
        case "unknown":
            lines[0] = f"{files[0]}\tn99"
        case "no tabs":
            lines[0] = files[0]
        case "binary":
            lines[0] = "\ud800"
        case "twice":
            lines.append(lines[0].replace("n01", "n02"))
    (root / "val/val_annotations.txt").write_bytes("\n".join(lines).encode("utf-8", errors="surrogatepass"))


def empty(root: Path, chance: random.Random) -> None:
    """Nothing, one class, loose files, a file in the place of a folder."""
    match chance.choice(["nothing", "one class", "loose", "no pictures", "a file"]):
        case "nothing":
            root.mkdir()
        case "one class":
            put(root / "cat", chance)
        case "loose":
            put(root, chance)
        case "no pictures":
            for name in ("cat", "dog"):
                (root / name).mkdir(parents=True)
                (root / name / "a.txt").write_text("no image")
        case "a file":
            root.write_text("no folder")


def metadata(root: Path, chance: random.Random) -> None:
    """CACD with its MATLAB file, right, of other types, damaged, or with names that lead elsewhere."""
    owners = np.repeat([1, 2], 4)
    files = np.empty((8, 1), dtype=object)
    (root / "CACD2000").mkdir(parents=True)
    for number, owner in enumerate(owners):
        files[number, 0] = f"{number}_Name{owner}.jpg"
        picture(chance, (40, 40)).save(root / "CACD2000" / files[number, 0])
    column: Any = owners.reshape(-1, 1).astype(float)
    ranks: Any = np.array([[1.0], [2.0]])
    how = chance.choice(
        ["right", "nan", "text", "short", "elsewhere", "empty", "bits", "cut", "huge", "nested", "zeros", "no struct"]
    )
    match how:
        case "nan":
            column = np.full((8, 1), np.nan)
        case "text":
            ranks = np.array(["first", "second"], dtype=object).reshape(-1, 1)
        case "short":
            column = column[:3]
        case "elsewhere":
            files[0, 0] = "../../../../etc/passwd"
        case "empty":
            files = np.empty((0, 1), dtype=object)
        case "huge":
            column = column * 1e300
        case "nested":
            files[0, 0] = {"a": {"b": [1]}}
    people: Any = {"identity": np.array([[1.0], [2.0]]), "rank": ranks}
    images: Any = {"identity": column, "name": files}
    file = root / "celebrity2000_meta.mat"
    savemat(file, {"celebrityData": 3.0 if how == "no struct" else people, "celebrityImageData": images})
    content = bytearray(file.read_bytes())
    if how == "bits":
        for _ in range(8):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    if how == "cut":
        content = content[: chance.randrange(len(content))]
    if how == "zeros":
        start = chance.randrange(len(content))
        content[start : start + 64] = bytes(len(content[start : start + 64]))
    file.write_bytes(content)


MAKERS: tuple[Maker, ...] = (
    names, suffixes, kinds, broken, special, encodings, splits, equal, sideways, annotated, empty, metadata,
)  # fmt: skip


def _parameters(folder: Path, of_metadata: bool) -> None:
    """Scale photos, its folders as small as the trials; its objects are those of CACD where metadata are tried."""
    values = checkout.parameters()
    data = values["scales"]["photos"]["data"]
    sides = {"resize": 40, "crop": 32}
    data["objects"] |= sides
    if of_metadata:
        data["objects"] = {"source": "cacd", **sides, "aspect": "warp", "identities": 2, "split_seed": 0}
    checkout.write_parameters(folder, {**values, "scale": "photos"})


def trials(count: int, seed: int, scratch: Path) -> Iterator[Trial]:
    """So many folders, the kinds in turn, each prepared in a process of its own."""
    folder = checkout.make(scratch / "folders")
    with Warm("prepare") as warm:
        for number in range(count):
            maker = MAKERS[number % len(MAKERS)]
            chance = random.Random(f"{seed} {number}")
            root = scratch / "images" / str(number)
            root.parent.mkdir(exist_ok=True)
            maker(root, chance)
            _parameters(folder, maker is metadata)
            running = warm.start(
                folder, "--scale", "photos", "--dataset", "objects", STUDY_OBJECTS=str(root), STUDY_CACD=str(root)
            )
            warm.kill_after(running, PATIENCE)
            ended = warm.wait(running)
            wrong = "" if ended.code == 0 else not_one_line_each(ended.code, ended.stderr)
            if any(scratch.rglob(CANARY)):
                wrong = "something was executed"
            shutil.rmtree(root, ignore_errors=True)
            shutil.rmtree(folder / "data", ignore_errors=True)
            yield Trial("folders", f"{maker.__name__} {number}", wrong)
