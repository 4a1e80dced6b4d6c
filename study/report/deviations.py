"""What the chosen scale does otherwise than the paper, generated from params.yaml."""

from study.config import Scale


def _flat(value: object, name: str = "") -> dict[str, object]:
    if not isinstance(value, dict):
        return {name: value}
    flat: dict[str, object] = {}
    for key, inner in value.items():
        flat |= _flat(inner, f"{name}.{key}" if name else key)
    return flat


def deviations(paper: Scale, here: Scale) -> list[tuple[str, object, object]]:
    """(key, the paper's value, the value here) for every key in which they differ; None where a key does not exist.

    The timing effort is left out: it decides how well a time is known, not what is timed.
    """
    theirs, ours = (_flat(block.model_dump(exclude={"timing"})) for block in (paper, here))
    keys = dict.fromkeys([*theirs, *ours])
    return [(key, theirs.get(key), ours.get(key)) for key in keys if theirs.get(key) != ours.get(key)]


def as_markdown(scale: str, paper: Scale, here: Scale) -> str:
    """The deviations as a table; a sentence if there are none."""
    found = deviations(paper, here)
    text = [f"# Deviations of scale {scale} from the paper's set-up", ""]
    if not found:
        return "\n".join([*text, "None: this is the paper's set-up.", ""])
    text += ["| key | paper | here |", "|---|---|---|"]
    text += [
        f"| {key} | {'–' if theirs is None else theirs} | {'–' if ours is None else ours} |"
        for key, theirs, ours in found
    ]
    return "\n".join(text) + "\n"
