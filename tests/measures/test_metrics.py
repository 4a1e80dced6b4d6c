import math

import torch
from torch.testing import assert_close

from study.measures.metrics import psnr_db, top1_error_percent, true_class_rank


def test_the_rank_counts_the_classes_above_the_true_one():
    scores = torch.tensor([[0.1, 0.7, 0.2], [0.1, 0.7, 0.2], [0.1, 0.7, 0.2]])
    assert true_class_rank(scores, torch.tensor([1, 2, 0])).tolist() == [0, 1, 2]


def test_constant_scores_hit_the_first_class_alone():
    assert true_class_rank(torch.zeros(3, 3), torch.tensor([0, 1, 2])).tolist() == [0, 1, 2]


def test_two_misses_of_four_are_fifty_percent():
    scores = torch.eye(4)
    assert_close(top1_error_percent(scores, torch.tensor([0, 1, 3, 2])), torch.tensor(50.0))


def test_an_error_of_a_tenth_everywhere_is_twenty_decibels():
    image = torch.full((2, 3, 4, 4), 0.5)
    assert math.isclose(psnr_db(image, image + 0.1).item(), 20.0, abs_tol=1e-4)
