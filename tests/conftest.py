import pytest
import torch


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Small networks gain nothing from a second thread, and lose much where the processor is shared."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
