"""The optimisers are torch's, bit for bit, and leave torch's compiler alone."""

import subprocess
import sys

import pytest
import torch

from study.training import optimisers

TRAINING = """
import sys, torch
from study.training.device import make_deterministic
from study.training.optimisers import SGD, Adam
make_deterministic(0)
layer = torch.nn.Linear(2, 1)
for optimiser in (SGD(layer.parameters(), lr=0.1, momentum=0.9), Adam(layer.parameters())):
    optimiser.zero_grad(set_to_none=True)
    layer(torch.ones(1, 2)).sum().backward()
    optimiser.step()
    optimiser.load_state_dict(optimiser.state_dict())
assert torch.are_deterministic_algorithms_enabled()
print("torch._dynamo" in sys.modules)
"""


def test_a_training_does_not_import_the_compiler():
    done = subprocess.run([sys.executable, "-c", TRAINING], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("ours", "theirs", "how"),
    [
        (optimisers.SGD, torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.0005}),
        (optimisers.Adam, torch.optim.Adam, {"lr": 0.002}),
    ],
)
def test_an_optimiser_takes_the_steps_of_torch_to_the_bit_also_from_a_stored_state(ours, theirs, how):
    ends = []
    for first, second in ((ours, ours), (theirs, theirs), (ours, theirs), (theirs, ours)):
        torch.manual_seed(0)
        layer = torch.nn.Linear(5, 3)
        images = torch.randn(8, 4, 5)
        optimiser = first(layer.parameters(), **how)
        for step, batch in enumerate(images):
            if step == 4:
                state = optimiser.state_dict()
                optimiser = second(layer.parameters(), **how)
                optimiser.load_state_dict(state)
            optimiser.zero_grad(set_to_none=True)
            layer(batch).square().sum().backward()
            optimiser.step()
        ends.append(torch.cat([value.flatten() for value in layer.state_dict().values()]))
    assert all(torch.equal(end, ends[0]) for end in ends)
