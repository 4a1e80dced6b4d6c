"""results/<scale>/timing.json as tables: for the terminal and in Markdown."""

from dataclasses import dataclass, field

from study.report.measured import AS_WRITTEN
from study.report.show import aligned

NOT_MEASURED = "not measured"
BYTES = {"fp32": 4, "tf32": 4, "bf16": 2, "fp16": 2}  # of a weight
DEVICES = {"cpu": "CPU", "cuda": "GPU"}


@dataclass(frozen=True)
class Section:
    """A table under a heading, its first row the head, with sentences before and behind it."""

    title: str
    rows: list[list[str]]
    before: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)


def sections(timing: dict) -> list[Section]:
    """Every table that the measurements give, in reading order."""
    found = [_networks(timing, batch) for batch in dict.fromkeys(run["batch"] for run in timing["runs"])]
    for run in timing["runs"]:
        if any(cell["implementation"] != AS_WRITTEN for cell in run["cells"]):
            found += [_implementations(timing, run), _own_best(timing, run)]
            found.append(_split(timing, run))
    return [*found, _wavelets(timing)]


def as_markdown(timing: dict | None) -> str:
    """The whole report; without a measurement, that there is none."""
    if timing is None:
        return "# Times of the full-size networks\n\nNot measured.\n"
    text = ["# Times of the full-size networks", "", *_conditions(timing)]
    for section in sections(timing):
        head, *rows = section.rows
        text += ["", f"## {section.title}", "", *section.before, *([""] if section.before else [])]
        text += [f"| {' | '.join(head)} |", "|---|" + "---:|" * (len(head) - 1)]
        text += [f"| {' | '.join(row)} |" for row in rows]
        text += ["", *section.behind] if section.behind else []
    return "\n".join(text) + "\n"


def in_the_terminal(timing: dict) -> str:
    """The same, in columns of equal width."""
    text = [*_conditions(timing)]
    for section in sections(timing):
        text += ["", section.title, "", *section.before, *([""] if section.before else [])]
        text += [aligned(section.rows), *([""] if section.behind else []), *section.behind]
    return "\n".join(text)


def _conditions(timing: dict) -> list[str]:
    provenance, conditions = timing["provenance"], timing["conditions"]
    hardware = provenance["hardware"]
    allocator = conditions["allocator"]
    if isinstance(allocator, dict):
        allocator = ", ".join(f"{name}={value}" for name, value in allocator.items())
    return [
        f"Images of {timing['side']} pixels, {timing['classes']} classes, random weights, inference mode. Medians and "
        "quartiles in milliseconds; ratios of medians with 95 % intervals; networks and implementations take turns.",
        f"{hardware['processor']}, {hardware['cores']} cores, {hardware['architecture']}; GPU: "
        f"{timing['gpu_name'] or 'none'}. torch {hardware['torch']}, OpenVINO {conditions['openvino']}, Python "
        f"{hardware['python']}. Clock policy {conditions['clock_policy']}; allocator: {allocator}; load before the run "
        f"{conditions['load_before']}. {provenance['finished']}.",
    ]


def _where(timing: dict, run: dict) -> str:
    images = f"batch {run['batch']}"
    if run["device"] == "cuda":
        return f"{timing['gpu_name']}, {images}"
    return f"CPU, {_threads(run)}, {images}"


def _threads(run: dict) -> str:
    return f"{run['threads']} thread{'s' if run['threads'] > 1 else ''}"


def _ms(cell: dict) -> str:
    return f"{_digits(cell['median'])} ({_digits(cell['lower_quartile'])} to {_digits(cell['upper_quartile'])})"


def _digits(milliseconds: float) -> str:
    return f"{milliseconds:.1f}" if milliseconds >= 10 else f"{milliseconds:.2f}"


def _ratio(found: dict) -> str:
    low, high = found["interval"]
    return f"{found['ratio']:.2f} ({low:.2f} to {high:.2f})"


def _ended(run: dict) -> str:
    return f"{run['rounds']} rounds; ended: {run['ended']}."


def _row(cell: dict) -> str:
    return f"{cell['backbone']} {cell['method']}"


def _find(cells: list[dict], **wanted: str) -> dict | None:
    return next((cell for cell in cells if all(cell[key] == value for key, value in wanted.items())), None)


