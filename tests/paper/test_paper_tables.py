"""The paper's printed numbers redo their own arithmetic."""

import ast
import csv
import re
from collections import defaultdict
from fractions import Fraction
from itertools import product
from math import sqrt
from operator import add, mul, sub, truediv
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOM = Path(__file__).parents[2] / "paper_tables"
SOURCES = Path(__file__).resolve().parents[3] / "shared" / "paper"
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


def text_of(source):
    """What the paper or its project page says; skips where the text is not at hand."""
    path = SOURCES / source
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    return path.read_text(encoding="utf-8")


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
PROSE = read_yaml("prose.yaml")
SETUP = {entry["key"]: entry["value"] for entry in read_yaml("setup.yaml")["stated"]}
BASELINES = {(entry["backbone"], entry["method"]): entry for entry in read_yaml("baselines.yaml")}

each_table = pytest.mark.parametrize("slug", TABLES)
each_contradiction = pytest.mark.parametrize("entry", LEDGER["contradictions"], ids=lambda e: e["id"])
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["id"])
each_pair = pytest.mark.parametrize("pair", LEDGER["detectability"], ids=lambda p: p["id"])
each_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c["id"])
each_number_of_the_prose = pytest.mark.parametrize("entry", PROSE, ids=lambda e: f"{e['what']}: {e['value']}")


# Cells


def test_the_paper_has_seven_tables():
    assert list(TABLES) == [f"table_{number}" for number in range(1, 8)]
    assert sorted(TABLES) == sorted(path.stem for path in ROOM.glob("table_*.csv"))


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


def test_words_in_curly_quotes_stand_in_the_paper_or_on_its_project_page():
    texts = text_of("paper.txt") + text_of("project_page.txt")
    quoted = [words for entry in ENTRIES for words in re.findall("“(.+?)”", entry["explanation"])]
    assert len(quoted) >= 10
    assert [words for words in quoted if words not in texts] == []


def test_the_paper_says_nothing_of_repeated_trainings():
    text = text_of("paper.txt").partition("\nReferences\n")[0].lower()
    assert re.findall(r"\bseeds?\b|\bruns\b(?! a bit faster)|standard deviation|\brepeat|±|confidence", text) == []


def test_every_two_decimal_accuracy_is_a_count_out_of_the_face_test_set():
    images = 56138 - 44798
    for hundredths in range(10001):
        nearest = round(hundredths * images / 10000)
        assert rounds_to(Fraction(100 * nearest, images), f"{hundredths // 100}.{hundredths % 100:02}")


@each_pair
def test_a_count_is_out_of_the_test_set_that_the_prose_describes(pair):
    images = {"objects": numbers_of_the_prose("validation set of ImageNet"), "faces": 56138 - 44798}
    for key, n in zip(pair["cells"], (pair["n1"], pair["n2"]), strict=True):
        assert n == images[TABLES[key.partition("/")[0]]["dataset"]], key


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
    about = {"id", "claim", "where", "about"}
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


@each_claim
def test_a_claim_is_about_hardware_if_it_times_about_a_number_if_it_has_one_and_else_about_a_direction(claim):
    used = [operand for predicate in predicates(claim) for operand in operands(predicate)]
    quantities = {CELLS[key]["quantity"] for operand in used for key in cell_keys(operand)}
    if quantities & {"cpu_ms", "gpu_ms", "cpu_speedup", "gpu_speedup"}:
        assert claim["about"] == "hardware"
    elif any(isinstance(operand, (int, float)) for operand in used):
        assert claim["about"] == "number"
    else:
        assert claim["about"] == "direction"


# Prose

# Numerals that name something and count nothing.
LABELS = re.compile(
    r"VGG16|ResNet-(?:18|50)|Taylor-[12]|top-5|9/7|Intel i7"
    r"|(?:Table|Tabel|Figure|Stage) \d|(?<=[:;] )[12]\)|(?<=FLOPs)111|(?<=Net)222|(?<=Taylor)333"
    r"|value is 1 when the expression is true, and 0 otherwise"
)
NUMERAL = re.compile(r"\d[\d,]*(?:\.\d+)?(?<!,)")
IN_WORDS = {"zero": 0, "two": 2, "three": 3, "four": 4}


