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
