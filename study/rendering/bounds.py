"""The parts of each network against its arithmetic and its bytes of weights, at the machine's own ceilings."""

from study.rendering.table import Table, headed
from study.rendering.times import NOT_MEASURED, Json, digits, ended, ms, name_of

BYTES = {"fp32": 4, "tf32": 4, "bf16": 2, "fp16": 2}  # of a weight


def parts_and_bounds(timing: Json, run: Json, where: str) -> Table:
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
        whole = (f"{name_of(network)}, {name}", operations, weights, network["milliseconds"], sums, floor)
        for words, operations, weights, estimates, bounds, floor in [whole, *lines]:
            ruled = max(bounds, key=bounds.__getitem__)
            cells = [f"{operations / 1e9:.3f}", f"{weights / 1e6:.2f}", ms(timing, estimates)]
            cells += [digits(bound) for bound in bounds.values()]
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
                f"{name_of(one)} {one['implementation']} was not taken apart: {one['reason']}."
                for one in apart["not_run"]
            ),
            ended(apart),
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