def as_number(text):
    return Fraction(text.replace(",", ""))


def numbers_of_the_prose(what):
    (entry,) = [entry for entry in PROSE if entry["what"] == what]
    return as_number(entry["value"])


def sections():
    """Text under each heading that the prose file names, up to the next of them; tables are left out."""
    text = text_of("paper.txt").partition("\nReferences\n")[0]
    lines = [line for line in text.splitlines() if " | " not in line and not line.endswith(" |")]
    headings = {entry["where"] for entry in PROSE}
    found, heading = defaultdict(list), ""
    for line in lines:
        start = line.partition(".")[0]
        heading = start if start in headings else heading
        found[heading].append(line)
    return {name: "\n".join(under) for name, under in found.items()}


@each_number_of_the_prose
def test_a_number_of_the_prose_is_described_in_full(entry):
    required = {"quote", "value", "what", "where", "status"}
    assert required <= set(entry) <= required | {"unit", "cell", "derivation", "setup", "note"}
    contradictions = {f"contradicts:{one['id']}" for one in LEDGER["contradictions"]}
    assert entry["status"] in {"printed", "derived", "lost"} | contradictions
    assert (entry["value"] == "") == (entry["status"] == "lost")
    if entry.get("unit") != "name" and entry["value"]:
        assert as_number(entry["value"]) >= 0


@each_number_of_the_prose
def test_a_number_stands_in_its_quote_unless_the_text_copy_lost_it(entry):
    quote, value = entry["quote"], entry["value"]
    if entry.get("unit") == "name":
        assert value in quote
        return
    numbers = [as_number(numeral) for numeral in NUMERAL.findall(LABELS.sub("", quote))]
    numbers += [number for word, number in IN_WORDS.items() if re.search(rf"\b{word}\b", quote)]
    if entry["status"] in {"derived", "lost"}:
        assert numbers == []
    else:
        assert as_number(value) in numbers


@each_number_of_the_prose
def test_a_number_of_the_prose_agrees_with_its_cell_its_arithmetic_and_its_set_up(entry):
    if "cell" in entry:
        assert CELLS[entry["cell"]]["value"] == entry["value"]
    if "derivation" in entry:
        assert rounds_to(evaluate(entry["derivation"]), entry["value"])
    if "setup" in entry:
        stated = SETUP[entry["setup"]]
        assert float(entry["value"]) in (stated if isinstance(stated, list) else [stated])
    if entry["status"] == "derived":
        assert {"cell", "derivation", "setup"} & set(entry) or entry["note"] == "from the released network"


def test_a_number_that_contradicts_others_stands_in_its_ledger_entry():
    entries = {entry["id"]: entry for entry in LEDGER["contradictions"]}
    marked = [entry for entry in PROSE if ":" in entry["status"]]
    assert {"3.63", "6.47", "3.76", "15.36"} <= {entry["value"] for entry in marked}
    for number in marked:
        entry = entries[number["status"].partition(":")[2]]
        printed = {line["printed"] for line in entry["arithmetic"]}
        assert number["value"] in printed or number["value"] in entry["explanation"], number


def test_a_difference_that_the_prose_derives_is_one_of_printed_numbers():
    known = {Fraction(cell["value"]) for cell in CELLS.values() if cell["value"]}
    known |= {Fraction(entry["value"]) for entry in BASELINES.values()}
    for entry in PROSE:
        if entry.get("unit") == "points" and "quoted from" not in entry.get("note", ""):
            assert literals(entry["derivation"]) <= known, entry


def test_the_annotated_faces_are_part_of_the_data_set_and_their_training_set_part_of_them():
    photos, annotated = numbers_of_the_prose("photos of CACD"), numbers_of_the_prose("photos of the annotated subset")
    assert photos > annotated > numbers_of_the_prose("training set of the subset")
    assert numbers_of_the_prose("celebrities of CACD") > numbers_of_the_prose("celebrities of the annotated subset")


