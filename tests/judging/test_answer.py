"""The answer that the report starts with, and the lines below it."""

from dataclasses import replace

import pytest

from study.judging.answer import ON_THE_METRIC, answer
from study.judging.endpoint import endpoints
from study.judging.machines import At
from study.judging.measured import Measured
from study.judging.registration import Registration
from study.judging.rows import rows
from study.judging.tables import compared
from study.paper import shares
from study.paper import tables as paper
from study.rendering import first_screen
from study.settings.protocol import protocol
from tests import made

TABLE_2 = paper.tables()[1]
AT = At("machine-1", "cpu", 1, 1)


def times(interval: bool = True) -> dict:
    """Full network and the paper's, on one machine."""
    found = {}
    for word, ms, speedup in (("full", 200.0, 1.0), ("wae_cnn", 80.0, 2.5)):
        ends = {"repeats": (speedup - 0.1, speedup + 0.1)} if interval and speedup > 1 else {}
        for condition in ("", AT.condition):
            found["", "vgg16", word, "cpu_ms", condition] = Measured(ms, "time", "AMD, 1 thread", at=AT)
            found["", "vgg16", word, "cpu_speedup", condition] = Measured(speedup, "time", "AMD", ends, at=AT)
    return found


def found(wrong: dict, seeds=made.SEEDS, timed: dict | None = None):
    results = made.results(wrong, seeds=seeds)
    numbers = made.measured(results) | (times() if timed is None else timed)
    judged = endpoints(made.places(results), shares.by_row(), "desk")
    every = rows(numbers, made.places(results), "desk")
    return answer(every, judged, compared(TABLE_2, numbers)), judged, every


WRONG = {"full": 10.0, "half": 30.0, "wae_cnn": {0: 13.0, 1: 14.0, 2: 15.0}}


def test_the_answer_has_the_measured_speed_beside_the_papers():
    speed, _ = first_screen.parts(found(WRONG)[0])
    assert speed.word == "2.50 times"
    assert "95 % of repeats 2.40 to 2.60" in speed.sentences[0]
    assert "the paper prints 3.13" in speed.sentences[0]
    assert len(speed.sentences) == 1  # nothing disturbed it


def test_a_speed_that_other_work_may_have_disturbed_decides_nothing():
    busy = At("machine-1", "cpu", 1, 1, busy=("load average 2",))
    speed, _ = first_screen.parts(found(WRONG, timed={key: replace(one, at=busy) for key, one in times().items()})[0])
    assert speed.sentences[-1] == "So it decides no claim."


def test_the_word_is_that_of_the_endpoint_and_no_other():
    whole, judged, _ = found(WRONG)
    words = {one.nearly_the_same_error for one in judged.rows if one.row == "wae_cnn"}
    assert whole.word == (words.pop() if len(words) == 1 else ON_THE_METRIC)
    _, error = first_screen.parts(whole)
    assert "wins back 80 %" in error.sentences[0]
    assert "by the paper 95 %" in error.sentences[0]
    assert "3 seeds, the protocol asks for 5." in error.sentences[-1]


def test_with_fewer_seeds_than_registered_no_word_is_said():
    few = protocol().seeds.least - 1
    wrong = {"full": 10.0, "half": 30.0, "wae_cnn": 14.0}
    whole = found(wrong, seeds=tuple(range(few)))[0]
    assert whole.word == ""
    _, error = first_screen.parts(whole)
    assert error.word == "No word"
    assert f"no word is said with fewer than {few + 1}" in error.sentences[-1]


def test_what_was_not_measured_is_said_so():
    nothing = found({}, timed={})[0]
    assert [part.word for part in first_screen.parts(nothing)] == ["Not measured", "Not measured"]


def test_the_papers_network_is_the_first_line_and_what_the_paper_lacks_the_last():
    whole, judged, every = found(WRONG | {"ca": 25.0, "space_to_depth": 20.0})
    lines = first_screen.lines(judged, every, [compared(TABLE_2, {})], "wae_cnn")
    assert [line.label for line in lines] == ["WAE+CNN", "cA alone", "Space-to-depth"]
    assert [line.chosen for line in lines] == [True, False, False]
    assert (lines[0].speedup, lines[0].paper_speedup, lines[0].paper) == ("2.50", "3.13", "95")
    assert lines[0].drawn.count('class="seed"') == 2 * 3  # errors, seeds
    assert whole.seeds == 3


@pytest.mark.parametrize(("before", "said"), [(("evaluation",), True), ((), False)])
def test_results_from_before_the_protocol_are_named(before, said):
    every = found(WRONG)[2]
    text = first_screen.basis(every, Registration("2026-11-28", "abc", before, {}))
    assert ("made before the protocol was registered" in text) == said
    assert "10 classes, 1,000 test images in 1,000 independent units" in text


def test_a_row_has_its_seeds_and_the_times_of_every_machine_once():
    every = found(WRONG)[2]
    (row,) = [row for row in every.rows if (row.dataset, row.backbone, row.method) == ("objects", "vgg16", "wae_cnn")]
    assert row.top1_per_seed == pytest.approx((13, 14, 15))
    assert [(one.method, one.where, one.registered) for one in every.times] == [
        ("full", AT.condition, True),
        ("wae_cnn", AT.condition, True),
    ]
    time = every.time("vgg16", "wae_cnn")
    assert time is not None
    assert (time.milliseconds, time.speedup, time.speedup_interval) == (80.0, 2.5, (2.4, 2.6))
