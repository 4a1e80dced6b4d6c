"""Every parameter with its meaning, range, values and the paper's value: python -m docs.make_parameters"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from study.rendering import markdown
from study.rendering.table import Page, Table, left, table
from study.settings import paths
from study.settings.parameters.data import CACD, Folder, ImageNet, Photographs, RenderedFaces
from study.settings.parameters.training import Constant, Milestones, OneCycle, Plateau
from study.settings.parameters.whole import Params, Scale, Scales

# Blocks of which one is chosen, by the key that chooses.
CHOICES = {
    "source": (Photographs, RenderedFaces, Folder, ImageNet, CACD),
    "kind": (Constant, Milestones, Plateau, OneCycle),
}
BOUNDS = (("exclusiveMinimum", ">"), ("minimum", "≥"), ("exclusiveMaximum", "<"), ("maximum", "≤"))
WORDS = {"number": "number", "integer": "whole number", "boolean": "true or false", "null": "null", "string": "text"}
NONE = "–"
ABOUT = (
    "Made from `study/settings/parameters/` and `params.yaml` by `python -m docs.make_parameters > "
    "docs/parameters.md`, and compared by a test. A key is given to DVC with its blocks: `dvc exp run -S "
    "scales.desk.classifier.epochs=20`. A value outside of its range stops a run before anything is trained, with one "
    "line that names it."
)

# (dotted key, meaning, what is allowed)
Leaf = tuple[str, str, str]


def allowed(schema: dict[str, Any]) -> str:
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
    limits = [f"{sign} {schema[word]:,.10g}" for word, sign in BOUNDS if word in schema]
    if "multipleOf" in schema:
        limits.append(f"a multiple of {schema['multipleOf']}")
    return " ".join([WORDS[schema["type"]], ", ".join(limits)]).strip()


def leaves(block: type[BaseModel], values: Sequence[Mapping[str, Any]] = (), prefix: str = "") -> list[Leaf]:
    """Every value below a block; a choice of blocks is a value. What is kept by words has the words of `values`."""
    schema = block.model_json_schema(by_alias=True)
    found = []
    for name, field in block.model_fields.items():
        word = field.alias or name
        inner = [one[word] for one in values if word in one]
        meaning = " ".join((field.description or "").split())
        if field.annotation is not Scales:
            found += _leaves(field.annotation, schema["properties"][word], meaning, inner, f"{prefix}{word}")
    return found


def _leaves(kind: Any, schema: dict[str, Any], meaning: str, values: Sequence[Any], key: str) -> list[Leaf]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return leaves(kind, values, f"{key}.")
    if get_origin(kind) is dict:
        words = dict.fromkeys(word for one in values for word in one)
        return [
            leaf
            for word in words
            for leaf in _leaves(
                get_args(kind)[1],
                schema["additionalProperties"],
                meaning,
                [one[word] for one in values if word in one],
                f"{key}.{word}",
            )
        ]
    return [(key, meaning, allowed(schema))]


def value_of(values: Mapping[str, Any], key: str) -> str:
    """The value at a dotted key, as params.yaml has it; of a data set its source."""
    value: Any = values
    for name in key.split("."):
        if name not in value:
            return NONE
        value = value[name]
    if isinstance(value, Mapping):
        return str(value.get("source") or ", ".join(f"{name} {one}" for name, one in value.items()))
    return str(value).lower() if isinstance(value, bool) else str(list(value) if isinstance(value, list) else value)


def remark(values: CommentedMap, key: str) -> str:
    """The comment behind a dotted key in params.yaml; empty if it has none, or stands within braces."""
    *blocks, last = key.split(".")
    for name in blocks:
        values = values[name]
    comment = (values.ca.items.get(last) or [None] * 3)[2]
    # ruamel gives the lines that follow as well, such as the heading of the next block.
    return str(comment.value.splitlines()[0].lstrip("# ").strip()) if comment else ""


def page(file: Path = paths.PARAMS) -> Page:
    """All parameters: those of every scale, those that change with the scale, and the blocks that are chosen among."""
    values = YAML().load(file.read_text(encoding="utf-8"))
    scales = list(Scales.model_fields)
    of_scales = leaves(Scale, [values["scales"][scale] for scale in scales])

    def by_scale(title: str, found: Sequence[Leaf]) -> Table:
        rows = [
            [f"`{key}`", meaning, kind, *(value_of(values["scales"][scale], key) for scale in scales)]
            for key, meaning, kind in found
        ]
        return table(left("key", "meaning", "allowed", *scales), rows, title)

    top = [
        [f"`{key}`", meaning, kind, value_of(values, key), remark(values, key)]
        for key, meaning, kind in leaves(Params, [values])
    ]
    return Page(
        "Parameters",
        (
            ABOUT,
            table(left("key", "meaning", "allowed", "value", "remark"), top, "At every scale"),
            by_scale(
                "`scales.<scale>`: what changes with the scale", [one for one in of_scales if one[0][:5] != "data."]
            ),
            by_scale(
                "`scales.<scale>.data`: where images come from", [one for one in of_scales if one[0][:5] == "data."]
            ),
            *(
                table(
                    left("key", "meaning", "allowed"),
                    [[f"`{key}`", meaning, kind] for key, meaning, kind in leaves(block)],
                    f"`{chooser}: {get_args(block.model_fields[chooser].annotation)[0]}`",
                )
                for chooser, blocks in CHOICES.items()
                for block in blocks
            ),
        ),
    )


if __name__ == "__main__":
    print(markdown.page(page()), end="")
