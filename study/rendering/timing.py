"""Times of every machine, results/<scale>/timing/<machine>.json, as tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from study.judging.machines import busy_note, how
from study.judging.measured import AS_WRITTEN
from study.rendering.table import Page, Table, headed
from study.settings.methods import label

NOT_MEASURED = "not measured"
NONE = "–"
BYTES = {"fp32": 4, "tf32": 4, "bf16": 2, "fp16": 2}  # of a weight

Json = Mapping[str, Any]


def tables(timings: Mapping[str, Json]) -> list[Table]:
    """Every table that the measurements give, in reading order: first all machines side by side, then each alone."""
    backbones = dict.fromkeys(
        cell["backbone"] for timing in timings.values() for run in timing["runs"] for cell in run["cells"]
    )
    found = [_networks(timings, backbone) for backbone in backbones]
    for machine, timing in timings.items():
        for run in timing["runs"]:
            if any(cell["implementation"] != AS_WRITTEN for cell in run["cells"]):
                where = f"{machine}, {_device(run)}, {how(run['device'], run['batch'], run['threads'])}"
                found += [
                    _implementations(timing, run, backbone, where)
                    for backbone in dict.fromkeys(cell["backbone"] for cell in run["own_best"])
                ]
                found.append(_own_best(timing, run, where))
                found.append(_split(timing, run, where))
    return [*found, _wavelets(timings)]


def page(timings: Mapping[str, Json]) -> Page:
    """All of it; without a measurement, that there is none."""
    title = "Times of the full-size networks"
    return Page(title, (*conditions(timings), *tables(timings)) if timings else (f"{NOT_MEASURED.capitalize()}.",))


def conditions(timings: Mapping[str, Json]) -> list[str]:
    """What the times of each machine were taken on and under, a sentence or more a machine."""
    found = []
    for machine, timing in timings.items():
        provenance, state = timing["provenance"], timing["conditions"]
        hardware = provenance["hardware"]
        allocator = state["allocator"]
        if isinstance(allocator, dict):
            allocator = ", ".join(f"{name}={value}" for name, value in allocator.items())
        notes = dict.fromkeys(note for run in timing["runs"] if (note := busy_note(run)))
        found.append(
            f"{machine}: {hardware['processor']}, {hardware['cores']} cores, {hardware['architecture']}; GPU: "
            f"{timing['gpu_name'] or 'none'}. torch {hardware['torch']}, OpenVINO "
            f"{state['openvino'] or 'not installed'}, Python {hardware['python']}. Clock policy "
            f"{state['clock_policy']}; allocator: {allocator}; load before the run {state['load_before']}. "
            f"{provenance['finished']}. {_estimator(timing)} "
            + (" ".join(f"The {note}." for note in notes) or "The machine was not busy.")
        )
    sizes = dict.fromkeys((timing["side"], timing["classes"]) for timing in timings.values())
    pixels = "; ".join(f"images of {side} pixels, {classes} classes" for side, classes in sizes)
    return [
        f"{pixels[0].upper()}{pixels[1:]}, random weights, inference mode; networks and implementations are "
        "interleaved. Milliseconds, and speed-ups over the full network of the same backbone, with 95 % intervals.",
        *found,
    ]


def _estimator(timing: Json) -> str:
    """How a time is estimated and its interval found."""
    estimator = timing["estimator"]
    share = timing["quantiles"][estimator]
    by = "medians" if share == 0.5 else f"{100 * share:.0f} % quantiles"
    processes = {run["processes"] for run in timing["runs"]}
    if processes == {1}:
        return f"Times are {by} of one process; intervals of ratios are over its rounds and leave out other processes."
    number = " or ".join(str(each) for each in sorted(processes))
    return f"Times are {by} of {number} processes, intervals over processes."


def _device(run: Json) -> str:
    return "GPU" if run["device"] == "cuda" else "CPU"


def _value(estimates: Json, estimator: str, digits: str = "ms") -> str:
    """An estimate with its interval, where there is one."""
    found = estimates.get(estimator)
    if found is None:
        return NOT_MEASURED
    show = _digits if digits == "ms" else "{:.2f}".format
    if not found["interval"]:
        return show(found["value"])
    low, high = found["interval"]
    return f"{show(found['value'])} ({show(low)} to {show(high)})"


def _ms(timing: Json, estimates: Json) -> str:
    return _value(estimates, timing["estimator"])


def _ratio(timing: Json, found: Json) -> str:
    return _value(found["ratio"], timing["estimator"], "ratio")


def _digits(milliseconds: float) -> str:
    return f"{milliseconds:.1f}" if milliseconds >= 10 else f"{milliseconds:.2f}"


def _ended(run: Json) -> str:
    rounds = sorted(set(run["rounds"]))
    number = f"{rounds[0]}" if len(rounds) == 1 else f"{rounds[0]} to {rounds[-1]}"
    processes = f"{run['processes']} process{'es' if run['processes'] > 1 else ''}"
    ended = "; ".join(dict.fromkeys(run["ended"]))
    busy = busy_note(run)
    return f"{processes} of {number} rounds; ended: {ended}{f'; {busy}' if busy else ''}."


def _name(cell: Json) -> str:
    return label(cell["method"], cell["backbone"])


def _find(cells: Sequence[Json], **wanted: str) -> Json | None:
    return next((cell for cell in cells if all(cell[key] == value for key, value in wanted.items())), None)


def _networks(timings: Mapping[str, Json], backbone: str) -> Table:
    """Every network as it is written, the implementation of the paper's tables: a row a machine, number of threads and
    batch."""
    rows = [["network", "machine", "device", "threads", "batch", "ms", "speed-up", "median, ms", "of medians", "busy"]]
    places = [(machine, timing, run) for machine, timing in timings.items() for run in timing["runs"]]
    methods = dict.fromkeys(
        cell["method"] for *_, run in places for cell in run["cells"] if cell["backbone"] == backbone
    )
    for method in methods:
        for machine, timing, run in places:
            place = {"backbone": backbone, "method": method, "implementation": AS_WRITTEN}
            own, ratio = _find(run["cells"], **place), _find(run["same_implementation"], **place)
            if own is None:
                continue
            alone = "1" if method == "full" else NOT_MEASURED
            rows.append(
                [
                    label(method, backbone),
                    machine,
                    _device(run),
                    str(run["threads"]) if run["device"] == "cpu" else NONE,
                    str(run["batch"]),
                    _ms(timing, own["milliseconds"]),
                    _ratio(timing, ratio) if ratio else alone,
                    _value(own["milliseconds"], "median"),
                    _value(ratio["ratio"], "median", "ratio") if ratio else alone,
                    "yes" if run["machine_was_busy"] else "no",
                ]
            )
    behind = [
        f"{machine}, {_device(run)}, {how(run['device'], run['batch'], run['threads'])}: {_ended(run)}"
        for machine, _, run in places
    ]
    if not any(run["device"] == "cuda" for *_, run in places):
        behind.append(f"GPU: {NOT_MEASURED}.")
    return headed(
        f"Networks as they are written: {label('full', backbone)} and what is made of it",
        rows,
        ["Eager, fp32, NCHW: the implementation whose times stand beside the paper's."],
        behind,
        left_columns=3,
    )


def _implementations(timing: Json, run: Json, backbone: str, where: str) -> Table:
    """A row an implementation, for the networks of a backbone that are timed in several."""
    titles = {name: known["title"] for name, known in timing["implementations"][run["device"]].items()}
    every = [cell for cell in run["cells"] + run["not_run"] if cell["backbone"] == backbone]
    methods = dict.fromkeys(cell["method"] for cell in every if cell["implementation"] != AS_WRITTEN)
    head = ["implementation"]
    for method in methods:
        head += [f"{label(method, backbone)}, ms", *(["speed-up"] if method != "full" else [])]
    rows, differences = [head], []
    reasons: dict[str, int] = {}
    for name in dict.fromkeys(cell["implementation"] for cell in every):
        row = [titles[name]]
        for method in methods:
            place = {"backbone": backbone, "method": method, "implementation": name}
            cell, ratio = _find(run["cells"], **place), _find(run["same_implementation"], **place)
            if cell is None:
                lacking = _find(run["not_run"], **place)
                why = lacking["reason"] if lacking else NOT_MEASURED
                row.append(f"not run [{reasons.setdefault(why, len(reasons) + 1)}]")
            else:
                row.append(_ms(timing, cell["milliseconds"]))
            if method != "full":
                row.append(_ratio(timing, ratio) if ratio else NONE)
        rows.append(row)
        found = [cell["difference"] for cell in every if cell["implementation"] == name and "difference" in cell]
        if name != AS_WRITTEN and found:
            differences.append(f"{titles[name]} {max(found):.1g}")
    behind = [f"[{number}] {why}." for why, number in reasons.items()]
    behind.append(f"Largest difference of an output, relative to the largest output: {'; '.join(differences)}.")
    memory = [
        f"{_name(cell)} {cell['implementation']} {cell['working_mib']:.0f}"
        for cell in run["cells"]
        if cell["backbone"] == backbone and cell["working_mib"] is not None
    ]
    if memory:
        behind.append(f"Peak memory beside weights and inputs, MiB: {', '.join(memory)}.")
    title = f"Implementations of {label('full', backbone)}: {where}"
    return headed(title, rows, ["Speed-ups over the full network in the same implementation."], behind)


def _own_best(timing: Json, run: Json, where: str) -> Table:
    """The same implementation for both networks, and each network in its own best one, side by side."""
    titles = {name: known["title"] for name, known in timing["implementations"][run["device"]].items()}
    rows = [
        [
            "network",
            "both as written",
            "both in its best",
            "each in its own best",
            "its best",
            "the full network's best",
        ]
    ]
    for best in run["own_best"]:
        place = {"backbone": best["backbone"], "method": best["method"]}
        written = _find(run["same_implementation"], **place, implementation=AS_WRITTEN)
        same = _find(run["same_implementation"], **place, implementation=best["implementation"])
        rows.append(
            [
                f"{_name(best)} over {label('full', best['backbone'])}",
                _ratio(timing, written) if written else NONE,
                _ratio(timing, same) if same else NONE,
                _ratio(timing, best),
                titles[best["implementation"]],
                titles[best["standard_implementation"]],
            ]
        )
    return headed(f"Speed-up in the same and in the best implementation: {where}", rows)


def _split(timing: Json, run: Json, where: str) -> Table:
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
        lines: list[tuple[str, float, float, Json, dict[str, float], float]] = []
        for part, counts in work.items():
            operations, weights = counts["multiply_adds"] * run["batch"], counts["parameters"] * size
            bounds = {"arithmetic": operations / product * 1000, "bytes of weights": weights / copy * 1000}
            lines.append((f"- {part}", operations, weights, network["parts"][part], bounds, max(bounds.values())))
        sums = {bound: sum(line[4][bound] for line in lines) for bound in lines[0][4]}
        operations, weights, floor = (
            sum(line[1] for line in lines),
            sum(line[2] for line in lines),
            sum(line[5] for line in lines),
        )
        floors.setdefault(name, {})[method] = floor
        whole = (f"{_name(network)}, {name}", operations, weights, network["milliseconds"], sums, floor)
        for words, operations, weights, estimates, bounds, floor in [whole, *lines]:
            ruled = max(bounds, key=bounds.__getitem__)
            cells = [f"{operations / 1e9:.3f}", f"{weights / 1e6:.2f}", _ms(timing, estimates)]
            cells += [_digits(bound) for bound in bounds.values()]
            taken = estimates[timing["estimator"]]["value"]
            rows.append([words, *cells, f"{taken / floor:.2f} times", ruled])
    products = ", ".join(
        f"{2 * rate / 1e9:.0f} GFLOP/s in {precision} ({name})" for precision, (name, rate) in ceilings.items()
    )
    at_ceilings = ", ".join(
        f"{found['full'] / found['wae_cnn']:.2f} in {name}" for name, found in floors.items() if len(found) == 2
    )
    return headed(
        f"Parts and bounds: {where}",
        rows,
        behind=[
            f"Ceilings measured in the same run: a large matrix product, {products}; a large copy, {copy / 1e9:.1f} "
            "GB/s read and written. A part may beat its floor where its weights or channels lie in a cache.",
            f"{_bounds(timing)} At these ceilings, each part at its own bound: {at_ceilings or NOT_MEASURED}.",
            *(
                f"{_name(one)} {one['implementation']} was not taken apart: {one['reason']}."
                for one in apart["not_run"]
            ),
            _ended(apart),
        ],
    )


def _ceilings(apart: Json, known: Json) -> dict[str, tuple[str, float]]:
    """Precision -> the implementation with the fastest large matrix product, and its multiply-adds a second."""
    best: dict[str, tuple[str, float]] = {}
    for name, rate in apart["product_multiply_adds_per_second"].items():
        precision = known[name]["precision"]
        if rate > best.get(precision, ("", 0.0))[1]:
            best[precision] = (name, rate)
    return best


def _bounds(timing: Json) -> str:
    full, wae_cnn = (
        {
            key: sum(part[key] for part in timing["work"][f"vgg16/{name}"].values())
            for key in ("multiply_adds", "parameters")
        }
        for name in ("full", "wae_cnn")
    )
    return (
        f"Bounds of the speed-up of WAE+CNN over VGG16: {full['multiply_adds'] / wae_cnn['multiply_adds']:.2f} by "
        f"multiply-adds with the encoder, {timing['bound_of_the_text']:.2f} in the paper's text, "
        f"{full['parameters'] / wae_cnn['parameters']:.2f} by bytes of weights."
    )


def _wavelets(timings: Mapping[str, Json]) -> Table:
    rows = [["CDF 9/7, one level", "machine", "batch", "ms", "lifting is faster by"]]
    behind = []
    for machine, timing in timings.items():
        for found in timing["wavelets"]:
            threads = f", {found['threads']} thread{'s' if found['threads'] > 1 else ''}"
            where = f"{_device(found)}{threads if found['device'] == 'cpu' else ''}"
            for name, estimates in found["milliseconds"].items():
                ratio = found["ratios"].get(name)
                rows.append(
                    [
                        f"{name}, {where}",
                        machine,
                        str(found["batch"]),
                        _ms(timing, estimates),
                        _value(ratio, timing["estimator"], "ratio") if ratio else "",
                    ]
                )
            rows += [
                [f"{name}, {where}", machine, str(found["batch"]), why, ""] for name, why in found["not_run"].items()
            ]
            differences = ", ".join(f"{name} {value:.1g}" for name, value in found["differences"].items())
            behind.append(
                f"{machine}, {where}: largest difference of a coefficient from {differences}; {_ended(found)}"
            )
    return headed("The wavelet of Wavelet+CNN", rows, behind=behind, left_columns=2)
