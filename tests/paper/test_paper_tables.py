"""The paper's printed numbers redo their own arithmetic."""

import ast
import csv
from collections import defaultdict
from fractions import Fraction
from itertools import product
from math import sqrt
from operator import add, mul, sub, truediv
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOM = Path(__file__).parents[2] / "paper_tables"
COLUMNS = ["row", "method", "quantity", "condition", "value", "status", "derivation", "note"]
RELATIONS = {"less_than", "greater_than", "at_least", "at_most", "equals"}
OPERATORS = {ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: truediv}


def read_yaml(name):
    return YAML(typ="safe", pure=True).load(ROOM / name)


def read_cells(slug):
    with open(ROOM / f"{slug}.csv", newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS
        for cell in reader:
            parts = [slug, cell["row"], cell["quantity"], cell["condition"]]
            yield "/".join(part for part in parts if part), cell


def evaluate(expression):
    """Exact value of a plain arithmetic expression: numbers, + - * / and parentheses, nothing else."""

    def visit(node):
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](visit(node.left), visit(node.right))
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return Fraction(str(node.value))
        raise ValueError(f"not plain arithmetic: {expression!r}")

    return visit(ast.parse(expression, mode="eval").body)


def literals(expression):
    return {Fraction(str(n.value)) for n in ast.walk(ast.parse(expression)) if isinstance(n, ast.Constant)}


def rounds_to(value, text):
    """Whether `value`, rounded to the decimals that `text` shows, is the number in `text`."""
    decimals = len(text.partition(".")[2])
    return abs(Fraction(value) - Fraction(text)) <= Fraction(1, 2 * 10**decimals)


TABLES = {table["slug"]: table for table in read_yaml("tables.yaml")}
LISTED_CELLS = [pair for slug in TABLES for pair in read_cells(slug)]
CELLS = dict(LISTED_CELLS)
LEDGER = read_yaml("ledger.yaml")
ENTRIES = LEDGER["contradictions"] + LEDGER["consistent"]
CLAIMS = read_yaml("claims.yaml")

each_table = pytest.mark.parametrize("slug", TABLES)
each_contradiction = pytest.mark.parametrize("entry", LEDGER["contradictions"], ids=lambda e: e["id"])
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["id"])
each_pair = pytest.mark.parametrize("pair", LEDGER["detectability"], ids=lambda p: p["id"])
each_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c["id"])


# Cells


def test_the_paper_has_seven_tables():
    assert list(TABLES) == [f"table_{number}" for number in range(1, 8)]
    assert sorted(TABLES) == sorted(path.stem for path in ROOM.glob("*.csv"))


def test_no_two_cells_share_a_key():
    assert len(CELLS) == len(LISTED_CELLS)


@each_table
def test_a_table_holds_its_rows_times_its_quantities_and_nothing_else(slug):
    table = TABLES[slug]
    conditions = table.get("conditions", [""])
    wanted = [
        "/".join(part for part in (slug, row["row"], quantity["name"], condition) if part)
        for row, quantity, condition in product(table["rows"], table["quantities"], conditions)
    ]
    absent = set(table.get("absent", []))
    assert absent <= set(wanted)
    assert [key for key, _ in read_cells(slug)] == [key for key in wanted if key not in absent]


@each_table
def test_a_row_names_the_method_that_its_table_gives_it(slug):
    method_of = {row["row"]: row["method"] for row in TABLES[slug]["rows"]}
    assert {cell["row"]: cell["method"] for _, cell in read_cells(slug)} == method_of


def test_lower_is_better_for_errors_times_and_operations_only():
    better = {quantity["name"]: quantity["better"] for table in TABLES.values() for quantity in table["quantities"]}
    assert {name for name, way in better.items() if way == "lower"} == {
        "top5_error_percent",
        "cpu_ms",
        "gpu_ms",
        "flops_billion",
    }
    assert {name for name, way in better.items() if way == "higher"} == {
        "accuracy_percent",
        "cpu_speedup",
        "gpu_speedup",
    }


def test_a_cell_has_a_number_unless_the_paper_gave_none():
    for key, cell in CELLS.items():
        if cell["status"] in {"dash", "lost"}:
            assert cell["value"] == "", key
        else:
            assert Fraction(cell["value"]) > 0, key


