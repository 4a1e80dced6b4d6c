"""Several values of lambda and gamma side by side."""

from study.judging.number import LACKING, number
from study.judging.sweep import Sweep, turning
from study.rendering.cells import between
from study.rendering.table import Page, Table, left, right, table
from study.settings.methods import label


def page(stored: Sweep) -> Page:
    """The numbers of every point, and the claims that turn."""
    rows = []
    for one in stored.points:
        energy = f"{one.energy_ratio:.2g}" if one.energy_ratio is not None else LACKING
        numbers = [number(one.error_percent), between(one.interval), number(one.psnr_db), energy]
        rows.append(
            [f"{one.lambda_:.12g}", f"{one.gamma:.12g}", *numbers, f"failed: {one.failed}" if one.failed else ""]
        )
    heads = [
        *right("lambda", "gamma", f"top-1 error of {label('wae_cnn', 'vgg16')}, %", "95 % over seeds", "PSNR, dB"),
        *right("energy I_H / I_L"),
        *left("remark"),
    ]
    names = turning(stored.points)
    turned: Table | str = "No claim comes to something else at another of these values."
    if names:
        points = [f"lambda {one.lambda_:.12g}, gamma {one.gamma:.12g}" for one in stored.points]
        outcomes = [[name, *(one.claims.get(name, "failed") for one in stored.points)] for name in names]
        turned = table(left("claim", *points), outcomes, "Claims that turn")
    return Page(f"Sweep at scale {stored.scale}", (table(heads, rows), turned))
