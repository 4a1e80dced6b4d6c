"""Removal and fine-tuning in turns, with a checkpoint between two turns."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import torch
from torch import nn

from study.data.batches import Pictures
from study.models.layout import lay_out
from study.training.checkpoint import NOT_KEPT, Keeps
from study.training.loop import SECONDS_BETWEEN_CHECKPOINTS, SHARE_OF_SAVING, Recipe, fit
from study.training.objectives import ByClassification

Network = TypeVar("Network", bound=nn.Module)


def turn_seed(seed: int, turn: int) -> int:
    """The seed of all that is drawn in one turn."""
    return int(np.random.SeedSequence([seed, turn]).generate_state(1)[0])


def some(pictures: Pictures, count: int, seed: int) -> Pictures:
    """So many random images; each comes up again only when all have."""
    random = np.random.default_rng(seed)
    rounds = -(-count // len(pictures))
    return pictures.only(np.concatenate([random.permutation(len(pictures)) for _ in range(rounds)])[:count])


def finetune(
    network: nn.Module,
    pictures: Pictures,
    recipe: Recipe,
    updates: int,
    *,
    seed: int,
    bf16: bool,
    title: str,
    checkpoint: Keeps = NOT_KEPT,
) -> dict[str, float]:
    """So many updates by the classification loss, in place; returns the means of what was logged. Raises Diverged."""
    lay_out(network)
    chosen = some(pictures, updates * recipe.batch, seed)
    on = next(network.parameters()).device
    (row,) = fit(
        ByClassification(network), chosen, recipe, seed=seed, device=on, bf16=bf16, checkpoint=checkpoint, title=title
    )  # fmt: skip
    return {name: row[name] for name in ("loss", "top1_error_percent")}


def gradually(
    network: Network,
    remove: Callable[[Network, int], int],
    recover: Callable[[Network, int], dict[str, float]],
    *,
    filters: Callable[[Network], Sequence[int]],
    rebuild: Callable[[Sequence[int]], Network],
    seed: int,
    checkpoint: Keeps,
) -> tuple[Network, list[dict[str, Any]]]:
    """`remove` and `recover`, each given the network and a seed, in turns until nothing is removed.

    Returns the network and a row a turn. Goes on from the last turn that the checkpoint holds, through the network that
    `rebuild` makes from its numbers of `filters`, and ends in the same weights as without interruption: a turn depends
    on the weights and on the numbers of seed and turn alone.
    """
    rows: list[dict[str, Any]] = []
    state = checkpoint.load()
    if state is not None:
        network, rows = rebuild(state["filters"]), state["rows"]
        network.load_state_dict(state["network"])
        print(f"going on behind turn {len(rows)} of pruning", flush=True)

    def save() -> float:
        start = time.monotonic()
        checkpoint.save({"filters": list(filters(network)), "network": network.state_dict(), "rows": rows})
        return time.monotonic() - start

    next_save = time.monotonic() + SECONDS_BETWEEN_CHECKPOINTS
    while True:
        this = turn_seed(seed, len(rows) + 1)
        torch.manual_seed(this)
        # A resumed network and a cut one must lie in memory alike, or they are computed in another order.
        lay_out(network)
        removed = remove(network, this)
        if removed == 0:
            break
        rows.append({"turn": len(rows) + 1, "removed": removed, **recover(network, this)})
        if time.monotonic() > next_save:
            next_save = time.monotonic() + max(SECONDS_BETWEEN_CHECKPOINTS, save() / SHARE_OF_SAVING)
    save()
    return network, rows
