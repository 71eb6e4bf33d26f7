"""Many networks at once are those that one loop after another trains, and the course's versions are right."""

import pytest
import torch
from torch import nn

from helpers import ours
from helpers.data import wine
from helpers.many import GROUP, train_many

X, y = wine()


@pytest.fixture(scope="module")
def many():
    return train_many(torch.logspace(-3, 0, GROUP + 3), X, y, neurons=8, iterations=20, seed=3)


@pytest.mark.parametrize("number", [0, GROUP + 1])
def test_each_of_many_networks_is_the_one_that_a_loop_trains(many, number):
    torch.manual_seed(3)
    net = ours.make_network(8)
    optimizer = torch.optim.SGD(net.parameters(), lr=torch.logspace(-3, 0, GROUP + 3)[number].item())
    criterion = nn.CrossEntropyLoss()
    ours.fit(net, X, y, criterion, optimizer, 20)
    assert torch.allclose(many.losses(X, y)[number], criterion(net(X), y), atol=1e-5)
    assert many.accuracies(X, y)[number].item() == pytest.approx(ours.accuracy(net, X, y))


def test_training_many_leaves_the_random_state():
    torch.manual_seed(7)
    state = torch.get_rng_state()
    train_many(torch.tensor([0.1]), X, y, neurons=2, iterations=1)
    assert torch.equal(torch.get_rng_state(), state)
