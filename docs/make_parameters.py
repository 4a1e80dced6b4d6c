"""Every parameter with its meaning, range, values and the paper's value: python -m docs.make_parameters"""

from pathlib import Path

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from study.settings import paths
from study.settings.parameters import CACD, Folder, ImageNet, Params, Photographs, RenderedFaces, Scale, Scales

SOURCES = (Photographs, RenderedFaces, Folder, ImageNet, CACD)
BOUNDS = (("exclusiveMinimum", ">"), ("minimum", "≥"), ("exclusiveMaximum", "<"), ("maximum", "≤"))
WORDS = {"number": "number", "integer": "whole number", "boolean": "true or false", "null": "null", "string": "text"}
HEAD = """# Parameters

Made from `study/settings/parameters.py` and `params.yaml` by `python -m docs.make_parameters > docs/parameters.md`;
a test compares. A key is given to DVC with its blocks: `dvc exp run -S scales.desk.classifier.epochs=20`. A value
outside of its range stops a run before anything is trained, with one line that names it.
"""


def allowed(schema: dict) -> str:
    """What a JSON schema admits, in words; a block by its name."""
    if "$ref" in schema:
        return f"block {schema['$ref'].rpartition('/')[2]}"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(allowed(one) for one in schema[several])
    if schema.get("type") == "array":
        return f"list: {allowed(schema['items'])}" if schema["items"] else "list"
    limits = [f"{sign} {schema[word]:g}" for word, sign in BOUNDS if word in schema]
    if "multipleOf" in schema:
        limits.append(f"a multiple of {schema['multipleOf']}")
    return " ".join([WORDS[schema["type"]], ", ".join(limits)]).strip()


def leaves(block: type[BaseModel], prefix: str = "") -> list[tuple[str, str, str]]:
    """(dotted key, meaning, what is allowed) of every value below a block; a choice of blocks is a value."""
    schema = block.model_json_schema(by_alias=True)
    found = []
    for name, field in block.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            if field.annotation is not Scales:
                found += leaves(field.annotation, f"{key}.")
        else:
            meaning = " ".join(field.description.split())
            found.append((key, meaning, allowed(schema["properties"][field.alias or name])))
    return found


def value_of(values: CommentedMap, key: str) -> str:
    """The value at a dotted key, as params.yaml has it; of a data set its source."""
    for name in key.split("."):
        values = values[name]
    if isinstance(values, dict):
        return values.get("source") or ", ".join(f"{name} {value}" for name, value in values.items())
    return (
        str(values).lower() if isinstance(values, bool) else str(list(values) if isinstance(values, list) else values)
    )


def remark(values: CommentedMap, key: str) -> str:
    """The comment behind a dotted key in params.yaml; empty if it has none, or stands within braces."""
    *blocks, last = key.split(".")
    for name in blocks:
        values = values[name]
    comment = (values.ca.items.get(last) or [None] * 3)[2]
    # ruamel gives the lines that follow as well, such as the heading of the next block.
    return comment.value.splitlines()[0].lstrip("# ").strip() if comment else ""


def rows(lines: list[list[str]], heads: list[str]) -> list[str]:
    """Lines of a Markdown table."""
    cells = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return [f"| {' | '.join(line)} |" for line in (heads, ["---"] * len(heads), *cells)]


def as_markdown(file: Path = paths.PARAMS) -> str:
    """The page."""
    values = YAML().load(file.read_text(encoding="utf-8"))
    top = [
        [f"`{key}`", meaning, kind, value_of(values, key), remark(values, key)] for key, meaning, kind in leaves(Params)
    ]
    scales = list(Scales.model_fields)
    below = [
        [f"`{key}`", meaning, kind, *(value_of(values["scales"][scale], key) for scale in scales)]
        for key, meaning, kind in leaves(Scale)
        if key.split(".")[0] != "data"
    ]
    data = [
        [f"`{key}`", meaning, *(value_of(values["scales"][scale], key) for scale in scales)]
        for key, meaning, _ in leaves(Scale)
        if key.split(".")[0] == "data"
    ]
    text = [HEAD, "## At every scale", ""]
    text += rows(top, ["key", "meaning", "allowed", "value", "remark"])
    text += ["", "## `scales.<scale>`: what changes with the scale", ""]
    text += rows(below, ["key", "meaning", "allowed", *scales])
    text += ["", "## `scales.<scale>.data`: where pictures come from", ""]
    text += rows(data, ["key", "meaning", *scales])
    for source in SOURCES:
        lines = [[f"`{key}`", meaning, kind] for key, meaning, kind in leaves(source)]
        text += ["", f"### `source: {source.model_fields['source'].annotation.__args__[0]}`", ""]
        text += rows(lines, ["key", "meaning", "allowed"])
    return "\n".join(text) + "\n"


if __name__ == "__main__":
    print(as_markdown(), end="")
