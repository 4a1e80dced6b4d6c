"""How a stage starts and ends."""

import re
from pathlib import Path

from study.settings.errors import InvalidData
from study.stages.entry import message


def test_a_fault_says_what_it_says():
    assert message(InvalidData("a.jpg: cannot be decoded; replace it\nb.jpg: too")) == (
        "a.jpg: cannot be decoded; replace it\nb.jpg: too"
    )


def test_a_fault_of_a_loading_process_is_its_last_line():
    text = (
        "Caught InvalidData in DataLoader worker process 0.\nOriginal Traceback (most recent call last):\n"
        '  File "loader.py", line 1\nstudy.settings.errors.InvalidData: a.jpg: cannot be decoded; replace it\n'
    )
    assert message(InvalidData(text)) == "a.jpg: cannot be decoded; replace it"


def test_every_stage_of_the_pipeline_looks_at_its_end_whether_code_and_parameters_stayed_as_they_were():
    stages = {file.stem: file.read_text(encoding="utf-8") for file in Path("study/stages").glob("[!_]*.py")}
    # The first stage writes what is looked at; `entry` is what all have in common.
    without = {name for name, text in stages.items() if not re.search(rf"Record\(\s*\"{name}\"", text)}
    assert without == {"preflight", "entry"}
    unchecked = {
        name
        for name, text in stages.items()
        if not re.search(r"record\.(check|close|fields_now)\(|record=record", text)
    }
    assert unchecked == {"preflight", "entry"}
