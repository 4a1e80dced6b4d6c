"""results/<scale>/timing.json as tables: for the terminal and in Markdown."""

from study.judging.measured import AS_WRITTEN
from study.rendering.section import Section, aligned, wrapped

NOT_MEASURED = "not measured"
BYTES = {"fp32": 4, "tf32": 4, "bf16": 2, "fp16": 2}  # of a weight
DEVICES = {"cpu": "CPU", "cuda": "GPU"}


def sections(timing: dict) -> list[Section]:
    """Every table that the measurements give, in reading order."""
    found = [_networks(timing, batch) for batch in dict.fromkeys(run["batch"] for run in timing["runs"])]
    for run in timing["runs"]:
        if any(cell["implementation"] != AS_WRITTEN for cell in run["cells"]):
            backbones = dict.fromkeys(cell["backbone"] for cell in run["own_best"])
            found += [_implementations(timing, run, backbone) for backbone in backbones]
            found.append(_own_best(timing, run))
            found.append(_split(timing, run))
    return [*found, _wavelets(timing)]


def as_markdown(timing: dict | None) -> str:
    """The whole report; without a measurement, that there is none."""
    if timing is None:
        return "# Times of the full-size networks\n\nNot measured.\n"
    text = ["# Times of the full-size networks", "", *conditions(timing)]
    for section in sections(timing):
        head, *rows = section.rows
        text += ["", f"## {section.title}", "", *section.before, *([""] if section.before else [])]
        text += [f"| {' | '.join(head)} |", "|---|" + "---:|" * (len(head) - 1)]
        text += [f"| {' | '.join(row)} |" for row in rows]
        text += ["", *section.behind] if section.behind else []
    return "\n".join(text) + "\n"


def in_the_terminal(timing: dict) -> str:
    """The same, in columns of equal width."""
    blocks = [wrapped(conditions(timing))]
    for section in sections(timing):
        blocks += [section.title.upper(), wrapped(section.before), aligned(section.rows), wrapped(section.behind)]
    return "\n\n".join(block for block in blocks if block)


