"""Optimisers of torch without the import of its compiler, which costs every training 1.4 s and compiles none of them.

torch hides some of their methods from the compiler, and imports it for that on first use. Here are the methods
themselves: the same code, so the same bits, whatever torch wraps around them.
"""

from inspect import unwrap

import torch


class SGD(torch.optim.SGD):
    """Stochastic gradient descent, not to be compiled."""

    add_param_group = unwrap(torch.optim.SGD.add_param_group)
    load_state_dict = unwrap(torch.optim.SGD.load_state_dict)
    state_dict = unwrap(torch.optim.SGD.state_dict)
    zero_grad = unwrap(torch.optim.SGD.zero_grad)
    step = torch.no_grad()(unwrap(torch.optim.SGD.step))


class Adam(torch.optim.Adam):
    """Adam (Kingma and Ba 2014), not to be compiled."""

    add_param_group = unwrap(torch.optim.Adam.add_param_group)
    load_state_dict = unwrap(torch.optim.Adam.load_state_dict)
    state_dict = unwrap(torch.optim.Adam.state_dict)
    zero_grad = unwrap(torch.optim.Adam.zero_grad)
    step = torch.no_grad()(unwrap(torch.optim.Adam.step))