def _networks(timing: dict, batch: int) -> Section:
    """Every network as it is written, the implementation of the paper's tables."""
    runs = [run for run in timing["runs"] if run["batch"] == batch]
    columns = [(_threads(run) if run["device"] == "cpu" else "", DEVICES[run["device"]], run) for run in runs]
    names = [" ".join(part for part in (device, threads) if part) for threads, device, _ in columns]
    if not any(run["device"] == "cuda" for run in runs):
        names.append("GPU")
    head = [f"batch {batch}"]
    for name in names:
        head += [f"{name}, ms", f"{name}, speed-up"]
    rows = [head]
    written = [cell for cell in runs[0]["cells"] if cell["implementation"] == AS_WRITTEN]
    for cell in written:
        row = [_row(cell)]
        place = {key: cell[key] for key in ("backbone", "method", "implementation")}
        for *_, run in columns:
            own, ratio = _find(run["cells"], **place), _find(run["same_implementation"], **place)
            row += [_ms(own) if own else NOT_MEASURED, _ratio(ratio) if ratio else "1" if own else NOT_MEASURED]
        if len(names) > len(columns):
            row += [NOT_MEASURED, NOT_MEASURED]
        rows.append(row)
    return Section(
        f"Networks as they are written, batch {batch}",
        rows,
        ["Eager, fp32, NCHW: the implementation whose times stand beside the paper's."],
        [f"{_where(timing, run)}: {_ended(run)}" for run in runs],
    )


def _implementations(timing: dict, run: dict) -> Section:
    """A row an implementation, for every network that is timed in several."""
    titles = {name: known["title"] for name, known in timing["implementations"][run["device"]].items()}
    networks = list(
        dict.fromkeys(_row(cell) for cell in run["cells"] + run["not_run"] if cell["implementation"] != AS_WRITTEN)
    )
    head = ["implementation"]
    for network in networks:
        head += [network, *(["same implementation"] if not network.endswith(" standard") else [])]
    rows, reasons, differences = [head], {}, []
    for name, title in titles.items():
        cells = [cell for cell in run["cells"] + run["not_run"] if cell["implementation"] == name]
        if not cells:
            continue
        row = [title]
        for network in networks:
            backbone, method = network.split(" ")
            place = {"backbone": backbone, "method": method, "implementation": name}
            cell, ratio = _find(run["cells"], **place), _find(run["same_implementation"], **place)
            if cell is None:
                why = _find(run["not_run"], **place)["reason"]
                note = reasons.setdefault(why, len(reasons) + 1)
            else:
                differences.append((title, cell["difference"]))
            row.append(_ms(cell) if cell else f"not run [{note}]")
            if method != "standard":
                row.append(_ratio(ratio) if ratio else "–")
        rows.append(row)
    largest: dict[str, float] = {}
    for title, difference in differences:
        largest[title] = max(difference, largest.get(title, 0.0))
    checked = "; ".join(f"{title} {value:.1g}" for title, value in largest.items() if value > 0)
    behind = [f"[{number}] {why}." for why, number in reasons.items()]
    behind.append(f"Largest difference of an output from the network as written, relative to the largest: {checked}.")
    memory = [(cell, cell["peak_mib"]) for cell in run["cells"] if cell["peak_mib"] is not None]
    if memory:
        peaks = (f"{_row(cell)} {cell['implementation']} {peak:.0f}" for cell, peak in memory)
        behind.append(f"Peak memory with weights, MiB: {', '.join(peaks)}.")
    return Section(f"Implementations: {_where(timing, run)}", rows, behind=behind)


def _own_best(timing: dict, run: dict) -> Section:
    """The same implementation for both networks, and each network in its own best one, side by side."""
    titles = {name: known["title"] for name, known in timing["implementations"][run["device"]].items()}
    rows = [["network", "both as written", "both in its best", "each in its own best", "its best", "standard's best"]]
    for best in run["own_best"]:
        place = {"backbone": best["backbone"], "method": best["method"]}
        written = _find(run["same_implementation"], **place, implementation=AS_WRITTEN)
        same = _find(run["same_implementation"], **place, implementation=best["implementation"])
        rows.append(
            [
                _row(best),
                _ratio(written) if written else "–",
                _ratio(same) if same else "–",
                _ratio(best),
                titles[best["implementation"]],
                titles[best["standard_implementation"]],
            ]
        )
    return Section(f"Speed-up in the same and in the best implementation: {_where(timing, run)}", rows)


