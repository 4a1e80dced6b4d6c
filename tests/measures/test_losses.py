"""The objectives, by hand on tiny tensors."""

import math

import torch
from torch.testing import assert_close

from study.measures.losses import classification_loss, energy_loss, joint_loss, reconstruction_loss, transform_loss


def test_reconstruction_loss_sums_over_pixels_and_averages_over_the_batch():
    image = torch.zeros(2, 3, 2, 2)
    reconstructed = image.clone()
    reconstructed[0, 0, 0, 0] = 0.5  # first image: 0.25
    reconstructed[1, :, 1, 1] = 1.0  # second image: 3
    assert_close(reconstruction_loss(image, reconstructed), torch.tensor((0.25 + 3) / 2))


def test_energy_loss_is_the_batch_mean_of_the_squared_norm():
    high = torch.tensor([[[[1.0, -2.0]]], [[[0.0, 3.0]]]])
    assert_close(energy_loss(high), torch.tensor((1.0 + 4.0 + 9.0) / 2))


def test_lambda_weighs_the_energy_and_nothing_else():
    reconstruction = reconstruction_loss(torch.ones(1, 3, 2, 2), torch.zeros(1, 3, 2, 2))
    energy = energy_loss(torch.full((1, 3, 1, 1), 2.0))
    assert_close(transform_loss(reconstruction, energy, 0.0), torch.tensor(12.0))
    assert_close(transform_loss(reconstruction, energy, 0.5), torch.tensor(12.0 + 0.5 * 12.0))


def test_constant_scores_cost_the_logarithm_of_the_class_number_for_every_score_vector():
    scores, labels = torch.zeros(3, 10), torch.tensor([0, 4, 9])
    assert_close(classification_loss((scores,), labels), torch.tensor(math.log(10)))
    assert_close(classification_loss((scores, scores), labels), torch.tensor(2 * math.log(10)))


def test_gamma_weighs_the_transform_loss_in_the_joint_loss():
    assert_close(joint_loss(torch.tensor(2.0), torch.tensor(500.0), 0.001), torch.tensor(2.5))
