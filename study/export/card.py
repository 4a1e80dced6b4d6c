"""The model card of an exported network: what it is, how well it does, and what it is not for."""

from dataclasses import dataclass

from study.export.formats import CONFIG, IMAGE, ONNX, PROGRAM, SCORES, WEIGHTS, Description

NOT_MEASURED = "not measured"
FORMS = {
    WEIGHTS: f"state dict; `{CONFIG}` says of what network",
    PROGRAM: "torch.export program",
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
    standard: float | None  # mean of the standard network


@dataclass(frozen=True)
class Facts:
    """What the card says beside the description: read from data/ and results/, and counted."""

    source: str
    images: dict[str, int]  # by split
    parameters: int
    errors: list[Error]
    measured_in: str | None  # file, and the commit of the code that measured
    of_this_training: bool  # whether it was this very training that was measured
    licence: str


def card(described: Description, facts: Facts, differences: dict[str, float], pictures: int) -> str:
    """README.md of an exported folder."""
    seen = described.preprocessing
    side, number = seen.input_side, len(described.classes)
    return "\n".join(
        [
            f"# {described.method}: {described.backbone} on {described.dataset}, scale {described.scale}, "
            f"seed {described.seed}",
            "",
            "A network of a reproducibility study of *Learning a Wavelet-like Auto-Encoder to Accelerate Deep Neural "
            "Networks* (Chen, Lin, Zuo, Luo and Zhang, AAAI 2018).",
            "",
            "## What it is",
            "",
            f"- Method `{described.method}`, standard network `{described.backbone}` at {described.shape.width:g} of "
            f"its width, {facts.parameters:,} parameters.",
            f"- Takes `{IMAGE}`, float32 (batch, 3, {side}, {side}), RGB in [0, 1].",
            f"- Gives `{SCORES}`, float32 (batch, {number}): the averaged scores before a softmax, in the order of "
            f"`classes` in `{CONFIG}`.",
            f"- From a picture to an input: {seen.described()}.",
            f"- Trained with commit {described.trained_with}, exported with {described.exported_with}.",
            "",
            "## Data",
            "",
            f"Source `{facts.source}`, {number} classes, {facts.images['train']:,} training and "
            f"{facts.images['test']:,} test pictures of {described.preprocessing.crop} pixels.",
            "",
            "## Error on the test pictures",
            "",
            *_errors(facts),
            "",
            "## Files",
            "",
            f"Every form was loaded again and run on {pictures} test pictures. The difference is the largest of any "
            "score from the network's own, relative to the largest score.",
            "",
            "| file | form | difference |",
            "|---|---|---:|",
            *(f"| `{name}` | {FORMS[name]} | {difference:.1g} |" for name, difference in differences.items()),
            "",
            "In a checkout of the study:",
            "",
            "```python",
            "from pathlib import Path",
            "from study.export.formats import load",
            "",
            'exported = load("this folder")',
            'scores = exported(exported.preprocessing.picture(Path("picture.jpg")))',
            "exported.classes[scores.argmax()]",
            "```",
            "",
            "Without it:",
            "",
            "```python",
            "import onnxruntime, torch",
            "",
            f'onnxruntime.InferenceSession("{ONNX}").run(["{SCORES}"], {{"{IMAGE}": images}})   # a NumPy array',
            f'torch.export.load("{PROGRAM}").module()(images)                                # a tensor',
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
            f"{facts.licence}, as the study. It says nothing of the rights in the pictures that the network was "
            "trained on.",
            "",
        ]
    )


def _errors(facts: Facts) -> list[str]:
    lines = [
        "| error, % | this network | mean over seeds (95 % intervals) | full network, mean over seeds |",
        "|---|---:|---:|---:|",
    ]
    for error in facts.errors:
        intervals = ", ".join(
            f"{name} {low:.2f} to {high:.2f}" for name, (low, high) in sorted(error.intervals.items())
        )
        mean = f"{_number(error.mean)} ({intervals})" if intervals else _number(error.mean)
        lines.append(f"| {error.name} | {_number(error.own)} | {mean} | {_number(error.standard)} |")
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
        f"- It knows its {len(described.classes)} classes and gives every picture one of them; it cannot say that a "
        "picture shows none.",
        f"- It saw pictures of {described.preprocessing.crop} pixels prepared as above, and no others.",
    ]
    if facts.source == "photographs":
        lines.append("- A class is one photograph: it tells from which of them a patch comes, not what is on it.")
    if facts.source == "rendered_faces":
        lines.append("- The faces are drawn; nothing follows for photographs of people.")
    if described.scale != "paper":
        lines.append(f"- Scale {described.scale} is not the paper's: its errors say nothing of the paper's network.")
    return lines
