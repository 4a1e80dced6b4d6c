"""Before anything runs: are the parameters fit, are outside pictures there, is there room? Names the hardware."""

import shutil

from study.settings import config, paths
from study.settings.errors import InvalidData
from study.settings.methods import TRAINED
from study.settings.parameters import Data
from study.settings.provenance import hardware
from study.stages import entry

GIB = 1024**3
LEAST_FREE_GIB = {"smoke": 1, "desk": 2, "photos": 4, "paper": 100}  # models, checkpoints and packed pictures


def outside_roots(scale: str, data: Data) -> None:
    """Raises InvalidData if a data set that is trained on lies outside of the project and is not there."""
    for dataset in dict.fromkeys(dataset for dataset, _ in TRAINED):
        source = getattr(data, dataset).source
        if source in ("photographs", "rendered_faces"):
            continue
        name = dataset if source == "folder" else source
        root = paths.outside(name)
        if not root.is_dir():
            raise InvalidData(
                f"scale {scale}, {dataset}: no folder {root}; set STUDY_{name.upper()} to where the pictures lie, "
                f"or link them there"
            )


def main() -> None:
    params = config.read()
    outside_roots(params.scale, getattr(params.scales, params.scale).data)
    free, least = shutil.disk_usage(".").free / GIB, LEAST_FREE_GIB[params.scale]
    if free < least:
        raise InvalidData(f"only {free:.1f} GiB of disk are free; a run at scale {params.scale} needs {least}")
    paths.write_json(paths.MACHINE, hardware())


if __name__ == "__main__":
    entry.run(main)
