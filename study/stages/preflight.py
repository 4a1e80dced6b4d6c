"""Before anything runs: are the parameters fit, are outside images there, is there room? Names code and hardware.

Every other stage comes behind this one, whatever is asked for: nothing runs on parameters that were not looked at.
"""

import shutil
from collections.abc import Iterable

from study.settings import code, params, paths
from study.settings.errors import InvalidData
from study.settings.parameters.data import Data
from study.settings.provenance import hardware
from study.sources.listing import Contents, contents, shown
from study.stages import entry

GIB = 1024**3
LEAST_FREE_GIB = {"smoke": 1, "quick": 1, "desk": 2, "photos": 4, "paper": 100}  # models, checkpoints and packed images

# Folders of results that tables and figures collect from, empty where the chosen rows leave nothing in them: DVC stops
# at a dependency that is not there, and warns of a folder without a file.
COLLECTED = ("noise", "reconstruction")


def outside_contents(scale: str, data: Data, datasets: Iterable[str]) -> dict[str, Contents | None]:
    """What lies in the folders that these data sets come from; None for those inside the package.

    Raises InvalidData if a folder is not there, is empty or cannot be read.
    """
    found: dict[str, Contents | None] = {}
    for dataset in datasets:
        name = paths.outside_name(dataset, getattr(data, dataset).source)
        found[dataset] = None
        if name is None:
            continue
        root = paths.outside(name)
        if not root.is_dir():
            raise InvalidData(
                f"scale {scale}, {dataset}: no folder {shown(root)}; set STUDY_{name.upper()} to where the images lie, "
                f"or link them there"
            )
        found[dataset] = contents(root)
    return found


def described(found: Contents) -> str:
    """A folder's contents in a few words."""
    return f"{found.files:,} files outside of the project, listing digest {found.digest[:12]}"


def main() -> None:
    chosen = params.read()
    found = outside_contents(chosen.scale, chosen.at(chosen.scale).data, chosen.datasets)
    free, least = shutil.disk_usage(".").free / GIB, LEAST_FREE_GIB[chosen.scale]
    if free < least:
        raise InvalidData(f"only {free:.1f} GiB of disk are free; a run at scale {chosen.scale} needs {least}")
    for name in COLLECTED:
        folder = paths.results(chosen.scale) / name
        if not folder.is_dir() or not any(folder.iterdir()):
            paths.write_text(folder / ".gitkeep", "")
    paths.write_json(paths.MACHINE, hardware())
    code.write()
    for dataset, there in found.items():
        if there:
            print(f"{dataset}: {described(there)}")
        # `prepare` depends on it: another folder, or other files in it, make it run again.
        paths.write_text(
            paths.contents(chosen.scale, dataset),
            f"{there.digest} {there.files}\n" if there else "inside the package\n",
        )


if __name__ == "__main__":
    entry.run(main)