def test_a_status_is_one_of_five():
    ids = {entry["id"] for entry in LEDGER["contradictions"]}
    known = {"printed", "dash", "derived", "lost"} | {f"contradicts:{id_}" for id_ in ids}
    assert {cell["status"] for cell in CELLS.values()} <= known


def test_exactly_the_derived_cells_have_a_derivation():
    assert {key for key, cell in CELLS.items() if cell["derivation"]} == {
        key for key, cell in CELLS.items() if cell["status"] == "derived"
    }


def test_a_derived_cell_is_its_arithmetic_at_the_rounding_of_its_neighbours():
    for key, cell in CELLS.items():
        if cell["status"] == "derived":
            slug = key.partition("/")[0]
            neighbours = {Fraction(other["value"]) for _, other in read_cells(slug) if other["value"]}
            assert literals(cell["derivation"]) <= neighbours, key
            assert rounds_to(evaluate(cell["derivation"]), cell["value"]), key
            assert len(cell["value"].partition(".")[2]) == 2, key


def test_a_number_that_two_tables_print_is_the_same_number():
    values = defaultdict(dict)
    for key, cell in CELLS.items():
        slug = key.partition("/")[0]
        table = TABLES[slug]
        if cell["condition"] in {"", "V=0"} and cell["value"]:
            what = (table["dataset"], table["backbone"], cell["method"], cell["quantity"])
            values[what][slug] = cell["value"]
    repeated = {what: found for what, found in values.items() if len(found) > 1}
    ours = repeated["objects", "vgg16", "wae_cnn", "top5_error_percent"]
    assert set(ours) == {"table_1", "table_2", "table_3", "table_4"}
    assert {what: found for what, found in repeated.items() if len(set(found.values())) > 1} == {}


def test_exactly_the_marked_speedups_disagree_with_their_times():
    disagreeing = set()
    for key, cell in CELLS.items():
        if cell["quantity"] not in {"cpu_speedup", "gpu_speedup"} or not cell["value"]:
            continue
        slug = key.partition("/")[0]
        ms = {
            other["method"]: other["value"]
            for _, other in read_cells(slug)
            if other["quantity"] == cell["quantity"].replace("speedup", "ms")
        }
        if ms.get(cell["method"]):
            speedup = Fraction(ms["full"]) / Fraction(ms[cell["method"]])
            if not rounds_to(speedup, cell["value"]):
                disagreeing.add(key)
    assert disagreeing == {
        key
        for key, cell in CELLS.items()
        if cell["status"].startswith("contradicts:") and "speedup" in cell["quantity"]
    }


def test_taylor_and_thinet_errors_say_whom_they_are_quoted_from():
    sources = {"taylor": "quoted from Molchanov et al. 2016", "thinet": "quoted from Luo et al. 2017"}
    quoted = {
        key: cell
        for key, cell in CELLS.items()
        if cell["quantity"] == "top5_error_percent" and cell["method"].split("_")[0] in sources
    }
    assert len(quoted) == 5
    assert {key: cell["note"] for key, cell in quoted.items()} == {
        key: sources[cell["method"].split("_")[0]] for key, cell in quoted.items()
    }


# Ledger


def test_no_two_ledger_entries_share_an_id():
    ids = [entry["id"] for section in LEDGER.values() for entry in section]
    assert sorted(set(ids)) == sorted(ids)


def test_a_cell_that_contradicts_is_named_by_its_ledger_entry():
    cells_of = {entry["id"]: entry["cells"] for entry in LEDGER["contradictions"]}
    marked = {key: cell["status"].partition(":")[2] for key, cell in CELLS.items() if ":" in cell["status"]}
    assert [key for key, id_ in marked.items() if key not in cells_of[id_]] == []


@each_entry
def test_a_ledger_expression_gives_what_it_says(entry):
    for line in entry["arithmetic"]:
        assert rounds_to(evaluate(line["expression"]), line["gives"]), line