def conditions(timing: dict) -> list[str]:
    """What the times were taken on and under, in sentences."""
    provenance, state = timing["provenance"], timing["conditions"]
    hardware = provenance["hardware"]
    allocator = state["allocator"]
    if isinstance(allocator, dict):
        allocator = ", ".join(f"{name}={value}" for name, value in allocator.items())
    return [
        f"Images of {timing['side']} pixels, {timing['classes']} classes, random weights, inference mode. Medians and "
        "quartiles in milliseconds; ratios of medians with 95 % intervals; networks and implementations take turns.",
        f"{hardware['processor']}, {hardware['cores']} cores, {hardware['architecture']}; GPU: "
        f"{timing['gpu_name'] or 'none'}. torch {hardware['torch']}, OpenVINO {state['openvino']}, Python "
        f"{hardware['python']}. Clock policy {state['clock_policy']}; allocator: {allocator}; load before the run "
        f"{state['load_before']}. {provenance['finished']}.",
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


def _implementations(timing: dict, run: dict, backbone: str) -> Section:
    """A row an implementation, for the networks of a backbone that are timed in several."""
    titles = {name: known["title"] for name, known in timing["implementations"][run["device"]].items()}
    every = [cell for cell in run["cells"] + run["not_run"] if cell["backbone"] == backbone]
    methods = dict.fromkeys(cell["method"] for cell in every if cell["implementation"] != AS_WRITTEN)
    head = ["implementation"]
    for method in methods:
        head += [f"{method}, ms", *(["speed-up"] if method != "full" else [])]
    rows, reasons, differences = [head], {}, []
    for name in dict.fromkeys(cell["implementation"] for cell in every):
        row = [titles[name]]
        for method in methods:
            place = {"backbone": backbone, "method": method, "implementation": name}
            cell, ratio = _find(run["cells"], **place), _find(run["same_implementation"], **place)
            if cell is None:
                why = _find(run["not_run"], **place)["reason"]
                row.append(f"not run [{reasons.setdefault(why, len(reasons) + 1)}]")
            else:
                row.append(_digits(cell["median"]))
            if method != "full":
                row.append(_ratio(ratio) if ratio else "–")
        rows.append(row)
        found = [cell["difference"] for cell in every if cell["implementation"] == name and "difference" in cell]
        if name != AS_WRITTEN and found:
            differences.append(f"{titles[name]} {max(found):.1g}")
    behind = [f"[{number}] {why}." for why, number in reasons.items()]
    behind.append(f"Largest difference of an output, relative to the largest output: {'; '.join(differences)}.")
    memory = [
        f"{cell['method']} {cell['implementation']} {cell['working_mib']:.0f}"
        for cell in run["cells"]
        if cell["backbone"] == backbone and cell["working_mib"] is not None
    ]
    if memory:
        behind.append(f"Peak memory beside weights and inputs, MiB: {', '.join(memory)}.")
    title = f"Implementations of {backbone}: {_where(timing, run)}"
    return Section(title, rows, ["Speed-ups over the standard network in the same implementation."], behind)


def _own_best(timing: dict, run: dict) -> Section:
    """The same implementation for both networks, and each network in its own best one, side by side."""
    titles = {name: known["title"] for name, known in timing["implementations"][run["device"]].items()}
    rows = [["network", "both as written", "both in its best", "each in its own best", "its best", "full's best"]]
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
    """Each part against the arithmetic and the bytes of weights, at the machine's own ceilings.

    Parts run one after another, so that a network's floor is the sum of its parts' floors.
    """
    apart, known = run["split"], timing["implementations"][run["device"]]
    copy, ceilings = apart["copy_bytes_per_second"], _ceilings(apart, known)
    rows = [
        ["part", "multiply-adds, G", "weights, MB", "ms", "arithmetic, ms", "weights, ms", "of its floor", "ruled by"]
    ]
    floors: dict[str, dict[str, float]] = {}
    for network in apart["networks"]:
        method, name = network["method"], network["implementation"]
        work = timing["work"][f"{network['backbone']}/{method}"]
        size, product = BYTES[known[name]["precision"]], ceilings[known[name]["precision"]][1]
        lines = []
        for part, counts in work.items():
            operations, weights = counts["multiply_adds"] * run["batch"], counts["parameters"] * size
            bounds = {"arithmetic": operations / product * 1000, "bytes of weights": weights / copy * 1000}
            lines.append((f"- {part}", operations, weights, network["parts"][part], bounds, max(bounds.values())))
        total = [sum(line[column] for line in lines) for column in (1, 2, 5)]
        sums = {bound: sum(line[4][bound] for line in lines) for bound in lines[0][4]}
        floors.setdefault(name, {})[method] = total[2]
        for label, operations, weights, spread, bounds, floor in [
            (f"{method}, {name}", *total[:2], network, sums, total[2]),
            *lines,
        ]:
            ruled = max(bounds, key=bounds.__getitem__)
            cells = [f"{operations / 1e9:.3f}", f"{weights / 1e6:.2f}", _ms(spread), *map(_digits, bounds.values())]
            rows.append([label, *cells, f"{spread['median'] / floor:.2f} times", ruled])
    products = ", ".join(
        f"{2 * rate / 1e9:.0f} GFLOP/s in {precision} ({name})" for precision, (name, rate) in ceilings.items()
    )
    at_ceilings = ", ".join(
        f"{found['full'] / found['wae_cnn']:.2f} in {name}" for name, found in floors.items() if len(found) == 2
    )
    return Section(
        f"Parts and bounds: {_where(timing, run)}",
        rows,
        behind=[
            f"Ceilings measured in the same run: a large matrix product, {products}; a large copy, {copy / 1e9:.1f} "
            "GB/s read and written. A part may beat its floor where its weights or channels lie in a cache.",
            f"{_bounds(timing)} At these ceilings, each part at its own bound: {at_ceilings or NOT_MEASURED}.",
            *(f"{_row(one)} {one['implementation']} was not taken apart: {one['reason']}." for one in apart["not_run"]),
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
        for name in ("full", "wae_cnn")
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
