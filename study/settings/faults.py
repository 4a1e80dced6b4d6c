"""The words of a fault in params.yaml: one line, with the key, what would be right, and the value."""

from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

SHOWN = 60  # characters of a wrong value in a message
# A choice of blocks puts the kind that was chosen into the place of the fault; no key of the file is called so.
KINDS = (
    *("photographs", "rendered_faces", "folder", "imagenet", "cacd"),
    *("constant", "milestones", "plateau", "one_cycle"),
)


def shortened(value: object) -> str:
    """A value as a message shows it: on one line, the beginning of a long one."""
    text = ascii(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(text)} characters)"


def problems(error: ValidationError, path: Path) -> str:
    """The problems that validation found, a line each: the key, what would be right, the value."""
    return "\n".join(f"{path}: {one_line(problem)}" for problem in error.errors())


def one_line(problem: ErrorDetails, prefix: str = "") -> str:
    """One problem that validation found; `prefix` stands before its key."""
    key = ".".join(str(part) for part in problem["loc"] if part not in KINDS)
    key = f"{prefix}{key}" if key else prefix.rstrip(".")
    if problem["type"] == "extra_forbidden":
        return f"{key}: unknown key"
    if problem["type"] == "missing":
        return f"{key}: missing"
    if problem["type"] == "too_short":
        return f"{key}: must have {problem['ctx']['min_length']} or more entries, has {problem['ctx']['actual_length']}"
    wanted = problem["msg"].removeprefix("Input should be ").removeprefix("Input should have ")
    if problem["type"] in ("union_tag_invalid", "union_tag_not_found"):
        name = problem["ctx"]["discriminator"].strip("'")
        if problem["type"] == "union_tag_not_found":
            return f"{key}.{name}: missing"
        return f"{key}.{name}: must be one of {problem['ctx']['expected_tags']}, got {shortened(problem['ctx']['tag'])}"
    return f"{key}: must be {wanted}, got {shortened(problem['input'])}"