@each_entry
def test_a_ledger_entry_computes_with_the_numbers_of_its_cells(entry):
    used = set().union(*(literals(line["expression"]) for line in entry["arithmetic"]))
    used |= {Fraction(line["printed"]) for line in entry["arithmetic"] if line["printed"] is not None}
    used |= {Fraction(line["gives"]) for line in entry["arithmetic"]}
    assert [key for key in entry["cells"] if CELLS[key]["value"] and Fraction(CELLS[key]["value"]) not in used] == []


@each_contradiction
def test_a_contradiction_of_numbers_has_a_number_that_disagrees_and_one_of_wording_has_none(entry):
    agrees = [
        rounds_to(evaluate(line["expression"]), line["printed"])
        for line in entry["arithmetic"]
        if line["printed"] is not None
    ]
    assert entry["kind"] == ("wording" if all(agrees) else "number")


@pytest.mark.parametrize("entry", LEDGER["consistent"], ids=lambda e: e["id"])
def test_what_is_called_consistent_agrees_at_the_printed_rounding(entry):
    for line in entry["arithmetic"]:
        if line["printed"] is not None:
            assert rounds_to(evaluate(line["expression"]), line["printed"]), line


def test_every_two_decimal_accuracy_is_a_count_out_of_the_face_test_set():
    images = 56138 - 44798
    for hundredths in range(10001):
        nearest = round(hundredths * images / 10000)
        assert rounds_to(Fraction(100 * nearest, images), f"{hundredths // 100}.{hundredths % 100:02}")


@each_pair
def test_a_count_gives_the_value_of_its_cell(pair):
    for key, k, n in zip(pair["cells"], (pair["k1"], pair["k2"]), (pair["n1"], pair["n2"]), strict=True):
        assert rounds_to(Fraction(100 * k, n), CELLS[key]["value"]), key


@each_pair
def test_z_is_the_pooled_two_proportion_statistic(pair):
    k1, n1, k2, n2 = (pair[name] for name in ("k1", "n1", "k2", "n2"))
    pooled = (k1 + k2) / (n1 + n2)
    z = (k2 / n2 - k1 / n1) / sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    assert rounds_to(z, pair["z"])


# Claims


def predicates(claim):
    """The claim itself, or the predicates under an `all`, at any depth."""
    if claim["kind"] == "all":
        for part in claim["claims"]:
            yield from predicates(part)
    else:
        yield claim


def operands(predicate):
    names = {"increasing": ["values"], "compare": ["value", *RELATIONS]}[predicate["kind"]]
    found = [predicate[name] for name in names if name in predicate]
    return found[0] if predicate["kind"] == "increasing" else found


def cell_keys(operand):
    if isinstance(operand, dict):
        assert set(operand) == {"of", "minus"}, operand
        return [operand["of"], operand["minus"]]
    return [] if isinstance(operand, (int, float)) else [operand]


def test_no_two_claims_share_an_id():
    ids = [claim["id"] for claim in CLAIMS]
    assert sorted(set(ids)) == sorted(ids)


@each_claim
def test_a_claim_uses_only_the_vocabulary(claim):
    about = {"id", "claim", "where"}
    assert about <= set(claim)
    operands_of_all = {"all": {"claims"}, "increasing": {"values"}}.get(claim["kind"], {"value"} | RELATIONS)
    assert set(claim) <= about | {"reading", "kind"} | operands_of_all
    for predicate in predicates(claim):
        words = set(predicate) - about - {"reading", "kind"}
        if predicate["kind"] == "increasing":
            assert words == {"values"} and len(predicate["values"]) > 1
        else:
            assert predicate["kind"] == "compare"
            assert "value" in words and len(words & RELATIONS) == 1 and words <= {"value"} | RELATIONS
            assert isinstance(predicate.get("equals", 0), (int, float))


@each_claim
def test_a_claim_refers_to_cells_that_exist(claim):
    keys = [key for predicate in predicates(claim) for operand in operands(predicate) for key in cell_keys(operand)]
    assert keys
    assert [key for key in keys if key not in CELLS] == []


@each_claim
def test_a_claim_does_not_rest_on_a_cell_that_contradicts_another(claim):
    keys = [key for predicate in predicates(claim) for operand in operands(predicate) for key in cell_keys(operand)]
    assert [key for key in keys if CELLS[key]["status"].startswith("contradicts:")] == []
