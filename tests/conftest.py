from collections import Counter

import pytest
import torch


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Small networks gain nothing from a second thread, and lose much where the processor is shared."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need a GPU are skipped, and counted at the end, where there is none."""
    if not torch.cuda.is_available():
        for item in items:
            if item.get_closest_marker("gpu"):
                item.add_marker(pytest.mark.skip(reason="needs a GPU"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Seconds of each folder, the longest first: its tests with what was set up and taken down for them."""
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.partition("::")[0].rpartition("/")[0]] += report.duration
    if seconds:
        terminalreporter.section("seconds by folder")
        terminalreporter.write_line(", ".join(f"{folder} {spent:.0f}" for folder, spent in seconds.most_common()))
