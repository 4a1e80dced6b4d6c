"""How a stage starts and ends."""

import re
import sys
from pathlib import Path

import pytest
import torch

from study.settings.errors import InvalidData
from study.stages import entry
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


def test_every_fault_is_a_line_that_begins_with_error(monkeypatch):
    def main() -> None:
        raise InvalidData("a.jpg: broken\nb.jpg: too")

    monkeypatch.setattr(sys, "argv", ["stage"])
    monkeypatch.setattr(entry.signal, "signal", lambda *_: None)
    monkeypatch.setattr(entry, "keep_freed_memory", lambda: None)
    with pytest.raises(SystemExit) as left:
        entry.run(main)
    assert left.value.code == "error: a.jpg: broken\nerror: b.jpg: too"


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


def test_torch_starts_no_more_threads_than_a_quota_allows_unless_they_were_chosen(monkeypatch):
    before = torch.get_num_threads()
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(entry, "cores", lambda: 1)
    try:
        torch.set_num_threads(2)
        with monkeypatch.context() as chosen:
            chosen.setenv("OMP_NUM_THREADS", "2")
            entry.keep_to_cores()
        assert torch.get_num_threads() == 2
        entry.keep_to_cores()
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("error", "size"),
    [
        (MemoryError(), ""),
        (
            RuntimeError(
                "[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory: you tried to "
                "allocate 4000 bytes. Error code 12 (Cannot allocate memory)"
            ),
            " (asked for 4000 bytes)",
        ),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has"), " (asked for 2.00 GiB)"),
    ],
)
def test_too_little_memory_names_what_to_change(error, size):
    assert entry.out_of_memory(error, "desk") == (
        f"out of memory{size}; close other programs, or make the batches smaller in params.yaml: "
        "scales.desk.classifier.batch, finetune.batch, wae.batch"
    )


def test_another_error_is_not_taken_for_too_little_memory():
    assert entry.out_of_memory(RuntimeError("mat1 and mat2 shapes cannot be multiplied"), "desk") is None


def test_torch_says_so_where_memory_is_too_small():
    with pytest.raises(RuntimeError) as told:
        torch.empty(10**15)
    assert entry.out_of_memory(told.value, "desk").startswith("out of memory (asked for 4000000000000000 bytes);")
