"""Error and quality of the auto-encoder against lambda, a line for every gamma."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from study.figures import style
from study.judging.sweep import METHOD, Point
from study.settings.methods import label

ORDER = ("red", "blue", "green", "pink", "orange", "sky", "black")
LEAST_RANGE = 1.0  # of an axis, in points or decibels: less is not worth an image


@style.settings()
def draw(points: Sequence[Point]) -> Figure:
    """Top-1 error with its interval, and PSNR; an experiment that failed has no point."""
    gammas = sorted({one.gamma for one in points})
    positive = [one.lambda_ for one in points if one.lambda_ > 0]
    figure = style.new(style.PAGE_WIDTH, 3.2)
    axes = figure.subplots(1, 2)
    for position, gamma in enumerate(gammas):
        colour = style.COLOURS[ORDER[position % len(ORDER)]]
        chosen = sorted((one for one in points if one.gamma == gamma), key=lambda one: one.lambda_)
        for pair, values in (
            (axes[0], [(one.lambda_, one.error_percent, one.interval) for one in chosen]),
            (axes[1], [(one.lambda_, one.psnr_db, None) for one in chosen]),
        ):
            there = [(x, y, ends) for x, y, ends in values if y is not None]
            pair.plot([x for x, *_ in there], [y for _, y, _ in there], "-o", color=colour, label=f"gamma {gamma:.12g}")
            for x, _, ends in there:
                if ends:
                    pair.plot([x, x], ends, color=colour, alpha=0.5)
    error = f"top-1 error of {label(METHOD, 'vgg16')}, %"
    for pair, upward in zip(axes, (error, "PSNR of the reconstruction, dB"), strict=True):
        # Zero has its place on a scale that is straight below the smallest other value.
        pair.set_xscale("symlog", linthresh=min(positive, default=1.0))
        pair.set(xlabel="lambda", ylabel=upward)
        pair.ticklabel_format(axis="y", useOffset=False)
        low, high = pair.get_ylim()
        if high - low < LEAST_RANGE:
            pair.set_ylim((low + high - LEAST_RANGE) / 2, (low + high + LEAST_RANGE) / 2)
        pair.grid()
    axes[0].legend()
    return figure
