"""Times of every machine, results/<scale>/timing/<machine>.json, as tables."""

from collections.abc import Mapping

from study.judging.machines import busy_note, how
from study.judging.measured import AS_WRITTEN
from study.rendering.bounds import parts_and_bounds
from study.rendering.table import Page, Table, headed
from study.rendering.times import NOT_MEASURED, Json, device_of, ended, estimate, find, ms, name_of, ratio_of
from study.settings.methods import label

NONE = "–"


def tables(timings: Mapping[str, Json]) -> list[Table]:
    """Every table that the measurements give, in reading order: first all machines side by side, then each alone."""
    backbones = dict.fromkeys(
        cell["backbone"] for timing in timings.values() for run in timing["runs"] for cell in run["cells"]
    )
    found = [_networks(timings, backbone) for backbone in backbones]
    for machine, timing in timings.items():
        for run in timing["runs"]:
            if any(cell["implementation"] != AS_WRITTEN for cell in run["cells"]):
                where = f"{machine}, {device_of(run)}, {how(run['device'], run['batch'], run['threads'])}"
                found += [
                    _implementations(timing, run, backbone, where)
                    for backbone in dict.fromkeys(cell["backbone"] for cell in run["own_best"])
                ]
                found.append(_own_best(timing, run, where))
                found.append(parts_and_bounds(timing, run, where))
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
            own, ratio = find(run["cells"], **place), find(run["same_implementation"], **place)
            if own is None:
                continue
            alone = "1" if method == "full" else NOT_MEASURED
            rows.append(
                [
                    label(method, backbone),
                    machine,
                    device_of(run),
                    str(run["threads"]) if run["device"] == "cpu" else NONE,
                    str(run["batch"]),
                    ms(timing, own["milliseconds"]),
                    ratio_of(timing, ratio) if ratio else alone,
                    estimate(own["milliseconds"], "median"),
                    estimate(ratio["ratio"], "median", "ratio") if ratio else alone,
                    "yes" if run["machine_was_busy"] else "no",
                ]
            )
    behind = [
        f"{machine}, {device_of(run)}, {how(run['device'], run['batch'], run['threads'])}: {ended(run)}"
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
            cell, ratio = find(run["cells"], **place), find(run["same_implementation"], **place)
            if cell is None:
                lacking = find(run["not_run"], **place)
                why = lacking["reason"] if lacking else NOT_MEASURED
                row.append(f"not run [{reasons.setdefault(why, len(reasons) + 1)}]")
            else:
                row.append(ms(timing, cell["milliseconds"]))
            if method != "full":
                row.append(ratio_of(timing, ratio) if ratio else NONE)
        rows.append(row)
        found = [cell["difference"] for cell in every if cell["implementation"] == name and "difference" in cell]
        if name != AS_WRITTEN and found:
            differences.append(f"{titles[name]} {max(found):.1g}")
    behind = [f"[{number}] {why}." for why, number in reasons.items()]
    behind.append(f"Largest difference of an output, relative to the largest output: {'; '.join(differences)}.")
    memory = [
        f"{name_of(cell)} {cell['implementation']} {cell['working_mib']:.0f}"
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
        written = find(run["same_implementation"], **place, implementation=AS_WRITTEN)
        same = find(run["same_implementation"], **place, implementation=best["implementation"])
        rows.append(
            [
                f"{name_of(best)} over {label('full', best['backbone'])}",
                ratio_of(timing, written) if written else NONE,
                ratio_of(timing, same) if same else NONE,
                ratio_of(timing, best),
                titles[best["implementation"]],
                titles[best["standard_implementation"]],
            ]
        )
    return headed(f"Speed-up in the same and in the best implementation: {where}", rows)


def _wavelets(timings: Mapping[str, Json]) -> Table:
    rows = [["CDF 9/7, one level", "machine", "batch", "ms", "lifting is faster by"]]
    behind = []
    for machine, timing in timings.items():
        for found in timing["wavelets"]:
            threads = f", {found['threads']} thread{'s' if found['threads'] > 1 else ''}"
            where = f"{device_of(found)}{threads if found['device'] == 'cpu' else ''}"
            for name, estimates in found["milliseconds"].items():
                ratio = found["ratios"].get(name)
                rows.append(
                    [
                        f"{name}, {where}",
                        machine,
                        str(found["batch"]),
                        ms(timing, estimates),
                        estimate(ratio, timing["estimator"], "ratio") if ratio else "",
                    ]
                )
            rows += [
                [f"{name}, {where}", machine, str(found["batch"]), why, ""] for name, why in found["not_run"].items()
            ]
            differences = ", ".join(f"{name} {value:.1g}" for name, value in found["differences"].items())
            behind.append(f"{machine}, {where}: largest difference of a coefficient from {differences}; {ended(found)}")
    return headed("The wavelet of Wavelet+CNN", rows, behind=behind, left_columns=2)