def _split(timing: dict, run: dict) -> Section:
    """Each part against the arithmetic and the bytes of weights, at the machine's own ceilings."""
    apart, known = run["split"], timing["implementations"][run["device"]]
    copy, ceilings = apart["copy_bytes_per_second"], _ceilings(apart, known)
    rows = [
        [
            "part",
            "multiply-adds, G",
            "weights, MB",
            "ms",
            "arithmetic alone, ms",
            "weights alone, ms",
            "share of the ceiling",
            "ruled by",
        ]
    ]
    for network in apart["networks"]:
        work = timing["work"][f"{network['backbone']}/{network['method']}"]
        precision = known[network["implementation"]]["precision"]
        product, size = ceilings[precision][1], BYTES[precision]
        label = f"{_row(network)}, {known[network['implementation']]['title']}"
        total = {key: sum(part[key] for part in work.values()) for key in ("multiply_adds", "parameters")}
        for part, counts, spread in [
            (label, total, network),
            *((f"- {part}", work[part], network["parts"][part]) for part in network["parts"]),
        ]:
            operations, weights = counts["multiply_adds"] * run["batch"], counts["parameters"] * size
            arithmetic_ms, bytes_ms = operations / product * 1000, weights / copy * 1000
            rows.append(
                [
                    part,
                    f"{operations / 1e9:.3f}",
                    f"{weights / 1e6:.2f}",
                    _ms(spread),
                    _digits(arithmetic_ms),
                    _digits(bytes_ms),
                    f"{max(arithmetic_ms, bytes_ms) / spread['median']:.0%}",
                    "arithmetic" if arithmetic_ms >= bytes_ms else "bytes of weights",
                ]
            )
    products = ", ".join(
        f"{2 * rate / 1e9:.0f} GFLOP/s in {precision} ({name})" for precision, (name, rate) in ceilings.items()
    )
    return Section(
        f"Parts and bounds: {_where(timing, run)}",
        rows,
        behind=[
            f"Ceilings measured in the same run: a large matrix product, {products}; a large copy, {copy / 1e9:.1f} "
            "GB/s read and written. A part may beat a ceiling: its weights or channels can lie in a cache.",
            _bounds(timing),
            _ended(apart),
        ],
    )


def _ceilings(apart: dict, known: dict) -> dict[str, tuple[str, float]]:
    """Precision -> the implementation with the fastest large matrix product, and its multiply-adds a second."""
    best: dict[str, tuple[str, float]] = {}
    for name, rate in apart["product_multiply_adds_per_second"].items():
        precision = known[name]["precision"]
        if rate > best.get(precision, ("", 0.0))[1]:
            best[precision] = (name, rate)
    return best


def _bounds(timing: dict) -> str:
    standard, ours = (
        {
            key: sum(part[key] for part in timing["work"][f"vgg16/{name}"].values())
            for key in ("multiply_adds", "parameters")
        }
        for name in ("standard", "ours")
    )
    return (
        f"Bounds of the speed-up of ours over VGG16: {standard['multiply_adds'] / ours['multiply_adds']:.2f} by "
        f"multiply-adds with the encoder, {timing['bound_of_the_text']:.2f} in the paper's text, "
        f"{standard['parameters'] / ours['parameters']:.2f} by bytes of weights."
    )


def _wavelets(timing: dict) -> Section:
    rows = [["CDF 9/7, one level", "batch", "ms", "lifting is faster by"]]
    behind = []
    for found in timing["wavelets"]:
        where = f"CPU, {_threads(found)}" if found["device"] == "cpu" else str(timing["gpu_name"])
        for name, spread in found["milliseconds"].items():
            ratio = found["ratios"].get(name)
            rows.append([f"{name}, {where}", str(found["batch"]), _ms(spread), _ratio(ratio) if ratio else ""])
        rows += [[f"{name}, {where}", str(found["batch"]), why, ""] for name, why in found["not_run"].items()]
        differences = ", ".join(f"{name} {value:.1g}" for name, value in found["differences"].items())
        behind.append(f"{where}: largest difference of a coefficient from {differences}; {_ended(found)}")
    return Section("The wavelet of Wavelet+CNN", rows, behind=behind)
