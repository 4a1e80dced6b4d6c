"""Several values of lambda and gamma side by side: errors, quality of the auto-encoder, and which claims turn."""

import csv
import io
import json
from dataclasses import asdict, dataclass, field

from matplotlib.figure import Figure

from study.figures import style
from study.judging.tables import number
from study.rendering.section import Section

# What an experiment is read for, below results/<scale>/.
TABLE, RECONSTRUCTION, CLAIMS = "tables/table_1.json", "reconstruction/objects.json", "claims.json"
FILES = (TABLE, RECONSTRUCTION, CLAIMS)
METHOD, QUANTITY = "wae_cnn", "top1_error_percent"
LEAST_RANGE = 1.0  # of an axis, in points or decibels: less is not worth a picture


@dataclass(frozen=True)
class Point:
    """One experiment: its weights of the losses; top-1 error of our network on objects in percent, with the 95 %
    interval over seeds if there are several; mean over seeds of the reconstruction's PSNR in decibels and of the energy
    of I_H over that of I_L; what every claim comes to. `failed` says why there is nothing."""

    lambda_: float
    gamma: float
    error: float | None = None
    interval: tuple[float, float] | None = None
    psnr_db: float | None = None
    energy_ratio: float | None = None
    claims: dict[str, str] = field(default_factory=dict)
    failed: str = ""


def point(lambda_: float, gamma: float, stored: dict[str, dict]) -> Point:
    """What an experiment's files, by their names in FILES, come to."""
    cells = [cell for cell in stored[TABLE]["cells"] if (cell["method"], cell["quantity"]) == (METHOD, QUANTITY)]
    interval = cells[0]["intervals"].get("seeds")
    runs = [run for run in stored[RECONSTRUCTION]["runs"] if "psnr_db" in run]

    def mean(values: list[float]) -> float | None:
        return sum(values) / len(values) if values else None

    return Point(
        lambda_,
        gamma,
        cells[0]["measured"],
        tuple(interval) if interval else None,
        mean([run["psnr_db"] for run in runs]),
        mean([run["energy_high"] / run["energy_low"] for run in runs if run["energy_low"] > 0]),
        {claim["id"]: claim["here"]["outcome"] for claim in stored[CLAIMS]["claims"]},
        "" if cells[0]["measured"] is not None else cells[0]["verdict"],
    )


def turning(points: list[Point]) -> list[str]:
    """Claims that do not come to the same at all points that have them."""
    names = dict.fromkeys(name for one in points for name in one.claims)
    return [name for name in names if len({one.claims[name] for one in points if name in one.claims}) > 1]


def sections(points: list[Point], scale: str) -> list[Section]:
    """The numbers of every point, and the claims that turn."""
    rows = [["lambda", "gamma", "top-1 error of ours, %", "95 % over seeds", "PSNR, dB", "energy I_H / I_L", "remark"]]
    for one in points:
        interval = f"{number(one.interval[0])} to {number(one.interval[1])}" if one.interval else number(None)
        energy = f"{one.energy_ratio:.2g}" if one.energy_ratio is not None else number(None)
        numbers = [number(one.error), interval, number(one.psnr_db), energy]
        rows.append([f"{one.lambda_:g}", f"{one.gamma:g}", *numbers, f"failed: {one.failed}" if one.failed else ""])
    found = [Section(f"Sweep at scale {scale}", rows, left=0)]
    names = turning(points)
    if names:
        head = ["claim", *(f"lambda {one.lambda_:g}, gamma {one.gamma:g}" for one in points)]
        lines = [[name, *(one.claims.get(name, "failed") for one in points)] for name in names]
        found.append(Section("Claims that turn", [head, *lines], left=len(head)))
    else:
        found[0].behind.append("No claim comes to something else at another of these values.")
    return found


def as_markdown(points: list[Point], scale: str) -> str:
    """The sections as Markdown."""
    text = []
    for section in sections(points, scale):
        head, *rows = section.rows
        text += [f"# {section.title}", "", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
        text += [f"| {' | '.join(row)} |" for row in rows]
        text += ["", *section.behind, ""]
    return "\n".join(text).rstrip() + "\n"


def as_csv(points: list[Point]) -> str:
    """A line a point; claims are in the JSON."""
    text = io.StringIO()
    lines = []
    for one in points:
        line = asdict(one)
        del line["claims"]
        low, high = line.pop("interval") or (None, None)
        lines.append({**line, "interval_low": low, "interval_high": high})
    writer = csv.DictWriter(text, lines[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


def as_json(points: list[Point], scale: str) -> str:
    """All that is known of each point."""
    return json.dumps({"scale": scale, "points": [asdict(one) for one in points]}, indent=1, allow_nan=False) + "\n"


def from_json(stored: dict) -> list[Point]:
    """The points that `as_json` wrote."""
    return [
        Point(**{**one, "interval": tuple(one["interval"]) if one["interval"] else None}) for one in stored["points"]
    ]


def draw(points: list[Point]) -> Figure:
    """Error and PSNR against lambda, a line for every gamma."""
    colours = (style.RED, style.BLUE, style.GREEN, style.PINK, style.ORANGE, style.SKY, style.BLACK)
    gammas = sorted({one.gamma for one in points})
    positive = [one.lambda_ for one in points if one.lambda_ > 0]
    with style.settings():
        figure = style.new(style.PAGE_WIDTH, 3.2)
        axes = figure.subplots(1, 2)
        for position, gamma in enumerate(gammas):
            colour = colours[position % len(colours)]
            chosen = sorted((one for one in points if one.gamma == gamma), key=lambda one: one.lambda_)
            for pair, values in (
                (axes[0], [(one.lambda_, one.error, one.interval) for one in chosen]),
                (axes[1], [(one.lambda_, one.psnr_db, None) for one in chosen]),
            ):
                there = [(x, y, ends) for x, y, ends in values if y is not None]
                pair.plot(
                    [x for x, *_ in there], [y for _, y, _ in there], "-o", color=colour, label=f"gamma {gamma:g}"
                )
                for x, _, ends in there:
                    if ends:
                        pair.plot([x, x], ends, color=colour, alpha=0.5)
        for pair, upward in zip(axes, ("top-1 error of ours, %", "PSNR of the reconstruction, dB"), strict=True):
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
