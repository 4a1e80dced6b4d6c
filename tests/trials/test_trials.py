"""How the trials judge and count; the trials themselves run by `make trials`."""

import random
from collections import Counter

import pytest

from trials import damage, folders, page
from trials.trial import Trial, difference, not_one_line_each


def test_the_table_counts_by_kind_what_was_tried_and_what_survived():
    tried = [Trial("kills", "a"), Trial("kills", "b", "other bits in x"), Trial("folders", "c")]
    rows = page.rows(tried)
    assert [(row.kind, row.tried, row.survived) for row in rows] == [("kills", 2, 1), ("folders", 1, 1)]
    assert page.failures(tried) == ["kills: b: other bits in x"]
    assert "Not survived" in page.page(rows, page.failures(tried)) and "Not survived" not in page.page(rows, [])


def test_a_row_is_replaced_when_its_kind_is_tried_again_and_the_others_stay():
    first = page.rows([Trial("kills", "a"), Trial("folders", "b")])
    again = page.rows([Trial("kills", "a"), Trial("kills", "b")])
    assert page.stored(page.page(first, [])) == first
    assert page.merged(page.stored(page.page(first, [])), again) == [again[0], first[1]]


@pytest.mark.parametrize(
    ("code", "stderr", "naming", "wrong"),
    [
        (1, "error: a.npy: broken\n", ["a.npy"], ""),
        (1, "error: a: one\nerror: b: two\n", [], ""),
        (1, "prepare: 50% 1/2 [00:00<00:00, 3 image/s]\rerror: a.npy: broken\n", ["a.npy"], ""),
        (0, "", [], "exit code 0: "),
        (1, "", [], "not a line for each fault: []"),
        (1, "Traceback (most recent call last):\nValueError: x\n", [], "not a line for each fault: "),
        (1, "error: something\n", ["a.npy"], "a.npy not named: error: something"),
        (-9, "", [], "exit code -9: "),
    ],
)
def test_a_fault_is_a_line_that_names_the_file(code, stderr, naming, wrong):
    found = not_one_line_each(code, stderr, naming)
    assert found.startswith(wrong) and bool(found) == bool(wrong)


def test_files_that_differ_are_named():
    assert difference({"a": "1", "b": "2"}, {"a": "1", "b": "2"}) == ""
    assert difference({"a": "1", "b": "2"}, {"a": "3", "c": "4"}) == "other bits in a, b, c"


@pytest.mark.parametrize("way", damage.WAYS)
def test_every_way_of_damage_changes_a_file(way):
    content = bytes(range(256)) * 40
    found = {damage.WAYS[way](content, random.Random(seed)) for seed in range(9)}
    assert content not in found
    if way == "one bit":
        changed = [sum((one ^ other).bit_count() for one, other in zip(content, each, strict=True)) for each in found]
        assert Counter(changed) == {1: len(found)}


@pytest.mark.parametrize("maker", folders.MAKERS, ids=lambda maker: maker.__name__)
def test_the_same_seed_makes_the_same_folder(maker, tmp_path):
    def made(name: str) -> list[str]:
        maker(tmp_path / name, random.Random(7))
        return sorted(ascii(str(path.relative_to(tmp_path / name))) for path in (tmp_path / name).rglob("*"))

    assert made("one") == made("two")
