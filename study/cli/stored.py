"""Whether what DVC keeps for a stage was made with the parameters that it is kept under."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from study.settings import paths
from study.settings.errors import InvalidData

RECORD = re.compile(r"records/([^/]+)/([^/]+)/.+\.json")


def made_with_others() -> Iterator[str]:
    """The stages whose records name other parameters than `dvc.lock` has beside them, as an edit during a run left them
    in version 0.1.0. Raises InvalidData for a lock file that cannot be read."""
    try:
        lock = YAML(typ="safe").load(paths.LOCK.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (OSError, ValueError, YAMLError) as error:
        first = str(error).splitlines()[0]
        raise InvalidData(f"{paths.LOCK}: cannot be read: {first}; git restore {paths.LOCK}, or delete it") from None
    for name, stage in (lock or {}).get("stages", {}).items():
        for out in stage.get("outs", ()):
            found = RECORD.fullmatch(out["path"])
            if found and Path(out["path"]).is_file():
                record = paths.read_json(Path(out["path"]))
                if record.get("params_digest") != _digest(record.get("stage"), stage, *found.groups()):
                    yield name


def _digest(name: Any, stage: dict[str, Any], scale: str, dataset: str) -> str | None:
    """Of the parameters that the lock file holds for a stage; None if they are not those that the stage reads."""
    stored = stage.get("params", {}).get(str(paths.PARAMS), {})
    settings = getattr(import_module(f"study.stages.{name}"), "Settings", None)
    if settings is None:
        return None
    keys = {field: key.format(scale=scale, dataset=dataset) for field, key in settings.keys().items()}
    try:
        digest: str = settings.model_validate({field: stored[key] for field, key in keys.items()}).digest()
    except (KeyError, ValidationError):
        return None
    return digest
