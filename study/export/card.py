"""The model card of an exported network: what it is, how well it does, and what it is not for."""

from dataclasses import dataclass

from study.export.formats import CONFIG, IMAGE, LOGITS, ONNX, PROGRAM, WEIGHTS, Description
from study.settings.escaping import in_markdown
from study.settings.methods import label, network_label

NOT_MEASURED = "not measured"
NAMED = 20  # classes that a card names; config.json has all
FORMS = {
    WEIGHTS: f"state dict, tensors and no code; `{CONFIG}` says of what network",
    PROGRAM: "torch.export program, holds pickles",
    ONNX: "ONNX graph",
}


@dataclass(frozen=True)
class Error:
    """An error in percent, as results/ has it: of this network, and the mean over seeds with its 95 % intervals by what
    they vary. None stands for what was not measured."""

    name: str
    own: float | None
    mean: float | None
    intervals: dict[str, tuple[float, float]]
    full: float | None  # mean over seeds of the full network


@dataclass(frozen=True)
class Facts:
    """What the card says beside the description: read from data/ and results/, and counted."""

    source: str
    images: dict[str, int]  # by split
    parameters: int
    errors: list[Error]
    measured_in: str | None  # file, and the commit of the code that measured
    of_this_training: bool  # whether it was this very training that was measured
    licence: str  # SPDX


def card(described: Description, facts: Facts, differences: dict[str, float], images: int) -> str:
    """README.md of an exported folder; `differences` by file, as `formats.export` found them on so many test images."""
    seen = described.preprocessing
    side, number = seen.input_side, len(described.classes)
    return "\n".join(
        [
            f"# {network_label(described.method, described.backbone)} on {described.dataset}, "
            f"scale {described.scale}, seed {described.seed}",
            "",
            "A network of a reproducibility study of *Learning a Wavelet-like Auto-Encoder to Accelerate Deep Neural "
            "Networks* (Chen, Lin, Zuo, Luo and Zhang, AAAI 2018).",
            "",
            "## What it is",
            "",
            f"- Row `{described.method}` of the study's tables, backbone `{described.backbone}` at "
            f"{described.shape.width:g} of its width, {facts.parameters:,} parameters.",
            f"- Takes `{IMAGE}`, float32 (batch, 3, {side}, {side}), RGB in [0, 1].",
            f"- Gives `{LOGITS}`, float32 (batch, {number}): averaged, before a softmax, in the order of "
            f"`classes` in `{CONFIG}`.",
            f"- From an image file to an input: {seen.described()}.",
            f"- Trained with commit {described.trained_with}, exported with {described.exported_with}.",
            "",
            "## Data",
            "",
            f"Source `{facts.source}`, {number} classes, {facts.images['train']:,} training and "
            f"{facts.images['test']:,} test images of {described.preprocessing.crop} pixels. "
            f"{_classes(described.classes)}",
            "",
            "## Error on the test images",
            "",
            *_errors(facts, label("full", described.backbone)),
            "",
            "## Files",
            "",
            f"Every form was loaded again and run on {images} test images. The difference is the largest of any "
            "logit from the network's own, relative to the largest logit.",
            "",
            "| file | form | difference |",
            "|---|---|---:|",
            *(f"| `{name}` | {FORMS[name]} | {difference:.1g} |" for name, difference in differences.items()),
            "",
            f"**Loading `{PROGRAM}` can run code**: `torch.export.load` uses pickle, so whoever can change the file "
            f"can run a program on the machine that loads it. Prefer `{WEIGHTS}`, which holds tensors and no code, "
            f"and load `{PROGRAM}` only from a folder that you exported yourself or trust.",
            "",
            "In a checkout of the study, from the safetensors:",
            "",
            "```python",
            "from pathlib import Path",
            "from study.export.formats import load",
            "",
            'exported = load("this folder")',
            'logits = exported(exported.preprocessing.picture(Path("picture.jpg")))',
            "exported.classes[logits.argmax()]",
            "```",
            "",
            "Without it:",
            "",
            "```python",
            "import onnxruntime, torch",
            "",
            f'onnxruntime.InferenceSession("{ONNX}").run(["{LOGITS}"], {{"{IMAGE}": images}})   # a NumPy array',
            f'torch.export.load("{PROGRAM}").module()(images)   # a tensor; the file must be one that you trust',
            "```",
            "",
            "## Intended use and limits",
            "",
            "To repeat, inspect and compare what the study reports. Nothing should be decided by it.",
            "",
            *_limits(described, facts),
            "",
            "## Licence",
            "",
            f"{facts.licence}, as the study. It says nothing of the rights in the images that the network was "
            "trained on.",
            "",
        ]
    )


def _classes(names: tuple[str, ...]) -> str:
    """The classes by name, as far as a reader will follow; a name is a folder's, and may hold anything."""
    more = f", and {len(names) - NAMED} more (all in `{CONFIG}`)" if len(names) > NAMED else ""
    return f"Classes: {', '.join(map(in_markdown, names[:NAMED]))}{more}."


def _errors(facts: Facts, full: str) -> list[str]:
    lines = [
        f"| error, % | this network | mean over seeds (95 % intervals) | {full}, mean over seeds |",
        "|---|---:|---:|---:|",
    ]
    for error in facts.errors:
        intervals = ", ".join(
            f"{name} {low:.2f} to {high:.2f}" for name, (low, high) in sorted(error.intervals.items())
        )
        mean = f"{_number(error.mean)} ({intervals})" if intervals else _number(error.mean)
        lines.append(f"| {error.name} | {_number(error.own)} | {mean} | {_number(error.full)} |")
    if facts.measured_in is None:
        return [*lines, "", "The study holds no results for this scale."]
    lines += ["", f"From {facts.measured_in}."]
    if not facts.of_this_training:
        lines.append("They are of another training of this network than the one exported here.")
    return lines


def _number(value: float | None) -> str:
    return NOT_MEASURED if value is None else f"{value:.2f}"


def _limits(described: Description, facts: Facts) -> list[str]:
    lines = [
        f"- It knows its {len(described.classes)} classes and gives every image one of them; it cannot say that an "
        "image shows none.",
        f"- It saw images of {described.preprocessing.crop} pixels prepared as above, and no others.",
    ]
    if facts.source == "photographs":
        lines.append("- A class is one photograph: it tells from which of them a patch comes, not what is on it.")
    if facts.source == "rendered_faces":
        lines.append("- The faces are drawn; nothing follows for photographs of people.")
    if described.scale != "paper":
        lines.append(f"- Scale {described.scale} is not the paper's: its errors say nothing of the paper's network.")
    return lines
