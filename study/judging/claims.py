"""What the paper says in prose, evaluated on its own numbers and on measured ones, by the registered protocol."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from study.judging.basis import OTHER_DATA
from study.judging.evidence import Here, Printed
from study.judging.machines import OnMachines
from study.judging.measured import Key, Measured, places, under
from study.judging.predicates import CANNOT_TELL, FAILS, HOLDS, Finding, Predicate, cells_of, judged, printed
from study.judging.results import METRICS, Metric, Results
from study.paper.files import read_yaml
from study.paper.tables import Table
from study.settings import paths
from study.settings.methods import METHODS

ON_THE_METRIC = "depends on the metric"
ON_THE_MACHINE = "depends on the machine"

# What may be said of the paper's own claim.
REPRODUCED, NOT_REPRODUCED = "direction reproduced", "direction not reproduced"
ELSEWHERE, OTHERWISE = " on other data", " under other settings"
NEEDS_DATA = "not testable here: about a number on the paper's data under its settings"
NEEDS_HARDWARE = "not testable here: about the paper's hardware"


@dataclass(frozen=True)
class Claim:
    """A claim of the paper's prose and what became of it.

    `about` says what could decide it elsewhere (paper_tables/README.md): "direction", "number" or "hardware"; `reading`
    how a word became a threshold; `family` with which others it is corrected for their number. `here` holds a finding
    for each error that can vary, "top1" and "top5"; a claim that is not about errors has one, under "". `marks` are
    what has to be said of the trainings behind it.
    """

    id: str
    claim: str
    where: str
    about: str
    reading: str
    family: str
    on_the_papers_numbers: Finding
    here: dict[str, Finding]
    in_this_experiment: str
    of_the_papers_claim: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Claims:
    """All claims at a scale, and how many hold, in a sentence."""

    scale: str
    summary: str
    claims: tuple[Claim, ...]


def read(folder: Path = paths.PAPER_TABLES) -> list[Predicate]:
    """The claims as paper_tables/claims.yaml holds them."""
    found: list[Predicate] = read_yaml(folder / "claims.yaml")
    return found


def claims(
    predicates: Sequence[Predicate],
    tables: Sequence[Table],
    measured: Mapping[Key, Measured],
    results: Mapping[tuple[str, str], Results],
    scale: str,
) -> Claims:
    """Every claim on the paper's numbers and on measured ones. Raises KeyError for a cell that no table has."""
    cells = {cell.key: (table, cell) for table in tables for cell in table.cells}
    top1 = Here(cells, measured, results, "top1")
    here: dict[str, dict[str, Finding]] = {claim["id"]: {} for claim in predicates}
    for metric in METRICS:
        numbers = Here(cells, measured, results, metric)
        asked = [claim for claim in predicates if _speaks_of(claim, numbers, metric)]
        for family in dict.fromkeys(family_of(claim, numbers) for claim in asked):
            together = [claim for claim in asked if family_of(claim, numbers) == family]
            for identity, finding in judged(together, numbers).items():
                here[identity][metric] = finding
    found = []
    for claim in predicates:
        findings = here[claim["id"]]
        if not findings:
            findings = {"": _of_hardware(claim, top1)}
        outcome = _in_this_experiment(findings)
        found.append(
            Claim(
                claim["id"],
                claim["claim"],
                claim["where"],
                claim["about"],
                claim.get("reading", ""),
                family_of(claim, top1),
                printed(claim, Printed(cells)),
                findings,
                outcome,
                _of_the_papers_claim(claim, outcome, top1),
                top1.marks(cells_of(claim)),
            )
        )
    return Claims(scale, summary(found), tuple(found))


def _speaks_of(predicate: Predicate, numbers: Here, metric: Metric) -> bool:
    """Whether a predicate is about errors, and this one of the two can vary for it: an accuracy is top-1 alone."""
    errors = [key for key in cells_of(predicate) if numbers.is_error(key)]
    if not errors or any(numbers.found(key) is None for key in errors):
        return bool(errors) and metric == "top1"
    if metric == "top5" and all(numbers.cells[key][1].quantity == "accuracy_percent" for key in errors):
        return False
    tables = [numbers.cells[key][0] for key in errors]
    return all(numbers.results[table.dataset, table.backbone].shown(metric) for table in tables)


def family_of(predicate: Predicate, numbers: Here) -> str:
    """With which other claims a claim is corrected for their number; "" for one that is not about errors."""
    keys = [key for key in cells_of(predicate) if numbers.is_error(key)]
    if not keys:
        return ""
    of = [numbers.cells[key] for key in keys]
    if any(table.dataset == "faces" for table, _ in of):
        return "faces"
    if any(METHODS[cell.method].criterion for _, cell in of):
        return "pruning"
    return "backbones" if any(table.backbone != "vgg16" for table, _ in of) else "decompositions"


def _of_hardware(predicate: Predicate, numbers: Here) -> Finding:
    """A claim about times alone, machine by machine: it may hold on one and not on another."""
    primary = judged([predicate], numbers)[predicate["id"]]
    words = {}
    for at in places(numbers.measured):
        there = Here(numbers.cells, under(numbers.measured, at), numbers.results, "top1")
        if not any(there.lacks(key) for key in cells_of(predicate)):
            outcome = judged([predicate], there)[predicate["id"]].outcome
            words[at.condition] = {HOLDS: "holds", FAILS: "does not hold"}.get(outcome, outcome)
    machines = OnMachines(words)
    outcomes = {HOLDS: machines.where("holds"), FAILS: machines.where("does not hold")}
    decided = [outcome for outcome, where in outcomes.items() if where]
    if len(words) < 2 or not decided:
        return primary
    outcome = ON_THE_MACHINE if machines.depends else decided[0]
    return Finding(outcome, (*primary.numbers, machines.said))


def _in_this_experiment(findings: Mapping[str, Finding]) -> str:
    """What both errors say; where they disagree the outcome depends on the metric."""
    outcomes = {finding.outcome for finding in findings.values()}
    return outcomes.pop() if len(outcomes) == 1 else ON_THE_METRIC


def _of_the_papers_claim(predicate: Predicate, outcome: str, numbers: Here) -> str:
    """What an outcome says of the paper's own claim: on its data, under its settings, the same; elsewhere a direction
    at most, and nothing of a number or of hardware."""
    keys = cells_of(predicate)
    unlike = numbers.unlike(keys)
    if not unlike and all(numbers.found(key) for key in keys):
        return outcome
    if predicate["about"] == "number":
        return NEEDS_DATA
    if predicate["about"] == "hardware":
        return NEEDS_HARDWARE
    where = ELSEWHERE if any(reason.startswith(OTHER_DATA) for reason in unlike) else OTHERWISE
    return {HOLDS: REPRODUCED + where, FAILS: NOT_REPRODUCED + where}.get(outcome, outcome)


def summary(found: Iterable[Claim]) -> str:
    """How many hold, fail and cannot be told, on the paper's numbers and in this experiment."""
    found = list(found)
    paper = Counter(claim.on_the_papers_numbers.outcome for claim in found)
    here = Counter(claim.in_this_experiment for claim in found)
    depends = here[ON_THE_METRIC] + here[ON_THE_MACHINE]
    return (
        f"On the paper's own numbers {paper[HOLDS]} of {len(found)} hold, {paper[FAILS]} fail and "
        f"{paper[CANNOT_TELL]} cannot be told; in this experiment {here[HOLDS]} hold, {here[FAILS]} fail, "
        f"{depends} depend on the metric or the machine and {here[CANNOT_TELL]} cannot be told."
    )
