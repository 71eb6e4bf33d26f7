"""The loops against a plain re-computation, and what they leave alone."""

import math
import random
import time

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from helpers import training
from helpers.models import MLP
from helpers.training import best_device, fit, seed_everything


@pytest.fixture
def problem():
    """A loader with an uneven last batch (10 rows, 4 + 4 + 2), a network, a loss and an optimizer."""
    torch.manual_seed(0)
    X, y = torch.randn(10, 3), torch.randint(0, 4, (10,))
    net = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 4))
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    return DataLoader(TensorDataset(X, y), batch_size=4), net, nn.CrossEntropyLoss(), optimizer


def batch_losses(loader, net, criterion):
    net.eval()
    with torch.no_grad():
        return [criterion(net(X), y).item() for X, y in loader]


def test_test_averages_by_samples_not_by_batches(problem):
    loader, net, criterion, _ = problem
    losses = batch_losses(loader, net, criterion)
    X, y = loader.dataset.tensors
    epoch = training.test(loader, net, criterion)
    assert epoch.loss == pytest.approx(criterion(net(X), y).item(), rel=1e-5)
    assert epoch.loss != pytest.approx(np.mean(losses), rel=1e-4)


def test_test_standard_deviation_weighs_by_samples(problem):
    loader, net, criterion, _ = problem
    losses, weights = batch_losses(loader, net, criterion), [4, 4, 2]
    mean = np.average(losses, weights=weights)
    expected = math.sqrt(np.average((np.array(losses) - mean) ** 2, weights=weights))
    assert training.test(loader, net, criterion).std == pytest.approx(expected, rel=1e-5)


def test_test_accuracy_is_the_fraction_of_right_samples(problem):
    loader, net, criterion, _ = problem
    X, y = loader.dataset.tensors
    net.eval()
    assert training.test(loader, net, criterion).accuracy == (net(X).argmax(1) == y).float().mean().item()


@pytest.mark.parametrize(
    "targets", [torch.randn(6, 1), torch.randint(0, 9, (6, 1))], ids=["floats", "counts"]
)
def test_accuracy_is_none_for_a_regression(targets):
    loader = DataLoader(TensorDataset(torch.randn(6, 2), targets), batch_size=4)
    assert training.test(loader, MLP(2, 4, 1), nn.MSELoss()).accuracy is None


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


def test_test_records_no_graph(problem):
    loader, net, _, _ = problem
    recorded = []
    training.test(loader, net, lambda p, t: recorded.append(p.requires_grad) or p.mean())
    assert recorded == [False] * 3


def test_batches_are_moved_to_where_the_weights_are(problem):
    net = nn.Linear(3, 4, device="meta")
    for inputs, targets in training.on_device_of(net, problem[0]):
        assert inputs.device == targets.device == torch.device("meta")


def test_test_changes_nothing_in_the_network(problem):
    loader, net, criterion, _ = problem
    net.train()
    net[0].eval()  # a mixture of modes, as with frozen layers
    before = {name: w.clone() for name, w in net.state_dict().items()}
    training.test(loader, net, criterion)
    assert [module.training for module in net] == [False, True, True, True]
    assert all(torch.equal(w, before[name]) for name, w in net.state_dict().items())
    assert all(p.grad is None for p in net.parameters())


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


def test_train_uses_training_mode_and_restores_the_mode(problem):
    loader, net, criterion, optimizer = problem
    seen = []
    net.register_forward_hook(lambda module, *_: seen.append(module.training))
    net.eval()
    training.train(loader, net, criterion, optimizer)
    assert seen == [True, True, True] and not net.training


def test_mode_is_restored_after_an_error(problem):
    loader, net, _, _ = problem
    net.train()
    with pytest.raises(ZeroDivisionError):
        training.test(loader, net, lambda *_: 1 / 0)
    assert net.training


def test_empty_loader_gives_a_clear_error(problem):
    _, net, criterion, optimizer = problem
    empty = DataLoader(TensorDataset(torch.zeros(3, 3), torch.zeros(3).long()), batch_size=4, drop_last=True)
    with pytest.raises(ValueError, match="no batch"):
        training.train(empty, net, criterion, optimizer)


def test_fit_keeps_one_number_per_epoch(problem, capsys):
    loader, net, criterion, optimizer = problem
    history = fit(loader, net, criterion, optimizer, epochs=3, test_loader=loader)
    keys = ["loss", "std", "accuracy", "seconds"]
    assert set(history) == {*keys, *(f"test_{key}" for key in keys)}
    assert all(len(values) == 3 for values in history.values())
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_train_measures_seconds(problem):
    loader, net, criterion, optimizer = problem
    slow = training.train(loader, net, lambda p, t: time.sleep(0.02) or criterion(p, t), optimizer)
    assert slow.seconds >= 0.06


def test_fit_leaves_accuracy_out_where_there_is_none():
    loader = DataLoader(TensorDataset(torch.randn(6, 2), torch.randn(6, 1)), batch_size=4)
    net = MLP(2, 4, 1)
    history = fit(loader, net, nn.MSELoss(), torch.optim.SGD(net.parameters(), 0.1), epochs=1, verbose=False)
    assert set(history) == {"loss", "std", "seconds"}


def test_interrupt_inside_a_step_leaves_gradients_on(problem):
    loader, net, criterion, optimizer = problem

    def interrupted_in_step(*_):
        torch.set_grad_enabled(False)  # as step() does for its own time; interrupted, it cannot undo it
        raise KeyboardInterrupt

    optimizer.register_step_pre_hook(interrupted_in_step)
    fit(loader, net, criterion, optimizer, epochs=1)
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
