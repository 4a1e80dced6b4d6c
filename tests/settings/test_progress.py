"""How far a training and the whole run are."""

import io
import sys

from study.settings import bars, progress


def test_in_a_file_a_bar_is_a_line_a_while_and_never_goes_back(monkeypatch):
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(bars, "SECONDS_BETWEEN_LINES", 0.0)
    with bars.progress_bar(total=3, desc="training") as bar:
        for _ in range(3):
            bar.update()
    lines = log.getvalue().splitlines()
    assert "\r" not in log.getvalue()
    assert lines[-1].startswith("training: 100%")
    assert all(line.startswith("training: ") for line in lines)


def test_a_short_training_says_nothing_before_its_end(monkeypatch):
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    list(bars.progress_bar(range(1000), desc="training"))
    assert len(log.getvalue().splitlines()) <= 1


SECONDS = {"prepare": 60.0, "train": 240.0, "tables": 60.0}


def test_what_is_left_is_what_the_plan_says_until_a_part_of_it_has_passed():
    assert progress.said(SECONDS, {"prepare": 1000.0}, 1000.0) == "Stage 1 of 3; about 6 minutes left for the run."


def test_a_machine_that_takes_twice_as_long_takes_twice_as_long_for_the_rest():
    started = {"prepare": 1000.0, "train": 1120.0, "tables": 1600.0}
    assert progress.said(SECONDS, started, 1600.0) == "Stage 3 of 3; about 2 minutes left for the run."


def test_a_stage_of_the_plan_is_announced_once_and_a_run_without_a_plan_goes_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    progress.announce("train")
    progress.begin(SECONDS)
    for stage in ("prepare", "prepare", "other", "train"):
        progress.announce(stage)
    assert [line.split(";")[0] for line in capsys.readouterr().out.splitlines()] == ["Stage 1 of 3", "Stage 2 of 3"]
    progress.file().write_text("{", encoding="utf-8")
    progress.announce("tables")
    assert capsys.readouterr().out == ""


def test_a_length_of_time_is_spoken_of_in_its_own_unit():
    said = [progress.duration(seconds) for seconds in (10, 60, 5400, 7200, 400_000)]
    assert said == ["less than a minute", "about 1 minute", "about 90 minutes", "about 2 hours", "about 5 days"]