def test_the_prose_names_the_cpu_and_the_gpu_of_the_times():
    assert [entry["value"] for entry in PROSE if entry.get("unit") == "name"] == [
        "Intel i7",
        "Nvidia GeForce GTX TITAN-X",
    ]


@each_number_of_the_prose
def test_a_quote_stands_in_its_section_of_the_paper(entry):
    assert entry["quote"] in sections()[entry["where"]]


def test_every_number_of_the_papers_prose_is_listed():
    missing = []
    for heading, text in sections().items():
        labels = [match.span() for match in LABELS.finditer(text)]
        quoted = defaultdict(list)
        for entry in PROSE:
            if entry["where"] == heading:
                quoted[entry["value"]] += [match.span() for match in re.finditer(re.escape(entry["quote"]), text)]
        for match in NUMERAL.finditer(text):
            of_this_value = [
                span
                for value, spans in quoted.items()
                if NUMERAL.fullmatch(value) and as_number(value) == as_number(match[0])
                for span in spans
            ]
            if not any(start <= match.start() and match.end() <= end for start, end in labels + of_this_value):
                missing.append((heading, text[max(0, match.start() - 30) : match.end() + 30]))
    assert missing == []


# Shares of the resolution loss


def read_shares():
    with open(ROOM / "shares.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


SHARES = read_shares()
HALF, FULL = (CELLS[f"table_1/{row}/top5_error_percent"]["value"] for row in ("VGG16 (112)", "VGG16 (224)"))


def test_every_method_whose_resolution_loss_is_printed_has_its_share():
    wanted = {
        cell["method"]
        for key, cell in CELLS.items()
        if cell["quantity"] == "top5_error_percent" and TABLES[key.partition("/")[0]]["backbone"] == "vgg16"
    }
    listed = [line["method"] for line in SHARES if line["full_network"] == "Table 2"]
    assert sorted(listed) == sorted(wanted)
    halves = {key.partition("/")[0] for key, cell in CELLS.items() if cell["method"] == "half"}
    assert {(TABLES[slug]["dataset"], TABLES[slug]["backbone"]) for slug in halves} == {("objects", "vgg16")}


@pytest.mark.parametrize("line", SHARES, ids=lambda line: f"{line['method']}, {line['full_network']}")
def test_a_share_is_what_is_left_of_the_resolution_loss_after_the_drop(line):
    assert CELLS[line["cell"]]["method"] == line["method"]
    error, loss = Fraction(CELLS[line["cell"]]["value"]), Fraction(HALF) - Fraction(FULL)
    full = FULL
    if line["full_network"] != "Table 2":
        base = BASELINES["vgg16", line["method"]]
        assert base["note"].startswith(f"{line['full_network']}:")
        full = base["value"]
    assert literals(line["derivation"]) - {Fraction(100)} == {error, *map(Fraction, (HALF, FULL, full))}
    share = 100 * (loss - (error - Fraction(full))) / loss
    assert evaluate(line["derivation"]) == share
    assert rounds_to(share, line["share_percent"])


def test_each_pruned_network_has_a_share_by_its_own_full_network_too():
    pruned = [method for backbone, method in BASELINES if backbone == "vgg16" and method != "wae_cnn"]
    assert sorted(line["method"] for line in SHARES if line["full_network"] != "Table 2") == sorted(pruned)


def test_half_resolution_wins_nothing_back_and_the_full_network_everything():
    share = {line["method"]: line["share_percent"] for line in SHARES if line["full_network"] == "Table 2"}
    assert (share["half"], share["full"]) == ("0.0", "100.0")
    errors = {line["method"]: Fraction(CELLS[line["cell"]]["value"]) for line in SHARES}
    assert sorted(share, key=lambda m: -Fraction(share[m])) == sorted(errors, key=errors.get)
