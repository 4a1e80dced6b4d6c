"""What the chosen scale does otherwise than the paper, generated from params.yaml and paper_tables/setup.yaml."""

from pathlib import Path

from ruamel.yaml import YAML

from study.settings import paths
from study.settings.config import Params

PLATEAU = "plateau"  # stands for any rule that watches the error


def setup(folder: Path = paths.PAPER_TABLES) -> dict:
    """The paper's set-up: "stated" and "open" entries by key, and "standing" sentences."""
    return YAML(typ="safe", pure=True).load((folder / "setup.yaml").read_text(encoding="utf-8"))


def _flat(value: object, name: str = "") -> dict[str, object]:
    if not isinstance(value, dict) or name.endswith("drops"):
        return {name: value}
    flat: dict[str, object] = {}
    for key, inner in value.items():
        flat |= _flat(inner, f"{name}.{key}" if name else key)
    return flat


def in_force(params: Params, scale: str) -> dict[str, object]:
    """Every key that decides a result at a scale, dotted, without its scale before it, and its value.

    The timing effort is left out: it decides how well a time is known, not what is timed.
    """
    top = params.model_dump(by_alias=True, exclude={"scale", "seeds", "scales", "bench"})
    return _flat({**top, **getattr(params.scales, scale).model_dump(exclude={"timing"})})


def _agrees(stated: object, value: object) -> bool:
    return isinstance(value, dict) if stated == PLATEAU else value == stated


def deviations(params: Params, scale: str) -> list[tuple[str, object, object, str]]:
    """(key, the paper's value, the value here, where the paper says so) for every stated key in which they differ.

    The paper's values are those of paper_tables/setup.yaml, not of scale `paper`, which can be edited too.
    """
    values = in_force(params, scale)
    return [
        (entry["key"], entry["value"], values.get(entry["key"]), entry["where"])
        for entry in setup()["stated"]
        if not _agrees(entry["value"], values.get(entry["key"]))
    ]


def _shown(value: object) -> str:
    """A value as a reader would write it."""
    if value is None:
        return "as the data have it"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return f"after epochs {', '.join(map(str, value))}" if value else "never"
    return f"{value:g}" if isinstance(value, float) else str(value)


def as_markdown(params: Params, scale: str) -> str:
    """The deviations, the choices that the paper leaves open, and what is done otherwise at every scale."""
    values, known = in_force(params, scale), setup()
    found = deviations(params, scale)
    text = [f"# Deviations of scale {scale} from the paper's set-up", ""]
    if found:
        text += ["| key | paper | here | where the paper says so |", "|---|---|---|---|"]
        text += [f"| {key} | {_shown(theirs)} | {_shown(ours)} | {where} |" for key, theirs, ours, where in found]
    else:
        text.append("No key differs from what the paper states.")
    text += ["", "## What the paper leaves open", "", "| key | here | the paper |", "|---|---|---|"]
    text += [f"| {entry['key']} | {_shown(values.get(entry['key']))} | {entry['where']} |" for entry in known["open"]]
    text += ["", "## At every scale", "", *(f"- {sentence}" for sentence in known["standing"])]
    return "\n".join(text) + "\n"
