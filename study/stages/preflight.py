"""Before anything runs: are the parameters fit, are outside images there, is there room? Names code and hardware.

Every other stage comes behind this one, whatever is asked for: nothing runs on parameters that were not looked at.
"""

import shutil

from study.settings import code, params, paths
from study.settings.errors import InvalidData
from study.settings.parameters.data import Data
from study.settings.provenance import hardware
from study.settings.records import DATASETS
from study.stages import entry

GIB = 1024**3
LEAST_FREE_GIB = {"smoke": 1, "desk": 2, "photos": 4, "paper": 100}  # models, checkpoints and packed images


def outside_roots(scale: str, data: Data) -> None:
    """Raises InvalidData if a data set that is trained on lies outside of the project and is not there."""
    for dataset in DATASETS:
        source = getattr(data, dataset).source
        if source in ("photographs", "rendered_faces"):
            continue
        name = dataset if source == "folder" else source
        root = paths.outside(name)
        if not root.is_dir():
            raise InvalidData(
                f"scale {scale}, {dataset}: no folder {root}; set STUDY_{name.upper()} to where the images lie, "
                f"or link them there"
            )


def main() -> None:
    chosen = params.read()
    outside_roots(chosen.scale, chosen.at(chosen.scale).data)
    free, least = shutil.disk_usage(".").free / GIB, LEAST_FREE_GIB[chosen.scale]
    if free < least:
        raise InvalidData(f"only {free:.1f} GiB of disk are free; a run at scale {chosen.scale} needs {least}")
    paths.write_json(paths.MACHINE, hardware())
    code.write()


if __name__ == "__main__":
    entry.run(main)
