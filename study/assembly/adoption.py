"""From the results of the search to the values of params.yaml."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from study.measures import choice as rule
from study.measures.choice import Validated
from study.settings import paths
from study.settings.methods import PLACES
from study.settings.parameters.training import OTHERS

Candidate = tuple[float, float]  # learning rate, dropout
FAILED = Validated(100.0, 0.0)  # the validation error of a training that diverged


def tables(search: Mapping[str, Any]) -> dict[str, dict[Candidate, Validated]]:
    """By row, the validation error of every candidate; a network without dropout has one error for all dropouts."""
    found: dict[str, dict[Candidate, Validated]] = defaultdict(dict)
    for one in search["trainings"]:
        error = FAILED
        if one["outcome"] == "trained":
            error = rule.validated(one["top1_error_percent"], search["validation_images"])
        for dropout in search["dropouts"] if one["dropout"] is None else [one["dropout"]]:
            found[one["row"]][one["learning_rate"], dropout] = error
    return found


def choice(searches: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """By row, the learning rate and the dropout that it takes, over the data sets on which a backbone was searched: a
    row has one value for all, by its mean validation error."""
    of_row: dict[str, list[dict[Candidate, Validated]]] = defaultdict(list)
    for search in searches:
        for row, errors in tables(search).items():
            of_row[row].append(errors)
    means = {
        row: {candidate: rule.mean([errors[candidate] for errors in several]) for candidate in several[0]}
        for row, several in of_row.items()
    }
    return {row: {"learning_rate": rate, "dropout": dropout} for row, (rate, dropout) in rule.choose(means).items()}


def finished(scale: str) -> dict[str, list[dict[str, Any]]]:
    """By backbone, the searches of a scale that came to their end."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for dataset, backbone in PLACES:
        file = paths.results(scale) / "search" / f"{dataset}-{backbone}.json"
        if file.exists() and "choice" in (search := paths.read_json(file)):
            found[backbone].append(search)
    return found


def chosen(scale: str) -> dict[str, dict[str, dict[str, float]]]:
    """By backbone and row, the learning rate and the dropout that the finished searches of a scale choose."""
    return {backbone: choice(searches) for backbone, searches in finished(scale).items()}


def compact(values: Mapping[str, float]) -> dict[str, float]:
    """By row, with the value of most rows under `others` and those that differ from it alone."""
    (others, _), *_ = Counter(values.values()).most_common(1)
    return {OTHERS: others, **{row: value for row, value in values.items() if value != others}}


def as_params(scale: str) -> str:
    """The lines of params.yaml that say what was chosen."""
    found = chosen(scale)
    if not found:
        return f"No search of scale {scale} has come to its end."
    lines = [f"Chosen at scale {scale}; in params.yaml, under scales.{scale}:"]
    lines += [
        f"  classifier.learning_rate.{backbone}: {_flow({row: one['learning_rate'] for row, one in rows.items()})}"
        for backbone, rows in found.items()
    ]
    dropout = {row: one["dropout"] for rows in reversed(found.values()) for row, one in rows.items()}
    return "\n".join([*lines, f"  network.dropout: {_flow(dropout)}"])


def _flow(values: Mapping[str, float]) -> str:
    return "{" + ", ".join(f"{row}: {value}" for row, value in compact(values).items()) + "}"
