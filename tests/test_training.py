"""The loops against a plain re-computation, and what they leave alone."""

import random

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from helpers import training
from helpers.models import MLP
from helpers.training import best_device, seed_everything


@pytest.fixture
def problem():
    """A loader with an uneven last batch (10 rows, 4 + 4 + 2), a network, a loss and an optimizer."""
    torch.manual_seed(0)
    X, y = torch.randn(10, 3), torch.randint(0, 4, (10,))
    net = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 4))
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    return DataLoader(TensorDataset(X, y), batch_size=4), net, nn.CrossEntropyLoss(), optimizer


def test_test_weighs_batches_by_their_samples(problem):
    loader, net, criterion, _ = problem
    X, y = loader.dataset.tensors
    epoch = training.test(loader, net, criterion)
    net.eval()
    assert epoch.loss == pytest.approx(criterion(net(X), y).item(), rel=1e-5)
    assert epoch.accuracy == (net(X).argmax(1) == y).float().mean().item()


@pytest.mark.parametrize(
    "targets", [torch.randn(6, 1), torch.randint(0, 9, (6, 1))], ids=["floats", "counts"]
)
def test_a_regression_has_no_accuracy(targets):
    loader = DataLoader(TensorDataset(torch.randn(6, 2), targets), batch_size=4)
    assert training.test(loader, MLP(2, 4, 1), lambda p, t: (p - t).abs().mean()).accuracy is None


def test_accuracy_of_a_network_that_returns_nan_is_zero():
    net = nn.Linear(2, 3)
    nn.init.constant_(net.weight, torch.nan)
    loader = DataLoader(TensorDataset(torch.ones(6, 2), torch.zeros(6).long()), batch_size=4)
    assert training.test(loader, net, nn.CrossEntropyLoss()).accuracy == 0


def test_loss_of_shape_one_counts_once():
    X, y = torch.randn(10, 2), torch.randn(10, 1)
    loader, net = DataLoader(TensorDataset(X, y), batch_size=4), nn.Linear(2, 1)
    shaped = training.test(loader, net, lambda p, t: ((p - t) ** 2).mean(dim=0))
    assert shaped.loss == pytest.approx(nn.MSELoss()(net(X), y).item(), rel=1e-5)


def test_batches_are_moved_to_where_the_weights_are(problem):
    seen = []

    def criterion(predictions, targets):
        seen.append(predictions.device == targets.device == torch.device("meta"))
        return torch.zeros(())

    training.test(problem[0], nn.Linear(3, 1, device="meta"), criterion)
    assert seen == [True] * 3


def test_test_changes_no_weights_and_records_no_graph(problem):
    loader, net, _, _ = problem
    before, recorded = nn.utils.parameters_to_vector(net.parameters()), []
    training.test(loader, net, lambda p, t: recorded.append(p.requires_grad) or p.mean())
    assert recorded == [False] * 3
    assert torch.equal(nn.utils.parameters_to_vector(net.parameters()), before)


def test_train_takes_the_steps_of_the_loop_written_out(problem):
    loader, net, criterion, optimizer = problem
    other = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 4))
    other.load_state_dict(net.state_dict())
    other_optimizer = torch.optim.SGD(other.parameters(), 0.1)

    torch.manual_seed(5)
    training.train(loader, net, criterion, optimizer)
    torch.manual_seed(5)
    other.train()
    for X, y in loader:
        other_optimizer.zero_grad()
        criterion(other(X), y).backward()
        other_optimizer.step()
    for w, expected in zip(net.parameters(), other.parameters(), strict=True):
        assert torch.equal(w, expected)


def test_dropout_is_on_in_training_and_off_in_testing_and_each_mode_as_it_was_afterwards(problem):
    loader, net, criterion, optimizer = problem
    seen = []
    net[0].eval()
    net[2].register_forward_hook(lambda module, *_: seen.append(module.training))
    training.train(loader, net, criterion, optimizer)
    training.test(loader, net, criterion)
    assert seen == [True] * 3 + [False] * 3
    assert net.training and net[2].training and not net[0].training


def test_empty_loader_gives_a_clear_error(problem):
    _, net, criterion, optimizer = problem
    empty = DataLoader(TensorDataset(torch.zeros(3, 3), torch.zeros(3).long()), batch_size=4, drop_last=True)
    with pytest.raises(ValueError, match="no batch"):
        training.train(empty, net, criterion, optimizer)


def test_interrupt_inside_a_step_leaves_gradients_on(problem):
    loader, net, criterion, optimizer = problem

    def interrupted_in_step(*_):
        torch.set_grad_enabled(False)  # as step() does for its own time; interrupted, it cannot undo it
        raise KeyboardInterrupt

    optimizer.register_step_pre_hook(interrupted_in_step)
    with pytest.raises(KeyboardInterrupt):
        training.train(loader, net, criterion, optimizer)
    assert torch.is_grad_enabled()


def test_device_that_is_announced_and_does_not_compute_is_passed_over(monkeypatch):
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda: torch.device("meta"))
    assert best_device() == torch.device("cpu")


@pytest.mark.parametrize("number", [int, np.int64])
def test_seed_everything_repeats_all_random_numbers(number):
    def draw(seed):
        seed_everything(number(seed))
        return random.random(), np.random.rand(), torch.rand(1).item()

    assert draw(7) == draw(7) != draw(8)
