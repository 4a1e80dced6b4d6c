"""Networks and implementations timed in turns, and what their times are held against.

`take` and `take_parts` run in a process of their own; `compared` and `split` put together what several of them found.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic

import torch
from torch import nn

from study.measures.busy import Before, reasons, spread_percent
from study.measures.timing import (
    ESTIMATOR,
    QUANTILES,
    Estimate,
    Name,
    Repeats,
    Times,
    alternate,
    on_gpu,
    on_processor,
    reference_kernel,
)
from study.speed.implementations import AS_WRITTEN, Call, Implementation, NotHere, Subject
from study.speed.parts import parts

STANDARD = "full"
CEILING_SIDE = 2048  # of the large matrices
COPY_BYTES = 256 * 2**20
WHOLE = ""
PRODUCT, COPY = "product", "copy"

Row = tuple[str, str]  # backbone, method
Cell = tuple[Row, str]  # a network in an implementation
PartCell = tuple[Row, str, str]  # a part of it; or a ceiling, whose row is ("", "product") or ("", "copy")


@dataclass(frozen=True)
class Machine:
    """Where the networks lie, the precisions that it computes, and the implementations to run there by name."""

    device: torch.device
    precisions: Collection[str]
    implementations: dict[str, Implementation]

    @property
    def clock(self) -> Callable[[Callable[[], object]], float]:
        """How a call is timed there."""
        return on_gpu if self.device.type == "cuda" else on_processor

    def prepared(self, name: str, subject: Subject) -> tuple[Call, dict[str, float | None]]:
        """A call, its difference from the network's own outputs, and on a GPU the most memory that it takes beside
        weights, inputs and what a captured graph holds. Raises NotHere."""
        implementation = self.implementations[name]
        if implementation.precision not in self.precisions:
            raise NotHere(f"this hardware does not compute {implementation.precision}")
        call, difference = implementation.checked(subject)
        return call, {"difference": difference, "working_mib": self._working_mib(call)}

    def _working_mib(self, call: Call) -> float | None:
        if self.device.type != "cuda":
            return None
        before = torch.cuda.memory_allocated()
        torch.cuda.reset_peak_memory_stats()
        call()
        return (torch.cuda.max_memory_allocated() - before) / 2**20


@dataclass(frozen=True)
class Taken(Generic[Name]):
    """What one process found: times, what is known of a call beside its times, and why the others could not be run."""

    times: Times[Name]
    notes: dict[Name, dict[str, float | None]]
    not_run: dict[Cell, str]


def take(
    machine: Machine,
    subject: Callable[[Row], Subject],
    rows: Sequence[Row],
    everywhere: Collection[Row],
    *,
    seconds: float,
    title: str,
) -> Taken[Cell]:
    """Every network as it is written, those of `everywhere` in every implementation, all in turns.

    A network that is run as it is written alone is held in one copy; `subject` makes one when its turn comes.
    """
    calls: dict[Cell, Callable[[], object]] = {}
    notes: dict[Cell, dict[str, float | None]] = {}
    not_run: dict[Cell, str] = {}
    for row in rows:
        one = subject(row)
        for name in machine.implementations if row in everywhere else [AS_WRITTEN]:
            try:
                calls[row, name], notes[row, name] = machine.prepared(name, one)
            except NotHere as reason:
                not_run[row, name] = str(reason)
    times = alternate(
        calls,
        seconds=seconds,
        pairs=pairs(calls),
        clock=machine.clock,
        title=title,
        reference=reference_kernel(machine.device),
    )
    return Taken(times, notes, not_run)


def pairs(cells: Collection[Cell]) -> list[tuple[Cell, Cell]]:
    """The standard network of the same backbone in the same implementation, and each other network."""
    return [
        (((row[0], STANDARD), name), (row, name))
        for row, name in cells
        if row[1] != STANDARD and ((row[0], STANDARD), name) in cells
    ]


def compared(processes: Sequence[Taken[Cell]], everywhere: Collection[Row], before: Before) -> dict[str, Any]:
    """The times of every network, and ratios to the standard network of the same backbone: in the same implementation,
    and each network in the implementation in which it is fastest."""
    repeats = Repeats([taken.times for taken in processes])
    names = repeats.names
    milliseconds = {name: repeats.milliseconds(name) for name in names}
    return {
        **how(repeats.processes, before),
        "cells": [
            {**_named(*key), "milliseconds": milliseconds[key], **_largest(taken.notes[key] for taken in processes)}
            for key in names
        ],
        "not_run": [{**_named(*key), "reason": reason} for key, reason in _not_run(processes).items()],
        "same_implementation": [{**_named(*fast), "ratio": repeats.ratio(slow, fast)} for slow, fast in pairs(names)],
        "own_best": _own_best(repeats, milliseconds, everywhere),
    }


def how(processes: Sequence[Times[Name]], before: Before) -> dict[str, Any]:
    """How times were taken: processes, rounds, why each ended, whether the machine was busy, and by what that shows."""
    spreads = [spread_percent(times.reference) for times in processes if len(times.reference)]
    shares = [times.shares for times in processes if times.shares is not None]
    found = reasons(before, shares, spreads)
    return {
        "processes": len(processes),
        "rounds": [times.rounds for times in processes],
        "ended": [times.ended for times in processes],
        "machine_was_busy": bool(found),
        "reasons": found,
        "others_percent": [share.others_percent for share in shares],
        "stolen_percent": [share.stolen_percent for share in shares],
        "reference_spread_percent": spreads,
        "reference_milliseconds": {
            word: Repeats([Times({"": times.reference}, "") for times in processes]).milliseconds("")[word]
            for word in QUANTILES
        }
        if spreads
        else None,
    }


def _largest(notes: Iterable[dict[str, float | None]]) -> dict[str, float | None]:
    """Of every note the largest value that a process found."""
    every = list(notes)
    found: dict[str, float | None] = {}
    for key in every[0]:
        known = [value for note in every if (value := note[key]) is not None]
        found[key] = max(known) if known else None
    return found


def _not_run(processes: Sequence[Taken[Name]]) -> dict[Cell, str]:
    found: dict[Cell, str] = {}
    for taken in reversed(processes):
        found |= taken.not_run
    return found


def _named(row: Row, name: str) -> dict[str, str]:
    backbone, method = row
    return {"backbone": backbone, "method": method, "implementation": name}


def _own_best(
    repeats: Repeats[Cell], milliseconds: Mapping[Cell, dict[str, Estimate]], everywhere: Collection[Row]
) -> list[dict[str, Any]]:
    best = {
        row: min(
            (key for key in milliseconds if key[0] == row),
            key=lambda key: milliseconds[key][ESTIMATOR]["value"],
            default=None,
        )
        for row in everywhere
    }
    found = []
    for row, key in best.items():
        standard = best.get((row[0], STANDARD))
        if row[1] != STANDARD and key and standard:
            named = {**_named(*key), "standard_implementation": standard[1]}
            found.append({**named, "ratio": repeats.ratio(standard, key)})
    return found


def fastest(found: Mapping[str, Any], rows: Collection[Row]) -> dict[Row, list[str]]:
    """For each network the implementation as written, and its fastest one of those that all of `rows` run in."""
    times = {
        row: {
            cell["implementation"]: cell["milliseconds"][ESTIMATOR]["value"]
            for cell in found["cells"]
            if (cell["backbone"], cell["method"]) == row
        }
        for row in rows
    }
    shared = set.intersection(*(set(each) for each in times.values()))
    return {row: list(dict.fromkeys([AS_WRITTEN, min(shared, key=each.__getitem__)])) for row, each in times.items()}


def take_parts(
    machine: Machine,
    subject: Callable[[Row], Subject],
    names: Mapping[Row, Sequence[str]],
    *,
    seconds: float,
    title: str,
) -> Taken[PartCell]:
    """Each network's parts, and the machine's ceilings, in turns.

    `names` are the implementations of each network; one in which a part does not run is left out. The ceilings are a
    large matrix product in every implementation that needs no compiler, and a large copy.
    """
    calls: dict[PartCell, Callable[[], object]] = {}
    wholes: list[PartCell] = []
    not_run: dict[Cell, str] = {}
    for row, chosen in names.items():
        whole = subject(row)
        for name in chosen:
            found = parts(whole.folded if machine.implementations[name].folds else whole.network, whole.inputs)
            try:
                prepared = {part: machine.prepared(name, one)[0] for part, one in {WHOLE: whole, **found}.items()}
            except NotHere as reason:
                not_run[row, name] = str(reason)
                continue
            calls |= {(row, name, part): call for part, call in prepared.items()}
            wholes.append((row, name, WHOLE))
    product = Subject(
        nn.Linear(CEILING_SIDE, CEILING_SIDE, bias=False, device=machine.device),
        (torch.rand(CEILING_SIDE, CEILING_SIDE, device=machine.device),),
    )
    for name, implementation in machine.implementations.items():
        with suppress(NotHere):
            if not implementation.compiles:
                calls[("", PRODUCT), name, WHOLE] = machine.prepared(name, product)[0]
    source = torch.rand(COPY_BYTES // 4, device=machine.device)
    target = torch.empty_like(source)
    calls[("", COPY), "", WHOLE] = lambda: target.copy_(source)
    times = alternate(
        calls,
        seconds=seconds,
        pairs=[(slow, fast) for slow in wholes for fast in wholes if slow[0][1] == STANDARD != fast[0][1]],
        clock=machine.clock,
        title=title,
        reference=reference_kernel(machine.device),
    )
    return Taken(times, {}, not_run)


def split(processes: Sequence[Taken[PartCell]], before: Before) -> dict[str, Any]:
    """The times of each network's parts beside the machine's ceilings: of a large matrix product in multiply-adds a
    second, and of a large copy in bytes read and written a second. `not_run` says what could not be taken apart."""
    repeats = Repeats([taken.times for taken in processes])
    milliseconds = {name: repeats.milliseconds(name) for name in repeats.names}

    def per_second(amount: float, key: PartCell) -> float:
        return amount / milliseconds[key][ESTIMATOR]["value"] * 1000

    return {
        **how(repeats.processes, before),
        "copy_bytes_per_second": per_second(2 * COPY_BYTES, (("", COPY), "", WHOLE)),
        "product_multiply_adds_per_second": {
            key[1]: per_second(CEILING_SIDE**3, key) for key in milliseconds if key[0] == ("", PRODUCT)
        },
        "networks": [
            {
                **_named(row, name),
                "milliseconds": milliseconds[row, name, WHOLE],
                "parts": {key[2]: milliseconds[key] for key in milliseconds if key[:2] == (row, name) and key[2]},
            }
            for row, name, part in milliseconds
            if part == WHOLE and row[0]
        ],
        "not_run": [{**_named(*key), "reason": reason} for key, reason in _not_run(processes).items()],
    }
