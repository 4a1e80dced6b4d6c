"""Networks and implementations timed in turns within one run, and what their times are held against."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass

import torch
from torch import nn

from study.measures.timing import Times, alternate, on_gpu, on_processor
from study.speed.implementations import AS_WRITTEN, Call, Implementation, NotHere, Subject
from study.speed.parts import parts

STANDARD = "full"
CEILING_SIDE = 2048  # of the large matrices
COPY_BYTES = 256 * 2**20
WHOLE = ""

Row = tuple[str, str]  # backbone, method


@dataclass(frozen=True)
class Machine:
    """Where the networks lie, the precisions that it computes, and the implementations to run there by name."""

    device: torch.device
    precisions: Collection[str]
    implementations: dict[str, Implementation]

    @property
    def clock(self) -> Callable[[Call], float]:
        """How a call is timed there."""
        return on_gpu if self.device.type == "cuda" else on_processor

    def prepared(self, name: str, subject: Subject) -> tuple[Call, dict]:
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


def compare(
    machine: Machine, subjects: dict[Row, Subject], everywhere: Collection[Row], *, seconds: float, title: str
) -> dict:
    """Every network as it is written, those of `everywhere` in every implementation, all in turns within one run.

    Ratios are those of the standard network of the same backbone: in the same implementation, and each network in the
    implementation in which it is fastest.
    """
    calls: dict[tuple[Row, str], Call] = {}
    notes: dict[tuple[Row, str], dict] = {}
    not_run = []
    for row, subject in subjects.items():
        for name in machine.implementations if row in everywhere else [AS_WRITTEN]:
            try:
                calls[row, name], notes[row, name] = machine.prepared(name, subject)
            except NotHere as reason:
                not_run.append({**_named(row, name), "reason": str(reason)})
    pairs = [
        (((row[0], STANDARD), name), (row, name))
        for row, name in calls
        if row[1] != STANDARD and ((row[0], STANDARD), name) in calls
    ]
    times = alternate(calls, seconds=seconds, pairs=pairs, clock=machine.clock, title=title)
    return {
        "rounds": times.rounds,
        "ended": times.ended,
        "cells": [{**_named(*key), **times.spread(key), **notes[key]} for key in calls],
        "not_run": not_run,
        "same_implementation": [{**_named(*fast), **times.ratio(slow, fast)} for slow, fast in pairs],
        "own_best": _own_best(times, everywhere),
    }


def _named(row: Row, name: str) -> dict[str, str]:
    backbone, method = row
    return {"backbone": backbone, "method": method, "implementation": name}


def _own_best(times: Times, everywhere: Collection[Row]) -> list[dict]:
    best = {
        row: min((key for key in times.milliseconds if key[0] == row), key=times.median, default=None)
        for row in everywhere
    }
    found = []
    for row, key in best.items():
        standard = best.get((row[0], STANDARD))
        if row[1] != STANDARD and key and standard:
            named = {**_named(*key), "standard_implementation": standard[1]}
            found.append({**named, **times.ratio(standard, key)})
    return found


def fastest(compared: dict, rows: Collection[Row]) -> dict[Row, list[str]]:
    """For each network the implementation as written, and its fastest one of those that all of `rows` run in."""
    medians = {
        row: {
            cell["implementation"]: cell["median"]
            for cell in compared["cells"]
            if (cell["backbone"], cell["method"]) == row
        }
        for row in rows
    }
    shared = set.intersection(*(set(found) for found in medians.values()))
    return {
        row: list(dict.fromkeys([AS_WRITTEN, min(shared, key=found.__getitem__)])) for row, found in medians.items()
    }


def split(
    machine: Machine, subjects: dict[Row, Subject], names: dict[Row, Sequence[str]], *, seconds: float, title: str
) -> dict:
    """Each network's parts, and the machine's ceilings, in turns within one run.

    `names` are the implementations of each network; one in which a part does not run is left out, and `not_run` says
    why. The ceilings are a large matrix product in every implementation
    that needs no compiler, in multiply-adds a second, and a large copy, in bytes read and written a second.
    """
    calls: dict[object, Call] = {}
    taken, not_run = [], []
    for row, name in ((row, name) for row, chosen in names.items() for name in chosen):
        subject = subjects[row]
        found = parts(subject.folded if machine.implementations[name].folds else subject.network, subject.inputs)
        try:
            prepared = {part: machine.prepared(name, one)[0] for part, one in {WHOLE: subject, **found}.items()}
        except NotHere as reason:
            not_run.append({**_named(row, name), "reason": str(reason)})
            continue
        calls |= {(row, name, part): call for part, call in prepared.items()}
        taken.append((row, name))
    product = Subject(
        nn.Linear(CEILING_SIDE, CEILING_SIDE, bias=False, device=machine.device),
        (torch.rand(CEILING_SIDE, CEILING_SIDE, device=machine.device),),
    )
    for name, implementation in machine.implementations.items():
        with suppress(NotHere):
            if not implementation.compiles:
                calls["product", name] = machine.prepared(name, product)[0]
    source = torch.rand(COPY_BYTES // 4, device=machine.device)
    target = torch.empty_like(source)
    calls["copy"] = lambda: target.copy_(source)
    wholes = [(row, name, WHOLE) for row, name in taken]
    pairs = [(slow, fast) for slow in wholes for fast in wholes if slow[0][1] == STANDARD != fast[0][1]]
    times = alternate(calls, seconds=seconds, pairs=pairs, clock=machine.clock, title=title)
    return {
        "rounds": times.rounds,
        "ended": times.ended,
        "copy_bytes_per_second": 2 * COPY_BYTES / times.median("copy") * 1000,
        "product_multiply_adds_per_second": {
            key[1]: CEILING_SIDE**3 / times.median(key) * 1000 for key in calls if key[0] == "product"
        },
        "networks": [
            {
                **_named(row, name),
                **times.spread((row, name, WHOLE)),
                "parts": {key[2]: times.spread(key) for key in calls if key[:2] == (row, name) and key[2] != WHOLE},
            }
            for row, name in taken
        ],
        "not_run": not_run,
    }
